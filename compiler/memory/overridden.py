"""Weights that llama.cpp's `--override-tensor` leaves on the host: patterns of tensor names.

`pattern=buffer`, with commas; the first pattern found in a name says where the tensor lies
(llama.cpp b11549 common/arg.cpp parse_tensor_buffer_overrides, src/llama-model-loader.cpp
create_tensor: std::regex_search). Names are those of src/llama-arch.cpp; of one that is placed on a
device only that it is no longer elsewhere is counted.
"""

from __future__ import annotations

import re

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.kv import LayerCache
    from servec.compiler.memory.sums import GroupBytes, Sums

MOST = 400
"""Characters of patterns that are followed."""
NESTED = re.compile(r"[*+}]\)*[*+{]|\([^()]*[*+][^()]*\)[*+{]")
"""A repetition of a repetition, which may take for ever."""
PARTS = {
    "split": ("attn_q", "attn_output"),
    "kv": ("attn_k", "attn_v"),
    "dense": ("ffn_gate", "ffn_up", "ffn_down"),
    "expert": ("ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"),
    "shared": ("ffn_gate_shexp", "ffn_up_shexp", "ffn_down_shexp"),
    "router": ("ffn_gate_inp",),
}
"""Tensors of a layer by the part of the sum that they are, each an equal share of it."""


def rules(text: str) -> list[tuple[re.Pattern[str], bool]] | None:
    """The patterns in order, and whether each leaves on the host; None where they are not followed:
    too long, no pattern for Python, or one that may take for ever."""
    if len(text) > MOST or NESTED.search(text):
        return None
    found = []
    for item in text.split(","):
        pattern, equals, buffer = item.rpartition("=")
        try:
            found.append((re.compile(pattern), buffer == "CPU" or buffer.endswith("_Host")))
        except re.error:
            return None
        if not equals or not pattern:
            return None
    return found


def stripped(
    parts: Sums, layers: tuple[LayerCache, ...], text: str
) -> tuple[Sums, tuple[LayerCache, ...]]:
    """The sums and layer caches without what stays on the host; both have as many groups."""
    placed = rules(text) or []
    made: dict[tuple[int, tuple[float, ...]], int] = {}
    order = []
    for number, group in enumerate(parts.order):
        shares = tuple(_on_device(number, names, placed) for names in PARTS.values())
        order.append(made.setdefault((group, shares), len(made)))
    groups = tuple(
        replace(_cut(parts.groups[group], shares), count=order.count(place))
        for (group, shares), place in made.items()
    )
    caches = tuple(layers[group] for group, _ in made)
    return replace(parts, groups=groups, order=tuple(order)), caches


def _on_device(
    number: int, names: tuple[str, ...], placed: list[tuple[re.Pattern[str], bool]]
) -> float:
    """The share of these tensors of a layer that no pattern leaves on the host."""
    kept = 0
    for name in names:
        tensor = f"blk.{number}.{name}.weight"
        kept += not next((host for pattern, host in placed if pattern.search(tensor)), False)
    return kept / len(names)


def _cut(group: GroupBytes, shares: tuple[float, ...]) -> GroupBytes:
    sizes = {name: getattr(group, name) * share for name, share in zip(PARTS, shares, strict=True)}
    return replace(group, **sizes)
