"""A pool has other hardware than the deployment was planned for.

Checks: the device kind of the pool is one of the deployment's `hardware`, and a node of the pool
    has at least as many devices as the deployment takes of one node.
Because: memory, legal splits and predictions hold for the hardware that the deployment names. On
    other devices the plan may not even start.
Wrong: fleet "west" {
      pool "big" { hardware = a100-80g x 8; nodes = 2 }
      place base { pool = big }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2 }
      place base { pool = big }
    }
Source: language reference, fleet
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.document import Place, Pool
    from servec.dsl.spec import Spec


def diagnose(place: Place, spec: Spec, pool: Pool) -> Diagnostic:
    """The finding on a place whose deployment `spec` does not fit the devices of `pool`."""
    here, own = pool.settings["hardware"].first, spec.settings["hardware"].first
    said = place.settings["pool"].first
    return Diagnostic(
        "SRV504",
        "error",
        f"pool {pool.name} is {here.text}, {place.deployment} is planned for {own.text}"[:100],
        Label(said.span, f"a pool of {here.text}"[:60]),
        (
            Label(here.span, "the pool's devices"),
            Label(own.span, "what the deployment is planned for"),
        ),
        (Figure("hardware", None, f"{here.text} against {own.text}"),),
        (Fix("plan the deployment for the pool's devices", (Edit(own.value_span, here.text),)),),
    )
