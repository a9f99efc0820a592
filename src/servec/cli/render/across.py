"""Which known releases take a launch line, said below what is found against it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.across import Stretch
    from servec.cli.launches import Launches


MOST = 12
"""Lines that are told."""


def across_text(stretches: Sequence[Stretch], read: Launches, span: str) -> str:
    """A line for each stretch of releases, the newest first; "" where there is none.

    `span`: the range that is stated, "" where no version is.
    """
    if not stretches:
        return ""
    runtime = read.outcomes[0].imported.runtime
    count = sum(each.count for each in stretches)
    known = f"{count} releases of {runtime} are known"
    head = f"`{span.strip()}`: {known}" if span else f"no version is stated: {known}"
    if all(each.why for each in stretches):
        return f"{head}, none of them takes it\n"
    shown = stretches[:MOST]
    names = [_named(each) for each in shown]
    width = max(map(len, names))
    lines = [f"  {name:{width}}  {_fared(each)}\n" for name, each in zip(names, shown, strict=True)]
    more = len(stretches) - len(shown)
    lines += [f"  and {more} stretches of earlier releases\n"] if more else []
    return f"{head}\n{''.join(lines)}"


def _fared(each: Stretch) -> str:
    return f"refused: {each.why}" if each.why else "nothing found against it"


def _named(each: Stretch) -> str:
    if each.before:
        return f"{each.last} and before"
    return each.last if each.count == 1 else f"{each.first} to {each.last}"
