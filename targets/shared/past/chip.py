"""What a release from before the option tables asks of the chip that it runs on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.model import Model
    from servec.targets.shared.past.line import Past

BF16_CHIP = 80
HALVED = ("awq", "gptq")
"""Methods whose writers load a model in float16 unless they are told otherwise, and write that into
its config (AutoAWQ awq/models/base.py, AutoGPTQ auto_gptq/modeling/_base.py, from_pretrained): the
type of the model that was quantised says nothing.
"""
WIDER = (
    "opt",
    "gpt2",
    "gptj",
    "gpt_neo",
    "gpt_neox",
    "gpt_bigcode",
    "bloom",
    "mamba",
    "codegen",
    "t5",
    "mt5",
    "bart",
    "mbart",
    "persimmon",
    "bert",
    "roberta",
    "xlm-roberta",
    "distilbert",
    "mpnet",
)
"""Kinds of model from before bfloat16: an entry that states no type is none of that one."""


def chip_troubles(
    past: Past, model: Model | None, capability: int
) -> Iterator[tuple[str, str, str]]:
    """Code, title and reason of what a CUDA chip of this capability lacks."""
    release = past.release
    where = f"{release.runtime} {release.version}"
    said = {use.flag.lstrip("-"): use.values[0] for use in past.uses if use.values}
    if capability < BF16_CHIP and _bf16(past, said.get("dtype", "auto"), model):
        why = f"bfloat16 needs compute capability 8.0, here it is {_dotted(capability)}"
        yield "SRV304", f"{where} has no bf16 compute on this chip: `--dtype half`", why
    method = said.get("quantization") or (model.quant.method if model is not None else "")
    least = release.least(method) if method else 0
    if capability < least:
        why = (
            f"{method} needs compute capability {_dotted(least)}, here it is {_dotted(capability)}"
        )
        yield "SRV304", f"{where} does not run {method} on this chip", why


def _bf16(past: Past, dtype: str, model: Model | None) -> bool:
    from servec.targets.shared.past.ways import before

    if dtype in ("bfloat16", "bf16"):
        return True
    kept = before(past.release, "bf16_kept")
    stored = "" if model is None or model.model_type in WIDER else model.bits16
    if model is not None and model.quant.method in HALVED:
        return False
    return kept and dtype == "auto" and stored == "bf16"


def _dotted(capability: int) -> str:
    return f"{capability // 10}.{capability % 10}"
