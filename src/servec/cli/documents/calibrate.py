"""`servec.calibrate/1`: a parameter table fitted to measurements."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal


@record
class CalibrateDocument:
    """Output of `calibrate`.

    `kind`: `serving` or `edge`. `table`: the parameter table as it is written to a file, with its
    provenance; null where nothing could be fitted. `before` and `after`: errors of the table in use
    and of the new one on the file itself, by quantity, as `accuracy` has them.
    """

    schema: Literal["servec.calibrate/1"] = "servec.calibrate/1"
    kind: Literal["serving", "edge", ""] = ""
    table: Mapping[str, Any] | None = None
    before: Mapping[str, Mapping[str, Any]] = {}
    after: Mapping[str, Mapping[str, Any]] = {}
    error: str = ""
