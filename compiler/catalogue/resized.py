"""Devices by the memory that their name states: rebuilt cards and slices (`rtx-4090-48g`), and what
else is known of a card by its memory alone (`any-80g`) or its architecture (`sm75-11g`)."""

from __future__ import annotations

import re

from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device

GIB = 2**30
SAME, LEAST, MOST = 0.12, 1 / 10, 4
"""Stated memory is the card's own up to the first share, and not believed beyond the factors."""
LARGEST = 1024
"""GB of a device of which nothing else is known."""


def resized(name: str) -> tuple[str, int] | None:
    """The card that a name begins with, and the bytes that it states; None where it is neither."""
    from servec.compiler.catalogue.devices import names

    found = re.fullmatch(r"(.+)-(\d{1,4})g", name)
    if found is None or found[1] not in names():
        return None
    memory = memory_of(found[1], int(found[2]))
    return (found[1], memory) if memory else None


def memory_of(card: str, size: int) -> int:
    """The bytes that a driver would report of such a card with `size` GB; 0 where that is its own
    memory, or too far from it to be meant.
    """
    from servec.compiler.catalogue.devices import names

    row = fact("hardware/" + names()[card].partition("@")[0])
    own = row.get("memory", 0)
    if row["kind"] != "gpu" or not own or "usable" in row:
        return 0
    share = own / (round(own / GIB) * GIB)
    made = int(size * GIB * min(1.0, share))
    return made if own * LEAST <= made <= own * MOST and abs(made / own - 1) > SAME else 0


def sized(name: str) -> Device | None:
    """The device of a name like `any-80g` or `sm75-11g`; None for any other.

    A CPU has no memory of its own, and what a system keeps of unified memory is only known of
    Apple's chips.
    """
    from servec.compiler.catalogue.bare import bare_device
    from servec.compiler.catalogue.devices import ANY_DEVICE, usable_of

    found = re.fullmatch(r"(.+)-(\d{1,4})g", name)
    if found is None or not 0 < int(found[2]) <= LARGEST:
        return None
    device = ANY_DEVICE if found[1] == "any" else bare_device(found[1])
    if device is None or device.kind == "cpu":
        return None
    memory = int(found[2]) * GIB
    return replace(device, name=name, memory=memory, usable=usable_of(device.kind, memory))
