"""Fixes of a spec as fixes of the launch line that it was read from."""

from __future__ import annotations

import re
import shlex

from servec.dsl.diagnostic import Edit, Fix, Span
from servec.dsl.record import replace
from servec.dsl.units import MULTIPLIERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.retold.anchors import Anchor, Anchors
    from servec.cli.retold.launch import Place

OURS = ("target", "defaults", "version")
"""What a launch line has no word for: a fix of it is none."""
LONGEST = 64
"""No number of the language has as many characters."""
NUMBER = re.compile(r"(\d+)(Ki|Mi|k|M)?(?: (?:tokens|req))?")
LEFT_OPEN = re.compile(r"leave `([^`]+)` to the compiler")


def mended(fixes: Sequence[Fix], anchors: Anchors) -> Iterator[Fix]:
    """The fixes that a line can take; one whose edits have no place in it keeps its title alone."""
    for fix in fixes:
        touched = [anchors.at(edit.span) for edit in fix.edits]
        if any(found is not None and found.path in OURS for found in touched):
            continue
        title = LEFT_OPEN.sub(r"leave out `\1`", fix.title)
        edits = [_edit(edit, anchors) for edit in fix.edits if not _beside(edit, anchors)]
        whole = tuple(edit for edit in edits if edit is not None)
        told = title.replace("delete the line", "leave it out")
        yield replace(fix, title=told, edits=whole if len(whole) == len(edits) else ())


def says(found: Anchor, place: Place) -> bool:
    """Whether a field holds the option's value as the line has it."""
    return unit_free(found.text) == unit_free(place.value)


def unit_free(text: str) -> str:
    """A value without the quotes and units of the language: `128Ki tokens` is 131072."""
    number = NUMBER.fullmatch(text) if len(text) < LONGEST else None
    if number:
        return str(int(number[1]) * int(MULTIPLIERS.get(number[2] or "", 1)))
    if text[:1] == text[-1:] == '"':
        return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return text.strip("'")


def _beside(edit: Edit, anchors: Anchors) -> bool:
    """Whether an edit is of the devices, which follow from the line's degrees."""
    found = anchors.at(edit.span)
    return found is not None and found.path == "hardware"


def _edit(edit: Edit, anchors: Anchors) -> Edit | None:
    """The same change of the option's flag or value, None where it is another."""
    found = anchors.at(edit.span)
    if found is None or len(found.places) != 1:
        return None
    place = found.places[0]
    if edit.span == found.name_span and place.flag:
        flag, written = anchors.flag(edit.insert), place.flag.rstrip(" =")
        end = place.start + len(written.encode())
        if anchors.launch.keywords and not place.keyword:
            return None
        return Edit(Span(place.file, place.start, end), flag) if flag else None
    if edit.span != found.value_span or place.value_start == place.end or not says(found, place):
        return None
    value = unit_free(edit.insert)
    if anchors.launch.keywords:
        from servec.cli.retold.program import python_value

        shown = python_value(value, place.value)
        return Edit(Span(place.file, place.value_start, place.end), shown)
    return Edit(Span(place.file, place.value_start, place.end), shlex.quote(value))
