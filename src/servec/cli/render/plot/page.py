"""The plot of a plan: SVG with three panels for each deployment, or that in a page with a table."""

from __future__ import annotations

from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from servec.cli.render.front import HEAD, front_rows
from servec.cli.render.plot.metrics import metrics
from servec.cli.render.plot.panel import HEIGHT, SLO, WIDTH, line, panel, text
from servec.cli.render.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.result import DeploymentResult
    from servec.compiler.search.front import Point

    Front = tuple[DeploymentResult, Sequence[Point]]

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#5d5d5d")
"""Okabe and Ito's colours, which people with any kind of colour vision tell apart, and two more."""
ABOVE = 62
NOTE = (
    "each dot is a plan at one load, predicted; the line is the front: no other plan is both"
    " faster and yields more of a device; whiskers are the 90 % bands; the ring is the chosen plan"
)
STYLE = (
    "body{font:14px system-ui,sans-serif;margin:24px;color:#222}table{border-collapse:collapse}"
    "td,th{padding:3px 12px 3px 0;text-align:right}td:nth-child(2),td:nth-child(3),"
    "th:nth-child(2),th:nth-child(3){text-align:left}tr{border-bottom:1px solid #ddd}"
)


def svg(fronts: Sequence[Front]) -> str:
    """The picture alone, ending with a line end."""
    root = _picture(fronts)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def page(fronts: Sequence[Front]) -> str:
    """A page that needs nothing else: the picture, and the front as a table."""
    parts = ['<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n']
    names = ", ".join(shown(each.spec.name) for each, _ in fronts)
    parts.append(f"<title>servec plan: {escape(names)}</title>\n<style>{STYLE}</style>\n</head>\n")
    parts.append(f"<body>\n{svg(fronts)}")
    for each, points in fronts:
        cells = "".join(f"<th>{escape(word)}</th>" for word in HEAD)
        parts.append(f"<h2>{escape(shown(each.spec.name))}</h2>\n<table>\n<tr>{cells}</tr>\n")
        for row in front_rows(points):
            cells = "".join(f"<td>{escape(word)}</td>" for word in row)
            parts.append(f"<tr>{cells}</tr>\n")
        parts.append("</table>\n")
    return "".join((*parts, "</body>\n</html>\n"))


def _picture(fronts: Sequence[Front]) -> Element:
    each = ABOVE + HEIGHT
    size = (3 * WIDTH, each * max(1, len(fronts)))
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {size[0]} {size[1]}",
            "width": str(size[0]),
            "height": str(size[1]),
            "font-family": "system-ui, sans-serif",
            "font-size": "11",
        },
    )
    SubElement(root, "title").text = "latency against throughput"
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    for number, (result, points) in enumerate(fronts):
        group = SubElement(root, "g", {"transform": f"translate(0,{number * each})"})
        _deployment(group, result, points)
    return root


def _deployment(group: Element, result: DeploymentResult, points: Sequence[Point]) -> None:
    spec = result.spec
    text(group, 12, 20, f"{shown(spec.name)}: latency against throughput", font_size="15")
    text(group, 12, 54, NOTE if points else _silent(result), fill="#666666")
    colors = dict(zip(sorted({p.target for p in points}), COLORS * 2, strict=False))
    for at, (name, color) in enumerate(colors.items()):
        x = 12 + at * 110
        SubElement(group, "circle", {"cx": str(x + 4), "cy": "34", "r": "4", "fill": color})
        text(group, x + 12, 38, name)
    if not points:
        return
    x = 12 + len(colors) * 110
    line(group, (x, 34, x + 20, 34), stroke=SLO, stroke_dasharray="5 3")
    text(group, x + 26, 38, "promise of the spec")
    least = _least(result, points)
    for at, metric in enumerate(metrics(spec)):
        panel(group, (at * WIDTH, ABOVE), points, metric, colors, least)


def _least(result: DeploymentResult, points: Sequence[Point]) -> float:
    """The promised throughput of a replica, for each of its devices."""
    bound = result.spec.lower("slo.throughput")
    point = next((point for point in points if point.chosen), points[0])
    each = point.devices / max(1, point.plans[-1].replicas)
    return float(bound.value) / each if bound is not None else 0.0  # type: ignore[arg-type]


def _silent(result: DeploymentResult) -> str:
    """Why there is nothing to show."""
    if result.chosen is None:
        return "nothing can serve this spec"
    found = result.chosen.performance
    why = found.abstained if found is not None else ""
    return f"no prediction{': ' if why else ''}{why}"
