"""No runtime is left to choose from.

Checks: at least one of the candidates reaches the hardware and has the model, the precision and
    the features.
Because: each was refused for a reason of its own, given in one line. Any one of them goes away if
    its reason does; `target = NAME` shows it in full.
Wrong: model = llama-3.1-8b; hardware = v100-32g x 1; candidates = [vllm, sglang]
Right: model = llama-3.1-8b; hardware = a100-80g x 1; candidates = [vllm, sglang]
Source: capability tables of the runtimes
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Spec


def diagnose(spec: Spec, refused: tuple[tuple[str, Diagnostic], ...]) -> Diagnostic:
    """The finding where each runtime was refused for reach: its name and why, in order of name."""
    path = "candidates" if spec.setting("candidates") else "hardware"
    if spec.word("target") not in (None, "auto", "all"):
        path = "target"
    count = len({name for name, _ in refused})
    primary = _commonest(refused, count) or at(spec, path, "no runtime is left")
    figures = [Figure("refused", count, f"{count} runtimes were tried")]
    seen = set()
    if not refused:
        names = ", ".join((*spec.words("target"), *spec.words("candidates"))) or "none"
        figures = [Figure("refused", 0, f"this servec has none of: {names}")]
    for name, found in refused:
        if name not in seen:
            figures.append(Figure(name, found.code, f"{name}: {found.title} ({found.code})"))
            seen.add(name)
    labels = [found.primary for _, found in refused if found.primary.span != primary.span]
    fix = _theirs(refused, primary) or Fix(
        "change what one of them was refused for, or widen `candidates`"
    )
    if path == "target":
        fix = Fix("let the compiler choose", write(spec, {"target": "auto"}))
    return Diagnostic(
        "SRV312",
        "error",
        f"no runtime can serve `{spec.name}`"[:100],
        primary,
        seconds(primary, *labels, at(spec, "hardware", "the hardware")),
        tuple(figures),
        (fix,),
    )


def _commonest(refused: tuple[tuple[str, Diagnostic], ...], count: int) -> Label | None:
    """The place that most runtimes were refused for, where it is at least half of several."""
    runtimes: dict[Span, set[str]] = {}
    for name, found in refused:
        runtimes.setdefault(found.primary.span, set()).add(name)
    if not runtimes:
        return None
    span, names = max(runtimes.items(), key=lambda item: (len(item[1]), -item[0].start))
    if len(names) < 2 or 2 * len(names) < count:
        return None
    return Label(span, f"{len(names)} of {count} runtimes are refused for this")


def _theirs(refused: tuple[tuple[str, Diagnostic], ...], primary: Label) -> Fix | None:
    """The edit offered where most were refused, if it is about what is asked for."""
    for _, found in refused:
        if found.primary.span == primary.span and found.code == "SRV310":
            return next((fix for fix in found.fixes if fix.edits), None)
    return None
