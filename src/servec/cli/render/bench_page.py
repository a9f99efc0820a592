"""A load test as a page that needs nothing else: tables, and a curve for each latency."""

from __future__ import annotations

from html import escape

from servec.cli.render.bench import NAMES, beside_rows, kept_rows
from servec.cli.render.plot.axis import axis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.bench.client import Sample
    from servec.bench.job import Benched
    from servec.cli.benches import Bench

WIDE, HIGH, LEFT, BELOW, ABOVE = 380, 240, 44, 36, 30
MS = 1000.0
STYLE = (
    "body{font:14px system-ui,sans-serif;margin:24px;color:#222}"
    "table{border-collapse:collapse;margin:12px 0}td,th{padding:3px 16px 3px 0;text-align:left}"
    "tr{border-bottom:1px solid #ddd}svg{margin-right:16px}"
)
NOTE = (
    "Each curve: the share of requests (upwards) that took at most so long. Shaded: the 90 % band"
    " of the predicted mean. Dashed: promises at their percentile."
)


def bench_page(done: Sequence[Bench]) -> str:
    """The page over all deployments of a call."""
    body = "\n".join(part for each in done for part in _part(each))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>servec bench</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _part(each: Bench) -> Iterator[str]:
    end: Benched = each.end
    found = end.measured
    yield f"<h1>{escape(each.name)} on {escape(each.case.target.name)} {escape(each.version)}</h1>"
    yield (
        f"<p>{escape(', '.join(each.job.urls))}: {found.sent} requests, {found.failed} failed,"
        f" {found.seconds:.1f} s, {found.throughput:.1f} output tokens a second.</p>"
    )
    yield _table(("of one server", "measured", "predicted", ""), beside_rows(each))
    if end.kept:
        yield _table(("promise", "measured", "", "predicted"), kept_rows(each))
    yield f"<p>{NOTE}</p>"
    good = [sample for sample in end.samples if not sample.error]
    for name in ("ttft", "tpot", "e2e"):
        times = sorted(_times(name, good)) if getattr(found, name) is not None else []
        if times:
            yield _curve(name, times, end)


def _times(name: str, samples: Sequence[Sample]) -> list[float]:
    picked = {"ttft": lambda s: s.first, "tpot": lambda s: s.tpot, "e2e": lambda s: s.last}[name]
    return [value * MS for value in map(picked, samples) if value > 0]


def _curve(name: str, times: Sequence[float], end: Benched) -> str:
    """The distribution of a latency on a logarithmic axis, with band and promises."""
    band = next((b for b in end.beside if b.quantity == name and b.value is not None), None)
    promises = [k for k in end.kept if k.metric.startswith(f"{name}.")]
    figures = [*times, *(k.bound for k in promises)]
    if band is not None:
        figures += [band.low or 0.0, band.high or 0.0]
    across = axis(figures, LEFT, WIDE - 8)
    tall = HIGH - BELOW - ABOVE

    def up(share: float) -> float:
        return round(ABOVE + tall * (1 - share), 1)

    parts = [f'<text x="{LEFT}" y="18" font-size="13">{NAMES[name]}, ms</text>']
    if band is not None:
        low, high = across.place(band.low or 0.0), across.place(band.high or 0.0)
        parts.append(
            f'<rect x="{low}" y="{ABOVE}" width="{round(high - low, 1)}" height="{tall}"'
            ' fill="#0072b2" opacity="0.15"/>'
        )
    for place, text in across.ticks():
        parts.append(f'<path d="M{place} {ABOVE}V{HIGH - BELOW}" stroke="#ddd"/>')
        parts.append(_text(place, HIGH - BELOW + 16, text, "middle"))
    for share in (0.0, 0.5, 0.95):
        parts.append(f'<path d="M{LEFT} {up(share)}H{WIDE - 8}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 6, up(share) + 4, f"{100 * share:.0f} %", "end"))
    for promise in promises:
        place = across.place(promise.bound)
        share = int(promise.metric.partition(".p")[2]) / 100
        parts.append(
            f'<path d="M{place} {up(0)}V{up(share)}H{WIDE - 8}" fill="none" stroke="#d55e00"'
            ' stroke-dasharray="4 3"/>'
        )
    steps = " ".join(
        f"{across.place(value)},{up((number + 1) / len(times))}"
        for number, value in enumerate(times)
    )
    parts.append(f'<polyline points="{steps}" fill="none" stroke="#222" stroke-width="1.5"/>')
    inside = "".join(parts)
    return f'<svg width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}">{inside}</svg>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="11" text-anchor="{anchor}">{escape(text)}</text>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{top}</tr>{body}</table>"
