"""Scores as text: a row for each quantity, the verdicts, and why rows abstained."""

from __future__ import annotations

from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.cli.documents.accuracy import AccuracyDocument

HEAD = (
    "quantity",
    "rows",
    "abstained",
    "median",
    "mean",
    "95 %",
    "within 5 %",
    "within 2x",
    "in band",
    "spearman",
)
PROMISES = ("quantity", "bounds", "verdicts", "unsure", "sure", "nearer", "right")
KINDS = {"fixed": "as people write them", "around": "0.5 to 2 x measured"}
FIGURES = (
    "median_error",
    "mean_error",
    "p95_error",
    "within_5_percent",
    "within_2x",
    "band_coverage",
)


def accuracy_page(document: AccuracyDocument, color: bool) -> str:
    """Tables; what the file does not have is left out."""
    rows = [_row(name, score) for name, score in document.quantities.items()]
    text = render_table(HEAD, rows, color, right="123456789") if rows else ""
    if document.promises:
        judged = [
            (name, KINDS[kind], str(row["n"]), *(_percent(row[key]) for key in PROMISES[3:]))
            for name, kinds in document.promises.items()
            for kind, row in kinds.items()
        ]
        text += "\n" + render_table(PROMISES, judged, color, right="23456")
    if document.fit:
        text += f"\n{_verdicts(document.fit)}"
    reasons: dict[str, int] = {}
    for row in document.rows:
        if row["abstained"]:
            reasons[row["abstained"]] = reasons.get(row["abstained"], 0) + 1
    if reasons:
        ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        counts = [(str(number), why) for why, number in ranked]
        text += "\n" + render_table(("rows", "abstained because"), counts, color, right="0")
    return text or "no measured values\n"


def _row(name: str, score: Mapping[str, Any]) -> tuple[str, ...]:
    figures = (_percent(score.get(key)) for key in FIGURES)
    ranks = score.get("spearman")
    last = "" if ranks is None else f"{ranks:.3f}"
    return (name, str(score["n"]), str(score["abstained"]), *figures, last)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f} %"


def _verdicts(fit: Mapping[str, Any]) -> str:
    right, wrong = fit["starts_right"], fit["starts_wrong"]
    text = f"starts or not: {right} right, {wrong} wrong, {fit['unsure']} unsure"
    if fit.get("unjudged"):
        text += f", {fit['unjudged']} not judged"
    if fit.get("wrong"):
        text += f"\nwrong: {', '.join(fit['wrong'])}"
    return text + "\n"
