"""Two deployments listen on one port of one node.

Checks: deployments that a fleet places on the same node have different ports: `api.port`, else the
    runtime's own; so do servers that a script which is read starts at once.
Because: the second server to start finds the port taken and ends.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; share = 50% }
      place other { pool = big; share = 50% }
    }

    deployment "other" {
      extends = [base]
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; share = 50% }
      place other { pool = big; share = 50% }
    }

    deployment "other" {
      extends = [base]
      api { port = 8009 }
    }
Source: language reference, api and fleet; vllm 0.33.0 and sglang 0.5.23 default ports 8000, 30000
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.fleet.wanted import Wanted
    from servec.dsl.document import Pool


def diagnose(pool: Pool, one: Wanted, other: Wanted, node: int) -> Diagnostic:
    """The finding on two places that share a node and a port."""
    spec = one.spec
    said = spec.setting("api.port")
    label = at(spec, "api.port", f"port {one.port}") if said else None
    primary = label or Label(one.place.name_span, f"listens on {one.port}")
    free = str(one.port + 1)
    return Diagnostic(
        "SRV506",
        "error",
        f"{one.spec.name} and {other.spec.name} both listen on port {one.port}"[:100],
        primary,
        (
            Label(
                other.place.name_span, f"also on {other.port}, on node {node} of {pool.name}"[:60]
            ),
        ),
        (Figure("port", one.port, f"node {node} of pool {pool.name} holds both"),),
        (Fix(f"let {spec.name} listen on {free}", write(spec, {"api.port": free})),),
    )
