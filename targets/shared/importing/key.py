"""An API key of a launch: named by its variable, never written."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Sheet


def read_key(sheet: Sheet, variable: str) -> None:
    """Say the key of `--api-key`, or of the runtime's own variable, by that variable."""
    if sheet.get("api-key") is not None or variable in sheet.variables:
        sheet.field("api.key_env", variable, "api-key")
        sheet.variables.pop(variable, None)
