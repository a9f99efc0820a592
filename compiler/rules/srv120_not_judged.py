"""An assert or a limit is not judged, because nothing predicts it.

Checks: there is a figure for everything that an assert, `limits.power` or `limits.cost` names.
Because: where the predictor abstains or the hardware table has no figure, a promise is neither
    kept nor broken. It is better to know that than to believe a check that did not run.
Wrong: hardware = h20 x 8; limits { cost <= 100 USD/h }
Right: hardware = h20 x 8; limits { context = 8Ki tokens }
Source: hardware table, price and power; predictor, when it abstains
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.document import Fleet
    from servec.dsl.spec import Assert, Bound, Spec


def of_assert(line: Assert, why: str = "") -> Diagnostic:
    """The warning on an assert for whose path the plan has no figure."""
    text = why or "nothing is predicted or decided for it, so it neither holds nor fails"
    return Diagnostic(
        "SRV120",
        "warning",
        f"assert on `{line.path}` is not judged"[:100],
        Label(line.span, "no figure for this"),
        (),
        (Figure("why", None, text),),
        (Fix("measure it, or drop the assert"),),
    )


def of_budget(fleet: Fleet, name: str, bound: Bound) -> Diagnostic:
    """The warning on a fleet's budget where a pool in use has no such figure."""
    figure = {"cost": "price", "power": "power"}[name]
    return Diagnostic(
        "SRV120",
        "warning",
        f"`budget.{name}` of fleet {fleet.name} is not judged: a pool has no {figure}"[:100],
        Label(bound.span, "no figure to compare it with"),
        (),
        (Figure("why", None, f"neither a pool in use nor the hardware table states its {figure}"),),
        (Fix(f"state it in each pool: {figure} = …"),),
    )


def of_limit(spec: Spec, path: str, hardware: str) -> Diagnostic:
    """The warning on `limits.power` or `limits.cost` where the hardware has no such figure."""
    name = path.partition(".")[2]
    figure = {"cost": "price", "power": "power"}[name]
    primary = at(spec, path, "no figure to compare it with")
    return Diagnostic(
        "SRV120",
        "warning",
        f"`{path}` is not judged: the {figure} of {hardware} is not known"[:100],
        primary,
        seconds(primary, at(spec, "hardware", f"no {figure} in the hardware table")),
        (
            Figure(
                "why", None, f"the {figure} of one device is missing; a fleet's pool can state it"
            ),
        ),
        (Fix(f"state it in a fleet: pool {{ {figure} = … }}"),),
    )
