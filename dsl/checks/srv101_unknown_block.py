"""Unknown block.

Checks: every block is one of those that its place has.
Because: a misspelt block would be dropped with all it says.
Wrong: precison { weights = fp8 }
Right: precision { weights = fp8 }
Source: language reference, "Blocks and fields"
"""

from __future__ import annotations

from servec.dsl.checks.other_names import block_called, portable
from servec.dsl.checks.pinned import runtimes
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label, Span
from servec.dsl.nearest import nearest
from servec.dsl.schema.language import blocks, field, fields
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.reader import Reader
    from servec.dsl.tree import Block, File


ROLES = ("prefill", "decode")
RUNTIME = ("runtime", "engine", "backend", "target", "server", "options", "args", "extra")
"""What other tools call the block of one runtime."""


def unknown_block(reader: Reader, node: Block, path: str) -> tuple[Diagnostic, tuple[str, ...]]:
    """A block that its place does not have, and the names near to it there.

    `path` is its place and name.
    """
    span = reader.span(node.start, node.start + len(node.name))
    if field(reader.place, path):
        title = f"{code(path)} is a field, not a block"
        return _finding(title, span, f"written {code(node.name + ' = value')}"), ()
    here = path[: len(path) - len(node.name)]
    if node.name in ROLES and reader.place == "deployment" and not here and not reader.role:
        title = f"{code(node.name)} is a role, and no block by itself"
        fix = Fix("say that it is a role", (Edit(span, f"role {node.name}"),))
        return _finding(
            title, span, f"written {code(f'role {node.name} {{ ... }}')}", (), (fix,)
        ), ()
    if "on" in blocks(reader.place) and not here and (found := _of_runtime(span, node)):
        return found, ()
    other = _elsewhere(reader, node.name, here)
    if other:
        title = f"the block {code(node.name)} stands in {other}"
        return _finding(title, span, "not in this block"), ()
    known = [
        name.removeprefix(here)
        for name, row in blocks(reader.place).items()
        if name.startswith(here) and (row.get("role") or not reader.role)
    ]
    known = [n for n in known if "." not in n]
    named = block_called(here + node.name)
    if named.removeprefix(here) in known:
        text = f"another name for {code(named)}"
        fix = Fix(f"say it as {code(named)}", (Edit(span, named.removeprefix(here)),))
        title = f"{holder(reader, here)} has no block {code(node.name)}"
        return _finding(title, span, text, (), (fix,)), ()
    if not nearest(node.name, known):
        meant = _meant(reader, node.name)
        if meant:
            return _a_field(
                span, f"{holder(reader, here)} has no block {code(node.name)}", meant
            ), ()
    return _unknown(span, node.name, holder(reader, here), known), nearest(node.name, known)


def _of_runtime(span: Span, node: Block) -> Diagnostic | None:
    """`vllm { … }`, `runtime vllm { … }`: what one runtime is told stands under `on`."""
    label = node.label.text if node.label is not None else node.name
    if label not in runtimes() or (node.label is not None and node.name not in RUNTIME):
        return None
    title = f"a deployment has no block {code(node.name)}"
    written = f"on {label} {{ ... }}"
    said = "on" if node.label is not None else f"on {label}"
    fix = Fix(f"say it as {code(written)}", (Edit(span, said),))
    return _finding(title, span, f"written {code(written)}", (), (fix,))


def _meant(reader: Reader, name: str) -> list[str]:
    """The fields of other blocks that a block's name is, or another name of."""
    paths = [f.path for f in fields(reader.place) if f.role or not reader.role]
    owners = [path for path in paths if path.endswith("." + name)]
    return owners or [path for path in (portable(name, paths),) if path]


def _a_field(span: Span, title: str, meant: list[str]) -> Diagnostic:
    """`speculative { method = mtp }` for `features { speculative = mtp }`."""
    owner, _, last = meant[0].rpartition(".")
    fix = Fix(f"say it as {code(f'{owner} {{ {last} = ... }}' if owner else f'{last} = ...')}")
    return _finding(title, span, clipped(f"a field: {codes(meant[:2])}", 60), (), (fix,))


def unknown_top_block(file: File, node: Block) -> Diagnostic:
    """A block at top level that is no deployment, profile or fleet."""
    span = Span(file.path, node.start, node.start + len(node.name))
    return _unknown(span, node.name, "a spec", list(blocks("top")))


def holder(reader: Reader, prefix: str) -> str:
    """The block that is read, in words: its name, or what it is."""
    if prefix:
        return code(prefix.rstrip("."))
    word = "role" if reader.role else reader.body.block.name
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _elsewhere(reader: Reader, name: str, here: str) -> str:
    """Where a block of that name stands, if it does."""
    if here and name in blocks(reader.place):
        return holder(reader, "")
    if reader.role and here + name in blocks("deployment"):
        return "the deployment, not in a role"
    for path in blocks(reader.place):
        if path.endswith("." + name):
            return code(path[: -len(name) - 1])
    if reader.place == "deployment" and name in blocks("fleet"):
        return "a fleet"
    if reader.place != "deployment" and name in blocks("deployment"):
        return "a deployment"
    return ""


def _unknown(span: Span, name: str, where: str, known: list[str]) -> Diagnostic:
    near = nearest(name, known)
    text = f"did you mean {codes(near)}?" if near else "unknown"
    figures = () if near else (Figure("blocks", None, f"blocks of {where}: {', '.join(known)}"),)
    fixes = tuple(Fix("correct the name", (Edit(span, n),), len(near) == 1) for n in near[:1])
    title = f"{where} has no block {code(name)}"
    return _finding(title, span, text, figures if known else (), fixes)


def _finding(
    title: str,
    span: Span,
    text: str,
    figures: tuple[Figure, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    return Diagnostic("SRV101", "error", title, Label(span, text), (), figures, fixes)
