"""One panel: a time against tokens per second and device, with bands, the front, and promises."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from servec.cli.render.plot.axis import axis
from servec.compiler.shown import shown
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.cli.render.plot.axis import Axis
    from servec.cli.render.plot.metrics import Metric
    from servec.compiler.search.front import Point

WIDTH, HEIGHT = 400, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 28, 40
GREY, SLO = "#666666", "#b00020"


@record
class Panel:
    """Where a panel stands, its axes, its metric, and the colour of each runtime."""

    group: Element
    across: Axis
    up: Axis
    metric: Metric
    colors: Mapping[str, str]


def panel(
    parent: Element,
    at: tuple[int, int],
    points: Sequence[Point],
    metric: Metric,
    colors: Mapping[str, str],
    least: float,
) -> None:
    """Draw one; `least`: the promised tokens per second and device, 0 without a promise."""
    group = SubElement(parent, "g", {"transform": f"translate({at[0]},{at[1]})"})
    shown_points = [(point, metric.of(point)) for point in points]
    times = [band.value * 1000 for _, band in shown_points if band is not None]
    rates = [point.each for point in points]
    made = Panel(
        group,
        axis([*times, metric.bound], LEFT, WIDTH - RIGHT),
        axis([*rates, least], HEIGHT - BOTTOM, TOP),
        metric,
        colors,
    )
    _frame(made)
    _promises(made, least)
    _front(made, points)
    for point in points:
        _point(made, point)


def line(group: Element, ends: tuple[float, float, float, float], **style: str) -> None:
    """A line from one place to another."""
    x1, y1, x2, y2 = map(str, ends)
    named = {key.replace("_", "-"): value for key, value in style.items()}
    SubElement(group, "line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **named})


def text(group: Element, x: float, y: float, words: str, **style: str) -> None:
    """Words at a place."""
    named = {key.replace("_", "-"): value for key, value in style.items()}
    SubElement(group, "text", {"x": str(x), "y": str(y), **named}).text = words


def _frame(made: Panel) -> None:
    """Title, axes and ticks."""
    group, bottom = made.group, HEIGHT - BOTTOM
    text(group, WIDTH - RIGHT, HEIGHT - 6, made.metric.title, text_anchor="end")
    text(group, 12, TOP - 10, "tok/s per device")
    for place, words in made.across.ticks():
        line(group, (place, TOP, place, bottom), stroke="#e4e4e4")
        text(group, place, bottom + 14, words, text_anchor="middle", fill=GREY)
    for place, words in made.up.ticks():
        line(group, (LEFT, place, WIDTH - RIGHT, place), stroke="#e4e4e4")
        text(group, LEFT - 6, place + 4, words, text_anchor="end", fill=GREY)
    line(group, (LEFT, bottom, WIDTH - RIGHT, bottom), stroke=GREY)
    line(group, (LEFT, TOP, LEFT, bottom), stroke=GREY)


def _promises(made: Panel, least: float) -> None:
    """The bounds of the spec: a time that must stay to the left, a rate that must stay below."""
    group, metric = made.group, made.metric
    if metric.bound:
        place = made.across.place(metric.bound)
        line(group, (place, TOP, place, HEIGHT - BOTTOM), stroke=SLO, stroke_dasharray="5 3")
        words = f"{metric.name}.{metric.percentile} <= {shown(metric.bound)} ms"
        side = "end" if place > WIDTH / 2 else "start"
        text(
            group, place + (-4 if side == "end" else 4), TOP + 10, words, fill=SLO, text_anchor=side
        )
    if least:
        place = made.up.place(least)
        line(group, (LEFT, place, WIDTH - RIGHT, place), stroke=SLO, stroke_dasharray="5 3")
        text(
            group,
            WIDTH - RIGHT,
            place - 4,
            f"throughput >= {shown(least)} tok/s per device",
            fill=SLO,
            text_anchor="end",
        )


def _front(made: Panel, points: Sequence[Point]) -> None:
    """The line through the points of the front, in order of the request's time."""
    places = [
        f"{made.across.place(band.value * 1000)},{made.up.place(point.each)}"
        for point in points
        if point.front and (band := made.metric.of(point)) is not None
    ]
    if len(places) > 1:
        style = {"fill": "none", "stroke": "#222222", "stroke-width": "1.5"}
        SubElement(made.group, "polyline", {"points": " ".join(places), **style})


def _point(made: Panel, point: Point) -> None:
    """A dot; on the front or at the stated load with its bands, the chosen one with a ring."""
    band, flow = made.metric.of(point), point.performance.throughput
    if band is None or flow is None:
        return
    color = made.colors[point.target]
    x, y = made.across.place(band.value * 1000), made.up.place(point.each)
    if point.front or (point.stated and point.chosen):
        left, right = made.across.place(band.low * 1000), made.across.place(band.high * 1000)
        scale = point.each / flow.value
        low, high = made.up.place(flow.low * scale), made.up.place(flow.high * scale)
        line(made.group, (left, y, right, y), stroke=color, stroke_opacity="0.45")
        line(made.group, (x, low, x, high), stroke=color, stroke_opacity="0.45")
    if point.stated and point.chosen:
        ring = {"fill": "none", "stroke": color, "stroke-width": "2"}
        SubElement(made.group, "circle", {"cx": str(x), "cy": str(y), "r": "8", **ring})
    full = "1" if point.front else "0.3"
    dot = SubElement(
        made.group,
        "circle",
        {"cx": str(x), "cy": str(y), "r": "4", "fill": color, "fill-opacity": full},
    )
    SubElement(dot, "title").text = label(point)


def label(point: Point) -> str:
    """What a point is, in one line."""
    load = f"{point.load} in flight" if point.load else "at the stated rate"
    return f"{point.target} {point.version}, {point.layout}, {load}"
