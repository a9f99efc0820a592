"""The generated `hardware.json`: what a spec may write, and the row of the table it stands for."""

from __future__ import annotations

import os
import re

from servec.compiler.catalogue.store import FACTS, fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NOTE = (
    "Generated from hardware/*.json. names: what a spec writes, and the row it stands for "
    "(row@bytes where a chip has several memories); unclear: names that leave the part open."
)


def device_files() -> tuple[str, ...]:
    """The ids of all rows, in order."""
    names = os.listdir(os.path.join(FACTS, "hardware"))
    return tuple(sorted(name[:-5] for name in names if name.endswith(".json")))


def build_hardware() -> dict[str, Any]:
    """Names to rows, and the names that could mean several. Raises on a name said twice."""
    names: dict[str, str] = {}
    unclear: dict[str, list[tuple[int, str]]] = {}
    for id in device_files():
        row = fact("hardware/" + id)
        sizes = row.get("options", ())
        for name in row["names"]:
            _add(names, name, id)
        for size in sizes:
            name = f"{_chip(id)}-{size >> 30}g"
            _add(names, name, f"{id}@{size}")
            unclear.setdefault(_chip(id), []).append((size, name))
        for loose in row.get("loosely", ()):
            unclear.setdefault(loose, []).append((row["memory"], row["names"][-1]))
    return {
        "note": NOTE,
        "names": dict(sorted(names.items())),
        "unclear": {key: [n for _, n in sorted(found)] for key, found in sorted(unclear.items())},
    }


def _add(names: dict[str, str], name: str, place: str) -> None:
    if name in names:
        raise ValueError(f"{name} stands for {names[name]} and for {place}")
    names[name] = place


def _chip(id: str) -> str:
    """`m4-max` of `apple-m4-max-32`: parts of one chip differ by memory, which the name states."""
    return re.sub(r"-(?:30|32|40)$", "", id.removeprefix("apple-"))
