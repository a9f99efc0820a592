"""The front of latency against throughput as a table."""

from __future__ import annotations

from servec.cli.render.table import render_table
from servec.compiler.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.plan import Range
    from servec.compiler.result import Candidate
    from servec.compiler.search.front import Point

APART = "prefill and decode apart, as chosen, are predicted at the stated load alone"
HEAD = ("in flight", "target", "plan", "TTFT ms", "TPOT ms", "request s", "tok/s", "per device")


def front_rows(points: Sequence[Point]) -> Iterator[list[str]]:
    """A row for each point of the front, the shortest request first."""
    for point in points:
        if point.front:
            found, plan = point.performance, point.plan
            copies = f" x {plan.replicas}" if plan.replicas > 1 else ""
            yield [
                str(point.load) if point.load else "as stated",
                f"{point.target} {point.version}",
                f"{plan.degrees}{copies}",
                _value(found.ttft, 1000),
                _value(found.tpot, 1000),
                _value(found.e2e, 1),
                _value(found.throughput, 1),
                shown(point.each),
            ]


def render_front(points: Sequence[Point], chosen: Candidate | None = None) -> str:
    """The table, "" where nothing is on the front; with a word where the chosen plan has roles."""
    rows = list(front_rows(points))
    if not rows:
        return ""
    table = render_table(HEAD, rows, right="034567")
    note = f"{APART}\n" if chosen is not None and len(chosen.cases) > 1 else ""
    return f"\nlatency against throughput, the best at each load\n{table}{note}"


def _value(found: Range | None, scale: int) -> str:
    return "?" if found is None else shown(found.value * scale)
