"""A tensor split leaves the fast link.

Checks: the ranks of one tensor split lie within one NVLink (xGMI, NVL72) domain; on cards that
    meet over PCIe, no more than four of them.
Because: a tensor split exchanges activations twice a layer. Inside a domain that runs at
    hundreds of GB/s, over a network or PCIe at 25 to 55 GB/s, and every token waits for it.
    Pipeline stages or attention replicas cross a slow link once a token.
Wrong: nodes = 2; fabric = ethernet; parallel { tensor = 16 }
Right: nodes = 2; fabric = ethernet; parallel { tensor = 8; pipeline = 2 }
Source: vllm 0.33.0 docs/serving/parallelism_scaling.md; hardware table, link and domain
"""

from __future__ import annotations

from servec.compiler.decide.degrees import fast_link, leaves_link
from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The warning on a planned case, else None."""
    if case.plan is None or case.device is None or not leaves_link(case, case.plan.degrees):
        return None
    spec, device, degrees = case.spec, case.device, case.plan.degrees
    link = fast_link(spec, device, case.nodes, case.devices_per_node)
    path = "parallel.tensor" if spec.setting("parallel.tensor") else "hardware"
    primary = at(spec, path, f"{degrees.tensor} ranks, the fast link joins {link}")
    slow = spec.word("fabric") or ("the network" if case.nodes > 1 else device.pcie or "PCIe")
    return Diagnostic(
        "SRV406",
        "warning",
        f"`tensor = {degrees.tensor}` splits every layer over {slow}",
        primary,
        seconds(
            primary,
            at(spec, "fabric" if case.nodes > 1 else "hardware", "the slow link"),
            at(spec, "nodes", f"{case.devices_per_node} devices in a node"),
        ),
        (
            Figure("domain", link, f"{device.name}: {link} devices in one fast domain"),
            Figure(
                "exchanges",
                2 * (case.model.layers if case.model else 1),
                f"two exchanges a layer: {2 * (case.model.layers if case.model else 1)} a token",
            ),
        ),
        _fixes(case, degrees, link),
    )


def _fixes(case: Case, degrees: Degrees, link: int) -> tuple[Fix, ...]:
    """Stages across the slow link where the runtime has them, else attention replicas."""
    from servec.compiler.decide.legal import serves
    from servec.compiler.plan import Degrees

    times = degrees.tensor // link if degrees.tensor % link == 0 else 0
    if not times:
        return ()
    moe = bool(case.model and case.model.experts)
    for name, stages, data in (("pipeline", times, 1), ("data", 1, times)):
        width = link * degrees.data * data
        expert = width if degrees.expert > 1 and moe else 1
        wanted = Degrees(
            link, degrees.pipeline * stages, degrees.data * data, degrees.context, expert
        )
        if not serves(case, wanted):
            continue
        values = {"parallel.tensor": str(link)}
        values["parallel." + name] = str(getattr(wanted, name))
        if case.spec.setting("parallel.expert"):
            values["parallel.expert"] = str(expert)
        title = f"tensor within the fast link, {name} {getattr(wanted, name)} across it"
        return (Fix(title, write(case.spec, values)),)
    return ()
