"""A quantisation at load as the precision that is served."""

from __future__ import annotations

from servec.targets.shared.capabilities import load_capabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Sheet


def read_weights(sheet: Sheet) -> None:
    """Say `--quantization X` of a checkpoint that is not quantised by the language's word.

    Where the catalogue has a checkpoint of that precision, the line's own is named beside it.
    """
    name, model = sheet.get("quantization"), sheet.model
    if not isinstance(name, str) or model is None or model.quant.method != "none":
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
