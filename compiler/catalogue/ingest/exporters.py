"""Readers of the keys of two exporters whose one method stands for many formats.

Sources: vllm 0.33.0 model_executor/layers/quantization/quark/quark.py (`get_scheme_cls`) and
inc/config_parser.py, inc/inc.py `from_config` (AutoRound).
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.ingest.fields import BadConfig, Fields
from servec.compiler.catalogue.ingest.spelling import Special, Spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape

CUT = {
    ("fp8_e4m3", "per_tensor"): "fp8_per_tensor",
    ("fp8_e4m3", "per_channel"): "fp8_per_channel",
    ("fp8_e4m3", "per_block"): "fp8_block128",
    ("int8", "per_tensor"): "int8_w8a8",
    ("int8", "per_channel"): "int8_w8a8",
    ("int4", "per_group"): "w4a16",
    ("uint4", "per_group"): "w4a16",
    ("fp4", "per_group"): "mxfp4",
    ("fp6_e3m2", "per_group"): "mxfp6",
    ("fp6_e2m3", "per_group"): "mxfp6",
}
"""Quark: scheme by the type of a weight and by what shares a scale."""
PACKED = {("int", 4): "gptq", ("int", 8): "gptq_int8", ("mx_fp", 4): "mxfp4", ("mx_fp", 8): "mxfp8"}
"""AutoRound: scheme by kind of number and bits; what is packed as AWQ is read as that."""


def quark(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """AMD Quark: one format for all layers, others for those that patterns name."""
    scheme, group = _quark_weight(said.sub("global_quant_config"))
    special: list[Special] = []
    rows = said.sub("layer_quant_config")
    for name in rows.data:
        if isinstance(rows.sub(name).data.get("weight"), (dict, list)):
            special.append((*_quark_weight(rows.sub(name)), (name,)))
    return Spelled(
        method="quark",
        scheme=scheme,
        default=scheme,
        native=scheme,
        block=(128, 128) if scheme == "fp8_block128" else (0, 0),
        group=group,
        kept=said.words("exclude"),
        special=tuple(special),
        mixed=any(held != scheme for held, _, _ in special),
        kv="fp8" if said.sub("export").length("kv_cache_group") else "",
    )


def _quark_weight(row: Fields) -> tuple[str, int]:
    """Scheme and group; a weight in two steps is FP4 with FP8 scales, or INT4 under FP8."""
    steps = row.data.get("weight")
    if isinstance(steps, list):
        kinds = [step.get("dtype") for step in steps if isinstance(step, dict)]
        if kinds == ["fp4", "fp8_e4m3"]:
            return "nvfp4", 16
        if kinds == ["fp8_e4m3", "int4"]:
            return "w4a8_fp8", 0
        raise BadConfig(f"`{row.where}weight` holds steps that are not known")
    weight = row.sub("weight")
    kind = (weight.word("dtype"), weight.word("qscheme"))
    scheme = CUT.get(kind)
    if scheme is None:
        raise BadConfig(f"`{weight.where}dtype` `{kind[0][:20]}` {kind[1][:20]} is not known")
    return scheme, weight.whole("group_size") if kind[1] == "per_group" else 0


def auto_round(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """Intel AutoRound: integers packed as GPTQ or AWQ pack them, or microscaled floats."""
    kind, bits = said.word("data_type", "int"), said.whole("bits", 4)
    scheme = PACKED.get((kind, bits), "")
    if not scheme:
        raise BadConfig(f"`{said.where}bits` {bits} of `{kind[:20]}` is not known")
    if bits == 4 and "awq" in said.word("packing_format"):
        scheme = "awq"
    rows = said.sub("extra_config")
    kept = tuple(_name(name) for name in rows.data if rows.sub(name).whole("bits", bits) >= 16)
    special = tuple(
        (PACKED[kind, other], 0, (_name(name),))
        for name in rows.data
        if (other := rows.sub(name).whole("bits", bits)) != bits and (kind, other) in PACKED
    )
    group = said.data.get("group_size")
    return Spelled(
        method="auto-round",
        scheme=scheme,
        default=scheme,
        native=said.word("packing_format"),
        group=group if isinstance(group, int) and group > 0 else 0,
        kept=kept,
        special=special,
        mixed=bool(special),
    )


def _name(name: str) -> str:
    """A module as lists of exceptions spell it: what holds signs of an expression is one."""
    return f"re:{name}" if re.search(r"[*+?^$()\[\]{}|\\]", name) else name
