"""The front of latency against throughput as a table."""

from __future__ import annotations

from servec.cli.render.table import render_table
from servec.compiler.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.plan import Range
    from servec.compiler.search.front import Point

HEAD = ("in flight", "target", "plan", "TTFT ms", "TPOT ms", "request s", "tok/s", "per device")


def front_rows(points: Sequence[Point]) -> Iterator[list[str]]:
    """A row for each point of the front, the shortest request first."""
    for point in points:
        if point.front:
            found = point.performance
            yield [
                str(point.load) if point.load else "as stated",
                f"{point.target} {point.version}",
                point.layout,
                _value(found.ttft, 1000),
                _value(found.tpot, 1000),
                _value(found.e2e, 1),
                _value(found.throughput, 1),
                shown(point.each),
            ]


def render_front(points: Sequence[Point]) -> str:
    """The table, "" where nothing is on the front."""
    rows = list(front_rows(points))
    if not rows:
        return ""
    table = render_table(HEAD, rows, right="034567")
    return f"\nlatency against throughput, the best at each load\n{table}"


def _value(found: Range | None, scale: int) -> str:
    return "?" if found is None else shown(found.value * scale)
