"""What a report may have served: the model, its precision, how it was cut and by which version."""

from __future__ import annotations

from servec.compiler.memory.account import Served
from servec.compiler.memory.measured.flags import (
    cache_word,
    degrees_of,
    length_of,
    load_of,
    number_of,
)
from servec.compiler.memory.measured.names import guessed, named_model, stored
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.device import Device
    from servec.compiler.memory.figures import Constants
    from servec.compiler.model import Model, Quant

OTHERS = ("ascend", "omni", "lvllm")
"""Words of versions of other runtimes that call themselves after vLLM."""


@record
class Context:
    """A row, read so far."""

    row: Mapping[str, object]
    given: Mapping[str, object]
    runtime: str
    dated: str
    device: Device | None
    table: Constants


def served_by(context: Context) -> tuple[Served | None, str]:
    """What was served, or why that is not known."""
    row, device = context.row, context.device
    name, version = str(row.get("model", "")), str(row.get("version", ""))
    if _another(version):
        return None, f"{version.split()[0]} is another runtime"
    if "not named" in name or not name:
        return None, "the model is not named"
    model = named_model(name)
    if model is None:
        return None, f"the catalogue has no `{name}`"
    if "gpus" not in row and device is None:
        return None, "the number of devices is not named"
    quant = stored(model, name, str(row.get("precision", "")), context.runtime)
    if isinstance(quant, str):
        return None, quant
    return as_served(context, model, quant), ""


def roughly_by(context: Context) -> tuple[Served | None, float]:
    """What may have been served, as a checkpoint that the catalogue lacks, and its error."""
    row = context.row
    name, version = str(row.get("model", "")), str(row.get("version", ""))
    model = named_model(name)
    if model is None or context.device is None or _another(version):
        return None, 0.0
    found = guessed(model, name, str(row.get("precision", "")))
    return (None, 0.0) if found is None else (as_served(context, model, found[0]), found[1])


def as_served(context: Context, model: Model, quant: Quant | None) -> Served:
    """The row as its flags say, by the defaults of the context's version."""
    row, given, device = context.row, context.given, context.device
    mtp, outcome = given.get("mtp"), str(row.get("outcome", ""))
    return Served(
        runtime=context.runtime,
        version=context.dated,
        model=model,
        degrees=degrees_of(row, given, context.runtime),
        load=load_of(given, model, device, context.table, context.runtime, outcome),
        quant=quant,
        kv=cache_word(given, context.runtime),
        arch=device.arch if device is not None else "",
        mtp=bool(mtp),
        spec_tokens=1 if mtp is True else int(number_of(given, "mtp") or 0),
        length=length_of(given, model, outcome),
        host=device is None or not device.unified,
        tower=not given.get("language_model_only"),
        partition=str(given.get("pp_layer_partition", "")),
        cached=model.hybrid and bool(given.get("prefix_cache", context.table.hybrid_cached)),
    )


def _another(version: str) -> bool:
    return any(word in version for word in OTHERS)
