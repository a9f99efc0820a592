"""The generated `hardware.json` and `heard.json`: names that specs write, and how people do."""

from __future__ import annotations

import os
import re

from servec.compiler.catalogue.store import FACTS, fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
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


HEARD = (
    "Generated from hardware/*.json. keys: a name without what does not tell devices apart, and "
    "what it may stand for; turned: the same with its words in order of the alphabet."
)


def build_heard(hardware: dict[str, Any]) -> dict[str, Any]:
    """The generated `heard.json`: names as people spell them; those of the table go first, then
    those that leave the part open, then those that drivers report."""
    from servec.compiler.catalogue.spelt import keyed, sorted_key

    names, unclear = hardware["names"], hardware["unclear"]
    told: list[tuple[str, list[str]]] = [(name, [name]) for name in names]
    of_row: dict[str, list[str]] = {}
    for name, place in names.items():
        of_row.setdefault(place.partition("@")[0], []).append(name)
    ranks = [told, list(unclear.items())]
    reported = [
        (text, id) for id in device_files() for text in fact("hardware/" + id)["reported_as"]
    ]
    ranks.append([(text, of_row[id]) for text, id in reported if id in of_row])
    keys: dict[str, list[str]] = {}
    turned: dict[str, list[str]] = {}
    for rank in ranks:
        for table, key in ((keys, lambda text: keyed(text)[0]), (turned, sorted_key)):
            _rank(table, rank, key)
    return {
        "note": HEARD,
        "keys": dict(sorted(keys.items())),
        "turned": dict(sorted(turned.items())),
    }


def _rank(
    table: dict[str, list[str]], told: list[tuple[str, list[str]]], key: Callable[[str], str]
) -> None:
    """Enter the names of one rank where no rank before it has the key."""
    before = set(table)
    for text, found in told:
        word = key(text)
        if word and word not in before:
            kept = table.setdefault(word, [])
            kept += [name for name in found if name not in kept]


def _add(names: dict[str, str], name: str, place: str) -> None:
    if name in names:
        raise ValueError(f"{name} stands for {names[name]} and for {place}")
    names[name] = place


def _chip(id: str) -> str:
    """`m4-max` of `apple-m4-max-32`: parts of one chip differ by memory, which the name states."""
    return re.sub(r"-(?:30|32|40)$", "", id.removeprefix("apple-"))
