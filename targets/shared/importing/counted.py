"""What a launch line leaves to be counted: its devices, nodes and sequences."""

from __future__ import annotations

from servec.targets.shared.capabilities import load_capabilities
from servec.targets.shared.importing.sheet import Sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.said import Said
    from servec.targets.shared.importing.sheet import Reader


def of_ranks(sheet: Sheet) -> int:
    """The nodes over which vLLM's data ranks are spread, where a line says how many are its own.

    A line that is judged is one of several; one that is read comes back as itself. Who says which
    rank it is starts that one: vllm 0.9.0 to 0.33.0 vllm/engine/arg_utils.py create_engine_config.
    """
    local, ranks = (sheet.whole(f"data-parallel-size{end}", 1) for end in ("-local", ""))
    alone = sheet.get("data-parallel-rank") is not None
    spread = alone or (sheet.get("data-parallel-size-local") is not None and local > 0)
    local = 1 if alone else local
    return ranks // local if spread and ranks % local == 0 else 1


def imply(sheet: Sheet, found: Said) -> None:
    """What variables of a line that is judged say in the place of options."""
    if not sheet.env:
        return
    from servec.targets.shared.importing.stood_for import stood_for

    implied = stood_for(sheet.table, sheet.env, found.options)
    sheet.said |= implied
    sheet.rest |= implied


def taken(sheet: Sheet, found: Said, reader: Reader) -> int:
    """The devices of a replica: a width that stays native takes its own all the same."""
    whole = Sheet(sheet.table, sheet.portable, found.options, sheet.env, sheet.model)
    reader(whole)
    return whole.devices


def whole_batch(sheet: Sheet) -> None:
    """Sequences of the whole replica, where the line counts those of one data rank."""
    number, ranks = sheet.fields.get("limits.batch"), sheet.fields.get("parallel.data", 1)
    if not isinstance(number, int) or ranks == 1:
        return
    shape = load_capabilities(sheet.table.runtime, sheet.table.version).topology
    dense = sheet.model is not None and not sheet.model.experts
    if shape.batch_per_rank or (dense and shape.copies_apart):
        sheet.fields["limits.batch"] = number * ranks
