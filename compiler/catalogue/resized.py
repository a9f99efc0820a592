"""Cards with other memory than the table's part: rebuilt ones (`rtx-4090-48g`) and slices."""

from __future__ import annotations

import re

from servec.compiler.catalogue.store import fact

GIB = 2**30
SAME, LEAST, MOST = 0.12, 1 / 10, 4
"""Stated memory is the card's own up to the first share, and not believed beyond the factors."""


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
