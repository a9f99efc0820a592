"""Promises of a spec that a prediction breaks, and how a rule shows them and loosens them."""

from __future__ import annotations

import math

from servec.dsl.diagnostic import Edit, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Verdict
    from servec.compiler.target import Case
    from servec.dsl.spec import Bound, Spec

HOUR = 3.6e6
"""Milliseconds; nobody promises a latency of that length."""


def broken(case: Case, floor: bool) -> list[tuple[Verdict, Bound]]:
    """Missed promises with the lines that say them: those below a floor, or the others."""
    performance = case.performance
    found: list[tuple[Verdict, Bound]] = []
    for line in performance.slo if performance is not None else ():
        bound = bound_of(case.spec, line)
        if line.verdict == "missed" and bool(line.floor) == floor and bound is not None:
            found.append((line, bound))
    return found


def bound_of(spec: Spec, line: Verdict) -> Bound | None:
    """The relation of a verdict."""
    path = "slo." + line.metric
    return spec.upper(path) if line.op == "<=" else spec.lower(path)


def said(line: Verdict, bound: Bound) -> str:
    """`tpot.p95 <= 8ms`, as the spec has it."""
    return f"{line.metric} {line.op} {bound.text}"


def shown(value: float, unit: str) -> str:
    """A figure of a verdict in the unit that reads best, three digits of it."""
    if unit == "ms" and value >= HOUR:
        value, unit = value / HOUR, "h"
    elif unit == "ms" and value >= 1e4:
        value, unit = value / 1e3, "s"
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def loosened(found: list[tuple[Verdict, Bound]], title: str) -> Fix:
    """The promises at the far end of their bands, rounded to the loose side; where nothing is
    predicted, at twice the floor. Without edits where a band has no such end."""
    edits, texts = [], []
    for line, bound in found:
        text = _loose(line)
        if not text:
            return Fix("promise less: the prediction gives no figure that can be kept")
        edits.append(Edit(bound.value_span, text))
        texts.append(text if len(found) == 1 else f"{line.metric} {text}")
    edits.sort(key=lambda edit: (edit.span.file, edit.span.start))
    return Fix(f"{title}: {', '.join(texts)}", tuple(edits))


def _loose(line: Verdict) -> str:
    up = line.op == "<="
    if line.predicted is not None:
        value = line.predicted.high if up else line.predicted.low
    else:
        value = line.floor * 2 if up else line.floor / 2
    if value <= 0 or (line.unit == "ms" and value >= HOUR):
        return ""
    digits = 10 ** (math.floor(math.log10(value)) - 1)
    rounded = (math.ceil(value / digits) if up else math.floor(value / digits)) * digits
    if line.unit != "ms":
        return f"{rounded:.10g} {line.unit}"
    return f"{rounded / 1e3:.10g}s" if rounded >= 1e4 else f"{rounded:.10g}ms"
