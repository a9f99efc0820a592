"""Groups of rows of a large table, each read when it is asked for.

Of the rules of a runtime a launch meets a tenth. The table is laid out for that: a name that stands
at the beginning of a line, with a list, is a group of `said`; a row begins with a brace.
"""

from __future__ import annotations

from servec.dsl.json_file import value_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    Rows = list[dict[str, Any]]

START, OPENS = '\n"', '": ['


class Groups:
    """The groups of a text by name, in its order, from the place of their heading on."""

    __slots__ = ("_places", "_read", "_text")

    def __init__(self, text: str, heading: str) -> None:
        """Only the names are looked for; `ValueError` where the heading is not there."""
        self._text = text
        self._places: dict[str, int] = {}
        self._read: dict[str, Rows] = {}
        at = text.index(f"{START}{heading}") + 1
        while (at := text.find(START, at) + len(START)) >= len(START):
            end = text.index('"', at)
            if text.startswith(OPENS, end):
                self._places[text[at:end]] = end + len(OPENS) - 1

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def __getitem__(self, name: str) -> Rows:
        """The rows of a group; `KeyError` where there is none."""
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = value_at(self._text, self._places[name])
        return found


def rows_and_groups(text: str) -> tuple[Rows, Groups]:
    """The `rows` of a table, and what stands in its `said`."""
    first = text.index(f"{START}rows{OPENS}") + len(START) + len("rows") + len(OPENS) - 1
    rows: Rows = value_at(text, first)
    return rows, Groups(text, "said")


def whole(groups: Groups) -> Mapping[str, Rows]:
    """All groups, read."""
    return {name: groups[name] for name in groups}
