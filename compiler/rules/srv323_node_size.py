"""More devices in one node than any machine holds.

Checks: `hardware` counts the devices of one node, and machines with so many of that kind exist:
    boards whose cards all meet over NVLink (from A100 on) or xGMI hold eight, trays of a rack four,
    and other cards stand sixteen to a machine at most, unless a cloud has a larger one.
Because: the launch is written for one machine, which then does not find its devices: several
    nodes need an address, a rank each and a network, and their plan is another.
Wrong: target = vllm; hardware = h200 x 16
Right: target = vllm; hardware = h200 x 8; nodes = 2
Source: compiler/facts/instances.json; docs.nvidia.com/ai-enterprise, "NVIDIA NVSwitch" (boards of
    HGX); mlcommons/inference_results_v6.1, systems of GB200 (accelerators per node)
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.target import Case

BOARD = 8
"""Devices of a board whose links join all of them."""
TRAY = 4
"""Devices of one node of a rack, whose links join more than a board's."""
SLOTS = 16
"""Cards without such a board that one machine holds at most, as 16 V100 behind one switch."""
FIRST = 80
"""The first compute capability of NVIDIA whose boards are of eight (A100)."""


def check(case: Case) -> Diagnostic | None:
    """The warning on a planned case, else None."""
    device, count = case.device, case.devices_per_node
    most = largest(device) if device is not None and device.kind == "gpu" else 0
    if device is None or not most or count <= most:
        return None
    primary = at(case.spec, "hardware", f"{count} in each node")
    return Diagnostic(
        "SRV323",
        "warning",
        f"no machine that is known here holds {count} {device.name}",
        primary,
        seconds(primary, stated(case.spec, "nodes", "nodes")),
        (
            Figure("largest", most, f"{most} {device.name} in the largest machine known"),
            Figure("meaning", None, "`hardware` counts the devices of one node, `nodes` the nodes"),
        ),
        _fixes(case, device, most),
    )


def largest(device: Device) -> int:
    """How many of a kind the largest machine known holds."""
    from servec.compiler.catalogue.instances import most_of

    if device.domain > BOARD:
        return TRAY
    board = device.domain == BOARD and (device.vendor != "nvidia" or device.capability >= FIRST)
    return max(BOARD if board else SLOTS, most_of(device.name))


def _fixes(case: Case, device: Device, most: int) -> tuple[Fix, ...]:
    count = case.devices_per_node
    if case.spec.setting("nodes") or count % most:
        return (Fix(f"say at most {most} in a node, and how many `nodes`"),)
    values = {"hardware": f"{device.name} x {most}", "nodes": str(count // most)}
    return (Fix(f"say it as {count // most} nodes", write(case.spec, values)),)
