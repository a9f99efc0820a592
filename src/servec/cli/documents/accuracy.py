"""`servec.accuracy/1`: predictions against a file of measurements."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal


@record
class AccuracyDocument:
    """Output of `accuracy`.

    `quantities`: for each measured quantity, in the file's own name and unit, how many rows were
    predicted (`n`) and how many `abstained`, relative errors without sign, and the share of rows
    inside the band; figures are null where no row has a prediction. `groups`: the same by runtime
    and hardware. `fit`: verdicts on what started and what ran out of memory. `promises`: by
    quantity, how many verdicts on latency bounds are right, at bounds that people write (`fixed`)
    and from half to twice the measured value (`around`): of `n` bounds the shares `unsure`,
    `nearer` (the figure itself on the right side) and `right` (a right verdict), and `sure`, right
    of those given. `rows`: every measured value; `abstained` is the reason why nothing is
    predicted, null where something is.
    """

    schema: Literal["servec.accuracy/1"] = "servec.accuracy/1"
    quantities: Mapping[str, Mapping[str, Any]] = {}
    groups: Mapping[str, Mapping[str, Any]] = {}
    fit: Mapping[str, Any] = {}
    promises: Mapping[str, Mapping[str, Mapping[str, Any]]] = {}
    rows: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
