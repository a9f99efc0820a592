"""The network between the nodes of a replica: how fast it is, and which groups cross it.

Nothing over several nodes was measured, so these are data-sheet rates and the latencies that NCCL
itself reckons with; `abstain` widens the bands for it.
"""

from __future__ import annotations

from servec.compiler.decide.degrees import fast_link
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

ADAPTERS: dict[str, float] = {"ampere": 25e9, "ada": 25e9}
ADAPTER = 50e9
"""Bytes per second one way of the adapter each device has: 400 Gb/s (eight ConnectX-7 in a DGX
H100 or B200), 200 Gb/s before (eight ConnectX-6 in a DGX A100); their user guides by NVIDIA."""
ETHERNET = 12.5e9
"""Of plain Ethernet: 100 Gb/s for a whole node, a choice."""
HOP = 14e-6
"""Seconds that a collective over nodes waits for each doubling of them: NVIDIA/nccl,
src/graph/tuning.cc, `hwLat` of the network with the simple protocol."""


@record
class Fabric:
    """`reach` devices share the fast link; a group that is wider crosses nodes at `bandwidth`
    (bytes/s one way of all adapters of a node) with `hop` seconds for each doubling."""

    reach: int
    bandwidth: float
    hop: float


def fabric(case: Case) -> Fabric | None:
    """The network of a case whose replica has several nodes; None where all is one fast link."""
    plan, device = case.plan, case.device
    assert plan is not None and device is not None
    if plan.nodes == 1:
        return None
    reach = fast_link(case.spec, device, plan.nodes, plan.devices_per_node)
    if reach >= plan.gpus:
        return None
    if case.spec.word("fabric") == "ethernet":
        return Fabric(reach, ETHERNET, HOP)
    adapter = ADAPTERS.get(device.generation, ADAPTER)
    return Fabric(reach, adapter * plan.devices_per_node, HOP)
