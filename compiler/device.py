"""What the compiler knows of a device: memory, rates, links and what it multiplies natively."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Vendor = Literal[
        "nvidia",
        "amd",
        "apple",
        "intel",
        "google",
        "huawei",
        "hygon",
        "moorethreads",
        "metax",
        "baidu",
        "cambricon",
        "amazon",
        "arm",
        "broadcom",
        "any",
    ]


@record
class Device:
    """One accelerator (or CPU socket, or Apple chip).

    `name` is what a spec writes (`h200`), `id` the row of the hardware table. `arch` is the key of
    the precision tables (`sm90`, `gfx942`, `apple-metal`, `cpu-x86`, `cpu-arm`, …), `capability`
    the CUDA compute capability times ten (90), 0 elsewhere. Bytes, bytes/s (links: one way),
    operations per second (dense). 0 = not known. `memory` is what the driver reports; `usable` the
    part a process may take at most (unified-memory systems keep a share), in bytes. `domain`:
    devices that reach each other over the fast link. `price` in USD/h and `power` in W for one
    device, 0 = not known. `aside`: never chosen or proposed, only judged where it is said: laptop
    chips, cards out of sale, parts for one country.
    """

    name: str
    id: str
    vendor: Vendor
    kind: Literal["gpu", "cpu", "apple", "tpu", "npu", "hpu", "any"]
    arch: str
    generation: str
    capability: int
    memory: int
    usable: int
    bandwidth: int
    flops: Mapping[str, int]
    native: frozenset[str]
    backends: frozenset[str]
    link: str
    link_bandwidth: int
    domain: int
    pcie: str = ""
    unified: bool = False
    edge: bool = False
    power: int = 0
    power_modes: tuple[int, ...] = ()
    price: float = 0.0
    aside: bool = False
    source: str = ""
    note: str = ""

    @property
    def any(self) -> bool:
        """Whether the kind was not stated (`any x 8`): nothing about it is known."""
        return self.kind == "any"

    @property
    def bare(self) -> bool:
        """Whether only the architecture is known: neither memory nor rates are."""
        return not self.any and not self.bandwidth
