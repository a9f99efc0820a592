"""Finds the parts of a launch in the script that it stands in, so that its own lines are shown."""

from __future__ import annotations

import re
import shlex

from servec.dsl.diagnostic import Span
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.retold.launch import Launch, Place
    from servec.dsl.diagnostic import Diagnostic

OURS = ("version", "hardware")
"""What is stated beside a script, not in it."""


def in_script(launch: Launch, path: str, data: bytes) -> Launch:
    """The launch with each part where the script says it, if that is one place alone."""
    found = {
        key: place if key in OURS else _found(place, path, data)
        for key, place in launch.places.items()
    }
    return replace(launch, places=found)


def in_file(found: Sequence[Diagnostic], path: str) -> tuple[Diagnostic, ...]:
    """The findings with all that they point at in the script; its first line stands for the rest.

    Annotations are shown in files, and the layout of a launch is none.
    """
    top = Span(path, 0, 0)
    return tuple(
        replace(
            item,
            primary=item.primary
            if item.primary.span.file == path
            else replace(item.primary, span=top),
            secondary=tuple(label for label in item.secondary if label.span.file == path),
            fixes=tuple(fix for fix in item.fixes if all(e.span.file == path for e in fix.edits)),
        )
        for item in found
    )


def _found(place: Place, path: str, data: bytes) -> Place:
    flag = place.flag.rstrip(" =").encode()
    values = {text.encode() for text in (place.value, _bare(place.value)) if text}
    if not flag:
        matches = [match for value in values for match in _words(value, data)]
    else:
        matches = list(_words(flag, data))
    if len({match.start() for match in matches}) != 1:
        return place
    start, end = matches[0].span()
    if not flag:
        return replace(place, file=path, start=start, end=end, value_start=start)
    for value in sorted(values):
        beside = re.compile(rb"(?:=| +)" + re.escape(value)).match(data, end)
        if beside:
            at = beside.end() - len(value)
            return replace(place, file=path, start=start, end=beside.end(), value_start=at)
    return replace(place, file=path, start=start, end=end, value_start=end)


def _words(text: bytes, data: bytes) -> list[re.Match[bytes]]:
    """Where a text stands as a word of its own."""
    return list(re.finditer(rb"(?<![\w.-])" + re.escape(text) + rb"(?![\w-])", data))


def _bare(value: str) -> str:
    try:
        words = shlex.split(value)
    except ValueError:
        return ""
    return words[0] if len(words) == 1 else ""
