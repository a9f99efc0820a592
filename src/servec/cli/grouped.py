"""Servers of one script that are ranks of one data-parallel group: who of them answers requests.

`groups` of `targets/<name>/beside.json` says what to look at: `size`, `local`, `start` are flags
with a number, `same` those by which servers find one another, `behind` has a server answer none,
`several` has each node answer its own; a start rank does so, too, where `local` is said, 0 from the
release `zero` on.
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.dsl.diagnostic import Span
    from servec.targets.shared.importing.programs.program import Command

Member = tuple[int, "Command"]
"""A server and its place among the commands of the script."""


def grouped(
    members: Sequence[Member], row: Mapping[str, Any], places: Sequence[Span], version: str
) -> Iterator[Diagnostic]:
    """The findings on the groups that are whole: whose local ranks are as many as the group has."""
    groups: dict[tuple[str | None, ...], list[Member]] = {}
    for place, item in members:
        key = (said(item, row["size"]), *(said(item, flags) for flags in row["same"]))
        groups.setdefault(key, []).append((place, item))
    for (size, *same), held in groups.items():
        ranks = [_number(said(item, row["local"])) for _, item in held]
        if not any(same) or None in ranks or sum(filter(None, ranks)) != _number(size):
            continue
        behind = [place for place, item in held if has(item, row["behind"])]
        front = [member for member in held if member[0] not in behind]
        several = [place for place, item in front if _several(item, row, version)]
        if several and behind:
            yield _mixed(places[several[0]], places[behind[0]])
        elif several and len(several) < len(front):
            one = next(place for place, _ in front if place not in several)
            yield _alone(places[one], places[several[0]])


def said(item: Command, flags: Sequence[str]) -> str | None:
    """What the line says behind one of the flags, the last of them; None where it says none."""
    found = None
    for at, word in enumerate(item.words):
        flag, equals, value = word.partition("=")
        if flag in flags:
            found = value if equals else item.words[at + 1] if at + 1 < len(item.words) else None
    return found


def has(item: Command, flags: Sequence[str]) -> bool:
    """Whether the line says one of the flags."""
    return any(word.partition("=")[0] in flags for word in item.words)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 5 else None


def _several(item: Command, row: Mapping[str, Any], version: str) -> bool:
    """Whether every node answers requests, as this server takes it."""
    from servec.compiler.options.versions import is_exact, order

    if has(item, row["several"]):
        return True
    stated = version or item.version
    start = _number(said(item, row["start"]))
    old = bool(stated) and is_exact(stated) and order(stated) < order(row["zero"])
    return start is not None and not (start == 0 and old)


def _mixed(span: Span, other: Span) -> Diagnostic:
    return Diagnostic(
        "SRV310",
        "error",
        "one rank of the group is --headless, and another takes each node to answer its own",
        Label(span, "a start rank or a balancer of its own"),
        (Label(other, "answers none"),) if other != span else (),
        (),
        (Fix("leave the start rank off the node that answers, or --headless off the others"),),
    )


def _alone(span: Span, other: Span) -> Diagnostic:
    return Diagnostic(
        "SRV310",
        "error",
        "two ranks of the group answer requests, and one takes itself for the only one",
        Label(span, "takes the others to be --headless"),
        (Label(other, "answers, too"),) if other != span else (),
        (),
        (Fix("give the others --headless, or every node --data-parallel-hybrid-lb"),),
    )
