"""Devices by the name a spec writes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from servec.compiler.catalogue.store import fact
from servec.compiler.device import Device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ANY_DEVICE = Device(
    name="any",
    id="any",
    vendor="any",
    kind="any",
    arch="any",
    generation="any",
    capability=0,
    memory=0,
    usable=0,
    bandwidth=0,
    flops={},
    native=frozenset(),
    backends=frozenset(),
    link="",
    link_bandwidth=0,
    domain=0,
)
"""What `any x 8` stands for: devices of a kind that was not stated."""


@lru_cache(maxsize=64)
def find_device(name: str) -> Device | None:
    """The device that a spec calls `name`; None where the table has none, or several."""
    if name == "any":
        return ANY_DEVICE
    place = names().get(name)
    if place is None:
        from servec.compiler.catalogue.bare import bare_device

        return bare_device(name) or _resized(name)
    id, _, memory = place.partition("@")
    return _device(name, fact("hardware/" + id), int(memory or 0))


def _resized(name: str) -> Device | None:
    """A device whose memory the name states: `rtx-4090-48g`, `any-80g`, `sm75-11g`."""
    from servec.compiler.catalogue.resized import resized, sized

    found = resized(name)
    if found is None:
        return sized(name)
    card, memory = found
    return _device(name, fact("hardware/" + names()[card]), memory)


def reported(id: str) -> tuple[str, ...]:
    """The names by which drivers know the device of a row; none of a row that is not there."""
    try:
        return tuple(fact("hardware/" + id).get("reported_as", ()))
    except OSError:
        return ()


def names() -> dict[str, str]:
    """Every name a spec may write, and the row it stands for (Apple chips: `row@bytes`)."""
    found: dict[str, str] = fact("hardware")["names"]
    return found


def known(name: str) -> bool:
    """Whether a name is one of the table's own."""
    return name in names()


def device_names() -> tuple[str, ...]:
    """Every name a spec may write, in order of the alphabet, without `any`."""
    return tuple(sorted(names()))


def unclear(name: str) -> tuple[str, ...]:
    """The names that `name` could mean where it leaves the part or its memory open (`a100`)."""
    return tuple(fact("hardware")["unclear"].get(name, ()))


def row(name: str) -> dict[str, Any] | None:
    """The table's row for a name, with a source for each figure; None where there is none."""
    place = names().get(name)
    return None if place is None else fact("hardware/" + place.partition("@")[0])


def _device(name: str, row: dict[str, Any], memory: int) -> Device:
    memory = memory or row["memory"]
    link = row["link"]
    return Device(
        name=name,
        id=row["id"],
        vendor=row["vendor"],
        kind=row["kind"],
        arch=row["arch"],
        generation=row["generation"],
        capability=row["capability"],
        memory=memory,
        usable=usable_of(row["kind"], int(row.get("usable", memory))),
        bandwidth=row["bandwidth"],
        flops=_flops(row),
        native=frozenset(row["native"]),
        backends=frozenset(row["backends"]),
        link=link["kind"],
        link_bandwidth=link["bandwidth"],
        domain=link["domain"],
        pcie=link["pcie"],
        unified=row["unified"],
        edge=row["edge"],
        power=row.get("power", 0),
        power_modes=tuple(row.get("power_modes", ())),
        price=row.get("price", 0.0),
        aside=row.get("aside", False),
        source=row["source"].get("memory", ""),
        note=row.get("note", ""),
    )


def usable_of(kind: str, memory: int) -> int:
    """Bytes a process may take at most: all, but for the system's share of Apple's memory."""
    if kind != "apple":
        return memory
    for limit, share in fact("apple")["rule"]:
        if memory <= limit or not limit:
            return int(memory * Fraction(share))
    return memory


def _flops(row: dict[str, Any]) -> dict[str, int]:
    """The table's rates; where a matrix unit has one 16-bit rate, it is that of both types."""
    found: dict[str, int] = dict(row["flops"])
    if "bf16" in found and "fp16" in row["native"]:
        found.setdefault("fp16", found["bf16"])
    return found
