"""A quantisation at load as the precision that is served."""

from __future__ import annotations

from servec.targets.shared.capabilities import load_capabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.targets.shared.importing.sheet import Sheet


ITSELF = {
    ("fp8", ""): "fp8",
    ("modelopt", "nvfp4"): "modelopt_fp4",
    ("modelopt", "fp8_per_tensor"): "modelopt",
    ("compressed-tensors", ""): "compressed-tensors",
}
"""Method and scheme of a checkpoint to what both runtimes make of its config, whatever a line says.

vllm 0.33.0 vllm/config/model.py _verify_quantization, sglang 0.5.23 srt/configs/model_config.py the
same: the config's own method, and the line's has to be that.
"""


def says_itself(model: Model, name: str) -> bool:
    """Whether a checkpoint's own config says what a line says of its weights."""
    quant = model.quant
    keys = ((quant.method, quant.scheme), (quant.method, ""))
    return any(ITSELF.get(key) == name for key in keys)


def read_weights(sheet: Sheet) -> None:
    """Say `--quantization X` by the language's word.

    Where the catalogue has a checkpoint of that precision, the line's own is named beside it.
    """
    name, model = sheet.get("quantization"), sheet.model
    if not isinstance(name, str) or model is None:
        return
    if model.quant.method != "none":
        if says_itself(model, name):
            sheet.field("precision.weights", model.quant.weights, "quantization")
        return
    able = load_capabilities(sheet.table.runtime, sheet.table.version)
    for word, scheme in able.quantize_at_load.items():
        support = able.precisions.get(scheme)
        if support is not None and name in (support.flag, *support.spelt):
            from servec.compiler.catalogue.models import variant

            sheet.field("precision.weights", word, "quantization")
            if variant(model, word) is not None:
                sheet.field("checkpoint.repo", model.id)
            return
