"""Devices by the names people use: `H100 80GB`, `NVIDIA A100-SXM4-40GB`, `RTX 4090`, `M4 Max`."""

from __future__ import annotations

import re

from servec.compiler.catalogue.devices import find_device, known, unclear
from servec.compiler.catalogue.spelt import keyed, sorted_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FAMILIES = ("", "rtx", "gtx", "rx", "jetson", "arc", "quadro")
"""What is left out before a number: `4090`, `7900 XTX`."""
NEAR = 0.12
"""By how much a stated memory may be off: GB for GiB, and what a driver keeps."""


def heard(text: str) -> tuple[str, ...]:
    """The names of the table that `text` may stand for: one, several parts, or none."""
    if known(text):
        return (text,)
    if several := unclear(text):
        return several
    key, size = keyed(text)
    if len(text) > 80 or not text.isprintable():
        return ()
    inner = re.search(r"\(([^()]{3,})\)", text)
    found = of_size(members(text), size) if key else ()
    return found or (heard(inner[1]) if inner else ())


def members(text: str) -> tuple[str, ...]:
    """The names that a text may stand for, whatever memory it states."""
    from servec.compiler.catalogue.store import fact

    table = fact("heard")
    key, _ = keyed(text)
    forms = (
        *(key, key.replace("sxm", ""), re.sub(r"(?<=\d)s$", "", key)),
        *(key.replace("rtx", "gtx", 1), key.replace("gtx", "rtx", 1)),
    )
    for word in (family + form for form in forms for family in FAMILIES):
        found = table["keys"].get(word)
        if found:
            return tuple(found)
    turned = sorted_key(text)
    return tuple(table["turned"].get(turned, ())) if turned else ()


def of_size(found: Iterable[str], size: int) -> tuple[str, ...]:
    """Those with the memory that is stated, each row once, under its shortest name.

    Where none is stated, those whose names leave it open, too, if there are such.
    """
    rows: dict[tuple[str, int], str] = {}
    found = [name for name in found if not size and not keyed(name)[1]] or list(found)
    for name in sorted(found, key=lambda name: (len(name), name)):
        device = find_device(name)
        assert device is not None
        rows.setdefault((device.id, device.memory), name)
    if size:
        off = {row: abs(row[1] / (size * 10**9) - 1) for row in rows}
        least = min([NEAR, *off.values()])
        rows = {row: name for row, name in rows.items() if off[row] <= least}
    return tuple(sorted(rows.values()))
