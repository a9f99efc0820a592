"""`servec.check` for commands: a wrong target is wrong usage."""

from __future__ import annotations

from servec import api
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.dsl.sources import Sources


def checked(
    sources: Sources,
    names: Sequence[str],
    target: str = "",
    wide: bool = False,
    deployment: str = "",
    brief: bool = False,
) -> api.Checked:
    """As `servec.check`; `UsageError` for a target that does not exist."""
    try:
        return api.check(
            sources, names, target=target, wide=wide, deployment=deployment, brief=brief
        )
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
