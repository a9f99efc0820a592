"""`servec.hardware/1`: the table of devices."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal


@record
class DeviceDocument:
    """One device: bytes, bytes/s (links one way), dense operations/s, watts, USD/h; 0 is not known.

    `memory` is what a driver reports, `usable` what a process may take of it at most. `domain`:
    devices that the fast link joins. `source`: where each figure comes from.
    """

    name: str
    names: tuple[str, ...]
    id: str
    title: str
    vendor: str
    kind: str
    arch: str
    generation: str
    memory: int
    usable: int
    bandwidth: int
    flops: Mapping[str, int]
    native: tuple[str, ...]
    backends: tuple[str, ...]
    link: str
    link_bandwidth: int
    domain: int
    unified: bool
    power: int
    price: float
    confidence: str
    note: str
    source: Mapping[str, str]


@record
class HardwareDocument:
    """Output of `hardware`: every device for `list`, one for `show`."""

    schema: Literal["servec.hardware/1"] = "servec.hardware/1"
    devices: tuple[DeviceDocument, ...] = ()
    error: str = ""
