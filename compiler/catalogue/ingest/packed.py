"""How checkpoints spell weights that are packed or kept in 8 bits, by group or by row."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.fields import BadConfig, Fields
from servec.compiler.catalogue.ingest.spelling import Spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape


def awq(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """AutoAWQ: four bits with zero points."""
    if said.whole("bits", 4) != 4:
        raise BadConfig(f"`{said.where}bits` is not 4")
    group, native = said.whole("group_size", 128), said.word("version", "gemm")
    kept = said.words("modules_to_not_convert")
    return Spelled("awq", "awq", "awq", native, group=group, kept=kept)


def gptq(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """GPTQ: four or eight bits; `desc_act` reorders rows, which some kernels refuse, and so
    are zero points (`sym` is false)."""
    bits = said.whole("bits", 4)
    if bits not in (4, 8):
        raise BadConfig(f"`{said.where}bits` is neither 4 nor 8")
    scheme = "gptq" if bits == 4 else "gptq_int8"
    return Spelled(
        "gptq",
        scheme,
        scheme,
        said.word("checkpoint_format", "gptq"),
        group=signed_group(said),
        head=said.flag("lm_head"),
        desc_act=said.flag("desc_act"),
        asymmetric=not said.flag("sym", True),
    )


def bitsandbytes(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """bitsandbytes: NF4 or INT8."""
    four = said.flag("load_in_4bit") or said.flag("_load_in_4bit")
    scheme = "bnb_nf4" if four else "bnb_int8"
    kept = said.words("llm_int8_skip_modules")
    return Spelled("bitsandbytes", scheme, scheme, scheme, kept=kept)


def smooth_quant(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """LMDeploy's own: 8 bits, of integers or of FP8, with a scale for each row."""
    scheme = "fp8_per_channel" if "float8" in said.word("quant_dtype") else "int8_w8a8"
    return Spelled("smooth_quant", scheme, scheme, "smooth_quant")


def mlx(shape: Shape, said: Fields, apart: Fields) -> Spelled:
    """mlx-lm: every matrix whose inputs divide by the group, embedding and head too."""
    mode = said.word("mode", "affine")
    scheme = f"mlx{said.whole('bits', 4)}" if mode == "affine" else mode
    if scheme not in ("mlx2", "mlx3", "mlx4", "mlx5", "mlx6", "mlx8", "mxfp4", "nvfp4", "mxfp8"):
        raise BadConfig(f"`{said.where}bits` or `mode` is not known")
    group = said.whole("group_size", 64)
    return Spelled("mlx", scheme, scheme, mode, group=group, head=True)


def signed_group(said: Fields) -> int:
    """The group size; -1 (one group a row) and null count as none."""
    return 0 if said.data.get("group_size") in (None, -1) else said.whole("group_size")
