"""Which matrices a checkpoint's lists of modules mean, in the four spellings that are in use.

Names (fp8, awq: a name also means what is below it), globs with `*` (ModelOpt), `re:` expressions
(compressed-tensors), and single words that match any part of a name (MiniMax `gate`).
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.modules import layers_of
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = {
    "self_attn": "attn",
    "linear_attn": "attn",
    "attention": "attn",
    "self_attention": "attn",
    "block_sparse_moe": "mlp",
    "feed_forward": "mlp",
    "ffn": "mlp",
    "moe": "mlp",
    "shared_expert": "shared_experts",
    "share_expert": "shared_experts",
    "shared_mlp": "shared_experts",
    "w1": "gate_proj",
    "w3": "up_proj",
    "w2": "down_proj",
    "in_proj_a": "in_proj_ba",
    "in_proj_b": "in_proj_ba",
    "router": "gate",
}
HEADS = ("lm_head", "head", "output_layer", "output")
SAFE = re.compile(r"(?:[\w/-]|\\\.|\.\*|\.|\^|\$|\((?:\?:)?(?:[\w|]|\\\.)+\)|\[0-9\]\+?|\\d\+?)*")
MOST_WILD = 4


@record
class Pattern:
    """`layers`: those it holds in, None = all. `scope`: `layer`, `mtp`, `head` or `any`.

    `glob`: the module below the layer, in the spelling of `tally.Matrix.name`, with `*`.
    `expression`: a compiled `re:` pattern on the published name, else None.
    """

    scope: str
    layers: frozenset[int] | None
    glob: str
    expression: re.Pattern[str] | None = None

    def holds(self, name: str) -> bool:
        """Whether it means the matrix `name` of a layer it holds in."""
        if self.expression is not None:
            return bool(self.expression.match(f"model.layers.0.{_published(name)}"))
        if self.scope == "any" and "." not in self.glob and "*" not in self.glob:
            return self.glob in name.split(".")
        subject = f"_.{name}" if self.glob.startswith("*.") else name
        return _glob(self.glob, subject)


def read_patterns(names: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns of a list, compacted or not; what no matrix of a model can match is left out."""
    found: list[Pattern] = []
    for name in names:
        if name.startswith("re:"):
            found += _expression(name[3:])
        else:
            found += _plain(name)
    return tuple(found)


def _plain(name: str) -> tuple[Pattern, ...]:
    head, layers, tail = layers_of(name)
    if layers is None:
        found = re.match(r"(.*?\blayers\.)(\d{1,4}|\*)(?=[.*]|$)(.*)", name)
        if found:
            number = found.group(2)
            head, tail = found.group(1), found.group(3)
            layers = None if number == "*" else frozenset((int(number),))
        elif name.startswith("mtp"):
            return (Pattern("mtp", None, _canonical(name.partition(".")[2] or "*")),)
        else:
            return _outside(name)
    scope = "mtp" if head.startswith("mtp") else "layer"
    if "vision" in head or "visual" in head:
        return ()
    globs = _variants(tail.removeprefix(".") or "*")
    return tuple(Pattern(scope, None if scope == "mtp" else layers, glob) for glob in globs)


def _outside(name: str) -> tuple[Pattern, ...]:
    last = name.rpartition(".")[2].rstrip("*")
    if last in HEADS:
        return (Pattern("head", None, "*"),)
    if name.startswith("*.") or "." not in name:
        return (Pattern("any", None, _canonical(name)),)
    return ()


def _variants(tail: str) -> tuple[str, ...]:
    """Nemotron calls every block `mixer`, so there it may mean either kind."""
    if tail == "mixer" or tail.startswith(("mixer.", "mixer*")):
        rest = tail[len("mixer") :]
        return (_canonical("attn" + rest), _canonical("mlp" + rest))
    return (_canonical(tail),)


def _canonical(tail: str) -> str:
    parts = [part for part in tail.split(".") if not part.isdecimal()]
    out = []
    for part in parts:
        stem = part.rstrip("*")
        out.append(WORDS.get(stem, stem) + part[len(stem) :])
    if out[0].rstrip("*") == "gate" and len(parts) > 1:
        out[0] = parts[0]
    return _top_router(tail) or ".".join(out)


def _top_router(tail: str) -> str:
    """Gemma 4 has its router beside the block, not in it."""
    return tail if tail.startswith("router") else ""


def _expression(text: str) -> tuple[Pattern, ...]:
    """A `re:` pattern, if it can be matched in bounded time; others are left out."""
    if len(text) > 200 or not SAFE.fullmatch(text) or text.count(".*") > MOST_WILD:
        return ()
    try:
        found = re.compile(text)
    except re.error:
        return ()
    scopes = ("layer", "head") if "head" in text else ("layer",)
    return tuple(Pattern(scope, None, "*", found) for scope in scopes)


def _published(name: str) -> str:
    return f"self_{name}" if name.startswith("attn.") else name


def _glob(glob: str, name: str) -> bool:
    """Match with `*`; without one, a name also means all that is below it."""
    if "*" not in glob:
        return name == glob or name.startswith(glob + ".")
    first, *rest = glob.split("*")
    if not name.startswith(first):
        return False
    place = len(first)
    for piece in rest[:-1]:
        place = name.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return len(name) - len(rest[-1]) >= place and name.endswith(rest[-1])
