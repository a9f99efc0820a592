"""`servec.compile` for commands: what a user may mistype is wrong usage."""

from __future__ import annotations

from servec import api
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from servec.dsl.sources import Sources


def compiled(sources: Sources, names: Sequence[str], args: Namespace) -> api.Compiled:
    """As `servec.compile` with the options of the command line.

    `UsageError` for a target or form that does not exist, and a deployment that no spec has.
    """
    from servec.targets.shared.artifacts.forms import FORMS

    forms = tuple(dict.fromkeys(word for word in args.form.split(",") if word))
    for form in forms:
        if form not in FORMS:
            raise UsageError(f"there is no form {form!r}; there are {', '.join(FORMS)}")
    try:
        made = api.compile(
            sources,
            names,
            target=args.target,
            deployment=args.deployment,
            forms=forms,
            strict=args.strict,
        )
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
    if args.deployment and not made.result.deployments and not made.failed:
        raise UsageError(f"there is no deployment {args.deployment!r} in {', '.join(names)}")
    return made
