"""The runtime or the model does not have what the spec asks for.

Checks: each feature, modality, task, parser name, tuning word and parallel degree that the spec
    names exists in that version of the runtime, goes together with the others, and is something
    the model can do.
Because: a flag that does not exist ends the start; one that is ignored breaks a promise in
    silence. Under `auto` it only takes this runtime out of the choice.
Wrong: target = vllm; model = llama-3.1-8b; features { modalities = [image] }
Right: target = vllm; model = llama-3.1-8b; features { modalities = [text] }
Source: the capability table of the runtime, whose claims each name file and version
"""

from __future__ import annotations

from servec.compiler.rules.asked import ASKED, wanted
from servec.compiler.rules.expressible import excluded, expressed, inexpressible
from servec.compiler.rules.labels import at, called, drop, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


def checks(case: Case) -> tuple[Diagnostic, ...]:
    """Every feature that is missing, before a plan is made."""
    asked = list(wanted(case))
    return tuple(
        found
        for part in (_features(case, asked), _words(case), _model(case), _pairs(case, asked))
        for found in part
    )


def _features(case: Case, asked: list[tuple[str, str]]) -> Iterator[Diagnostic]:
    capabilities = case.capabilities
    for path, feature in asked:
        if feature not in capabilities.features:
            why = capabilities.lacks.get(path, "")
            yield _missing(case, path, feature.replace("speculative.", ""), why)
    if case.nodes > 1 and not capabilities.topology.nodes:
        yield _missing(case, "nodes", f"serving over {case.nodes} nodes", "")


def _words(case: Case) -> Iterator[Diagnostic]:
    """Fields the runtime cannot express, and words it does not know."""
    lacks, values = case.capabilities.lacks, case.capabilities.values
    spec = case.spec
    said = spec.settings
    asked = {path for path, _ in ASKED}
    for path in said:
        if path.startswith("precision."):
            continue
        if path in lacks and path not in asked and spec.flag(path) is not False:
            yield _missing(case, path, path, lacks[path])
        elif path in values:
            for word in spec.words(path):
                if word not in values[path]:
                    yield _word(case, path, word)


def _model(case: Case) -> Iterator[Diagnostic]:
    """What the model cannot do, whatever the runtime."""
    model, spec = case.model, case.spec
    if model is None:
        return
    for word in spec.words("features.modalities"):
        if word not in ("text", *model.modalities):
            yield _unable(
                case, "features.modalities", f"takes no {word}", ", ".join(model.modalities)
            )
    if spec.word("features.speculative") == "mtp" and not model.mtp_layers:
        yield _unable(
            case, "features.speculative", "stores no layers for mtp", "0 prediction layers"
        )
    if "parallel.expert" in spec.settings and not model.experts:
        low = spec.lower("parallel.expert")
        if low is not None and low.value != 1:
            yield _unable(case, "parallel.expert", "has no experts", "a dense model")


def _pairs(case: Case, asked: list[tuple[str, str]]) -> Iterator[Diagnostic]:
    excludes = case.capabilities.excludes
    if not excludes:
        return
    where = {name: path for path, feature in asked for name in _names(feature)}
    for one, other, source in excludes:
        if one in where and other in where:
            yield _together(case, where[one], where[other], f"{one} with {other}", source)


def breaks(case: Case, degrees: Degrees) -> bool:
    """Whether the runtime cannot express this layout, or not with the features asked for."""
    return bool(inexpressible(case, degrees)) or excluded(case, degrees) is not None


def check(case: Case) -> Diagnostic | None:
    """The degree of a planned case that the runtime cannot express, else None."""
    if case.plan is None:
        return None
    name = inexpressible(case, case.plan.degrees)
    if name:
        return _degree(case, name)
    pair = excluded(case, case.plan.degrees)
    return _with_degree(case, *pair) if pair is not None else None


def _with_degree(case: Case, degree: str, feature: str, source: str) -> Diagnostic:
    """A degree that does not go together with a feature."""
    where = {name: path for path, feature in wanted(case) for name in _names(feature)}
    degree = degree.partition("_")[0]
    path = "parallel." + degree
    return _together(
        case,
        where[feature],
        path if case.spec.setting(path) is not None else "hardware",
        f"{feature} with {degree} = {getattr(case.plan.degrees, degree) if case.plan else 0}",
        source,
    )


def _names(feature: str) -> tuple[str, str]:
    return feature, feature.partition(".")[0]


def _degree(case: Case, name: str) -> Diagnostic:
    from servec.compiler.decide.legal import nearest_legal

    plan, spec, model = case.plan, case.spec, case.model
    assert plan is not None
    value = getattr(plan.degrees, name)
    path = "parallel." + name
    said = path if spec.setting(path) else "hardware"
    primary = at(spec, said, f"{name} is {value}")
    kind = "a mixture of experts" if model and model.experts else "a dense model"
    names = ("tensor", "pipeline", "data", "context", "expert")
    found = nearest_legal(case, (name,)) or nearest_legal(case, names)
    why = case.capabilities.topology.sources.get(name, "")
    figures = [
        Figure(name, value, f"{case.target.name} {case.capabilities.version} has {expressed(case)}")
    ]
    if why:
        figures.append(Figure("source", None, f"see {why}"))
    fixes: tuple[Fix, ...] = ()
    if found is not None:
        values = {
            "parallel." + n: str(getattr(found, n))
            for n in names
            if getattr(found, n) != getattr(plan.degrees, n)
        }
        fixes = (Fix(f"split as {found}", write(spec, values)),)
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} cannot express `{name} = {value}` for {kind}",
        primary,
        seconds(primary, at(spec, "model", kind), at(spec, "target", "the runtime asked for")),
        tuple(figures),
        fixes,
    )


def _missing(case: Case, path: str, what: str, why: str) -> Diagnostic:
    spec = case.spec
    primary = at(spec, path, f"not in {case.target.name} {case.capabilities.version}", "hardware")
    if path == "lora" and spec.adapters:
        from servec.dsl.diagnostic import Label

        primary = Label(spec.adapters[0].name_span, primary.text)
    edits = drop(spec, path)
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} {case.capabilities.version} has no {what}"[:100],
        primary,
        seconds(primary, at(spec, "target", "the runtime asked for", "model")),
        (Figure("why", None, why),) if why else (),
        (Fix(f"do without {what}", edits),) if edits else (Fix(f"do without {what}"),),
    )


def _word(case: Case, path: str, word: str) -> Diagnostic:
    from difflib import get_close_matches

    spec, known = case.spec, case.capabilities.values[path]
    primary = at(spec, path, f"not a word of {case.target.name} {case.capabilities.version}")
    near = get_close_matches(word, known, 1)
    shown = ", ".join(sorted(known)[:12])
    more = f" and {len(known) - 12} more" if len(known) > 12 else ""
    fixes: tuple[Fix, ...] = ()
    if near and spec.word(path) == word:
        fixes = (Fix(f"write `{near[0]}`", write(spec, {path: near[0]})),)
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} {case.capabilities.version} has no `{path} = {word}`"[:100],
        primary,
        seconds(primary, at(spec, "target", "the runtime asked for", "model")),
        (Figure("known", len(known), f"it has {shown}{more}"),),
        fixes or (Fix("let the compiler choose", drop(spec, path)),),
    )


def _unable(case: Case, path: str, what: str, has: str) -> Diagnostic:
    spec, model = case.spec, case.model
    assert model is not None
    primary = at(spec, path, "the model cannot do this")
    return Diagnostic(
        "SRV310",
        "error",
        f"{called(spec, model)} {what}"[:100],
        primary,
        seconds(primary, at(spec, "model", has[:60])),
        (Figure("model", None, f"{model.id}: {has}"),),
        (Fix("do without it", drop(spec, path)),),
    )


def _together(case: Case, path: str, other: str, what: str, source: str) -> Diagnostic:
    spec = case.spec
    primary = at(spec, path, "one of the two")
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} {case.capabilities.version} does not run {what}"[:100],
        primary,
        seconds(primary, at(spec, other, "the other")),
        (Figure("source", None, source),),
        (Fix("do without one of the two", drop(spec, path)),),
    )
