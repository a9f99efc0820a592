"""Which entry a name stands for: one small file is read for one name.

`facts/names/` is generated from the entries and from `facts/twins.json`, and cut by a sum over the
letters and digits of a name's last part, so that a check reads a sixtieth of it and finds there
what is spelt alike but for the signs between them.
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.store import fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PIECES = 64
SIGNS = re.compile(r"[\W_]")


def last_part(name: str) -> str:
    """What stands behind the publisher or the folders, in small letters."""
    return name.rstrip("/").rpartition("/")[2].lower()


def squeezed(last: str) -> str:
    """The letters and digits of a last part: `qwen2_5-7b` and `qwen2.5-7b` are both `qwen257b`."""
    return SIGNS.sub("", last)


def piece(last: str) -> str:
    """The file of `facts/names` that has the last part `last`, however it is spelt."""
    return f"names/{sum(squeezed(last).encode('utf-8', 'replace')) % PIECES:02d}"


def entry_of(name: str) -> str:
    """The entry that is called `name`, letter for letter; "" where none is."""
    found: str = fact(piece(last_part(name)))["entries"].get(name, "")
    return found


def twin_of(name: str) -> str:
    """The entry whose shape and count the repository `name` has by what is published of it."""
    publisher, _, _ = name.rpartition("/")
    rows = _by_last(last_part(name))
    return next((file for file, names in rows.items() if publisher in names), "")


def namesakes(last: str) -> tuple[str, ...]:
    """The entries, or those of twins, that have the last part `last` under any publisher."""
    return tuple(_by_last(last))


def spelt_like(last: str) -> tuple[str, ...]:
    """The entries, or those of twins, whose last part has the letters and digits of `last`."""
    wanted = squeezed(last)
    rows: dict[str, Any] = fact(piece(last))["last"]
    alike = (found for other, found in rows.items() if squeezed(other) == wanted)
    return tuple(dict.fromkeys(file for found in alike for file in found)) if wanted else ()


def _by_last(last: str) -> dict[str, list[str]]:
    found: dict[str, Any] = fact(piece(last))["last"]
    rows: dict[str, list[str]] = found.get(last, {})
    return rows


def build_names(index: dict[str, str], twins: dict[str, list[str]]) -> dict[str, Any]:
    """Every piece by its name, from the index and the twins. Raises on a name said twice."""
    pieces: dict[str, Any] = {f"names/{n:02d}": {"entries": {}, "last": {}} for n in range(PIECES)}
    for name, file in sorted(index.items()):
        last = last_part(name)
        pieces[piece(last)]["entries"][name] = file
        _publish(pieces, name, file)
    for file, names in sorted(twins.items()):
        for name in sorted(names):
            if name in index:
                raise ValueError(f"{name} has an entry and is a twin of {file}")
            _publish(pieces, name, file)
    return pieces


def _publish(pieces: dict[str, Any], name: str, file: str) -> None:
    last = last_part(name)
    publishers = pieces[piece(last)]["last"].setdefault(last, {}).setdefault(file, [])
    publishers.append(name.rpartition("/")[0])
