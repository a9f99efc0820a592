"""Readers of each quantisation method's own keys.

Sources: the `from_config` of each method in vllm 0.33.0 model_executor/layers/quantization, the
compressed-tensors and ModelOpt export formats, mlx-lm 0.32.2 utils.py.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.exporters import auto_round, quark
from servec.compiler.catalogue.ingest.fields import BadConfig, Fields
from servec.compiler.catalogue.ingest.packed import (
    awq,
    bitsandbytes,
    gptq,
    mlx,
    signed_group,
    smooth_quant,
)
from servec.compiler.catalogue.ingest.spelling import Special, Spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape

BLOCKS = {(128, 128): "fp8_block128", (32, 32): "fp8_block32"}
ALGORITHMS = {
    "FP8": "fp8_per_tensor",
    "FP8_PER_CHANNEL_PER_TOKEN": "fp8_per_channel",
    "FP8_PB_WO": "fp8_block128",
    "FP8_PB_REAL": "fp8_block128",
    "NVFP4": "nvfp4",
    "NVFP4_AWQ": "nvfp4",
    "W4A16_NVFP4": "nvfp4",
    "MXFP8": "mxfp8",
    "MXFP4": "mxfp4",
    "W4A8_MXFP4_FP8": "mxfp4",
    "W4A16_AWQ": "awq",
    "W4A8_AWQ": "w4a8_fp8",
    "INT8_SQ": "int8_w8a8",
}


def fp8(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """DeepSeek's format and its kin: blocks, or one scale a tensor; experts may be FP4."""
    block = said.counts("weight_block_size")
    scheme = "fp8_per_tensor"
    if block:
        if len(block) != 2 or tuple(block) not in BLOCKS:
            raise BadConfig(f"`{said.where}weight_block_size` is not 128 x 128 or 32 x 32")
        scheme = BLOCKS[block[0], block[1]]
    special = _layers(said)
    dtype = said.word("expert_dtype") or shape.text.word("expert_dtype")
    experts = special[0][0] if special else "mxfp4" if dtype in ("fp4", "mxfp4") else ""
    return Spelled(
        method="fp8",
        scheme=scheme,
        default=scheme,
        native=said.word("quant_algo") or said.word("activation_scheme"),
        block=(block[0], block[1]) if block else (0, 0),
        kept=()
        if special
        else said.words("modules_to_not_convert") or said.words("ignored_layers"),
        special=special,
        expert_scheme=experts,
        by_experts=bool(special),
        kv=_kv(said, apart),
    )


def modelopt(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """NVIDIA ModelOpt: one algorithm with exceptions, or one for each named module."""
    algorithm = said.word("quant_algo") or apart.word("quant_algo")
    kept = said.words("ignore") or said.words("exclude_modules") or apart.words("exclude_modules")
    common = {"method": "modelopt", "native": algorithm, "kept": kept, "kv": _kv(said, apart)}
    if algorithm == "MIXED_PRECISION":
        special = _layers(said) or _layers(apart)
        if not special:
            raise BadConfig(f"`{said.where}quantized_layers` is missing")
        names = [scheme for scheme, _, _ in special]
        main = next((name for name in names if name.endswith("fp4")), names[0])
        experts = _experts_scheme(special)
        return Spelled(
            scheme=main,
            special=special,
            mixed=True,
            expert_scheme=experts,
            **common,  # type: ignore[arg-type]
        )
    scheme = _algorithm(algorithm, said)
    group = said.whole("group_size") or apart.whole("group_size")
    block = (128, 128) if scheme == "fp8_block128" else (0, 0)
    return Spelled(scheme=scheme, default=scheme, group=group, block=block, **common)  # type: ignore[arg-type]


def compressed_tensors(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """llm-compressor: groups of targets, each with a number format and a strategy."""
    special: list[Special] = []
    default, block, size = "", (0, 0), 0
    groups = said.sub("config_groups")
    for name in groups.data:
        group = groups.sub(name)
        scheme, cut, inputs = _number_format(group)
        targets = tuple(t for t in group.words("targets") if t != "Linear")
        if targets and len(targets) == len(group.words("targets")):
            special.append((scheme, inputs, targets))
        else:
            default, block, size = scheme, cut, inputs
    if not default and not special:
        raise BadConfig(f"`{said.where}config_groups` is missing")
    return Spelled(
        method="compressed-tensors",
        scheme=default or special[0][0],
        default=default,
        native=said.word("format"),
        block=block,
        group=size,
        kept=said.words("ignore"),
        special=tuple(special),
        mixed=len({default, *(s[0] for s in special)} - {""}) > 1,
        kv=_kv(said, apart),
    )


def mxfp4(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """gpt-oss: the experts alone."""
    kept = said.words("modules_to_not_convert")
    return Spelled(
        "mxfp4", "mxfp4", "mxfp4", native="mxfp4", kept=kept, experts_only=True, kv=_kv(said, apart)
    )


def fbgemm(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """Meta's FP8: one scale a row."""
    kept = said.words("modules_to_not_convert")
    return Spelled("fbgemm_fp8", "fp8_per_channel", "fp8_per_channel", "rowwise", kept=kept)


READERS = {
    "fp8": fp8,
    "modelopt": modelopt,
    "modelopt_fp4": modelopt,
    "compressed-tensors": compressed_tensors,
    "mxfp4": mxfp4,
    "fbgemm_fp8": fbgemm,
    "awq": awq,
    "gptq": gptq,
    "bitsandbytes": bitsandbytes,
    "smooth_quant": smooth_quant,
    "mlx": mlx,
    "quark": quark,
    "auto-round": auto_round,
    "auto_round": auto_round,
    "inc": auto_round,
}


def _algorithm(name: str, said: Fields) -> str:
    scheme = ALGORITHMS.get(name.upper())
    if scheme is None:
        raise BadConfig(f"`{said.where}quant_algo` `{name[:40]}` is not known")
    return scheme


def _layers(said: Fields) -> tuple[Special, ...]:
    """`quantized_layers`: modules by algorithm and group, as published or compacted."""
    rows = said.sub("quantized_layers")
    found: dict[tuple[str, int], list[str]] = {}
    for name in rows.data:
        row = rows.sub(name)
        key = (_algorithm(row.word("quant_algo"), row), row.whole("group_size"))
        found.setdefault(key, []).append(name)
    return tuple((scheme, group, tuple(names)) for (scheme, group), names in found.items())


def _experts_scheme(special: tuple[Special, ...]) -> str:
    for scheme, _, names in special:
        if any(".experts" in name for name in names):
            return scheme
    return ""


def _number_format(group: Fields) -> tuple[str, tuple[int, int], int]:
    """Scheme, block and group of one entry of `config_groups`."""
    weights, acts = group.sub("weights"), group.has("input_activations")
    bits, kind = weights.whole("num_bits", 8), weights.word("type", "int")
    strategy, size = weights.word("strategy"), signed_group(weights)
    if kind == "float" and bits == 8:
        if strategy == "block":
            return "fp8_block128", (128, 128), 0
        return ("fp8_per_channel" if strategy == "channel" else "fp8_per_tensor"), (0, 0), 0
    if kind == "float" and bits == 4:
        return ("nvfp4" if size == 16 else "mxfp4"), (0, 0), size
    if kind == "int" and bits == 8:
        return ("int8_w8a8" if acts else "int8_w8a16"), (0, 0), 0
    if kind == "int" and bits == 4:
        return ("w4a8_fp8" if acts else "w4a16"), (0, 0), size
    raise BadConfig(f"`{weights.where}num_bits` {bits} of `{kind[:20]}` is not known")


def _kv(said: Fields, apart: Fields) -> str:
    """The cache dtype that the checkpoint has scales for: `fp8`, `nvfp4` or none."""
    for fields in (said, apart):
        for key in ("kv_cache_quant_algo", "kv_cache_scheme"):
            value = fields.data.get(key)
            if isinstance(value, str):
                return {"FP8": "fp8", "NVFP4": "nvfp4"}.get(value.upper(), "")
            if isinstance(value, dict):
                return {8: "fp8", 4: "nvfp4"}.get(fields.sub(key).whole("num_bits"), "")
    return ""
