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

from servec.compiler.rules.asked import PARSERS, names, problems, wanted
from servec.compiler.rules.expressible import excluded, expressed, inexpressible, takes_class
from servec.compiler.rules.labels import at, called, drop, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label
from servec.dsl.record import replace

LAYOUT = ("parallel", "hardware", "nodes")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from servec.compiler.rules.asked import Problem
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def checks(case: Case) -> tuple[Diagnostic, ...]:
    """Every feature that is missing, before a plan is made."""
    return tuple(_of(case, item) for item in problems(case))


def _of(case: Case, item: Problem) -> Diagnostic:
    if item.kind == "missing":
        return _missing(case, item.path, item.what, item.why)
    if item.kind == "word":
        return _word(case, item.path, item.what)
    if item.kind == "unnamed":
        return _unnamed(case, item.path, item.what)
    if item.kind in ("unable", "undrafted"):
        found = replace(_unable(case, item.path, item.what, item.why), about=item.about)
        return found if item.kind == "unable" else _drafted(case, found)
    return _together(case, item.path, item.other, item.what, item.why)


def check(case: Case) -> Diagnostic | None:
    """The degree of a planned case that the runtime cannot express, else None."""
    if case.plan is None:
        return None
    name = inexpressible(case, case.plan.degrees)
    if name:
        return replace(_degree(case, name), hangs=LAYOUT)
    pair = excluded(case, case.plan.degrees)
    return replace(_with_degree(case, *pair), hangs=LAYOUT) if pair is not None else None


def _with_degree(case: Case, degree: str, feature: str, source: str) -> Diagnostic:
    """A degree that does not go together with a feature."""
    where = {name: path for path, feature in wanted(case) for name in names(feature)}
    degree = degree.partition("_")[0]
    path = "parallel." + degree
    return _together(
        case,
        where[feature],
        path if case.spec.setting(path) is not None else "hardware",
        f"{feature} with {degree} = {getattr(case.plan.degrees, degree) if case.plan else 0}",
        source,
    )


def _degree(case: Case, name: str) -> Diagnostic:
    from servec.compiler.decide.legal import nearest_legal

    plan, spec, model = case.plan, case.spec, case.model
    assert plan is not None
    value = getattr(plan.degrees, name)
    path = "parallel." + name
    said = path if spec.setting(path) else "hardware"
    primary = at(spec, said, f"{name} is {value}")
    by_class = model is not None and not takes_class(case.capabilities.topology, name, model)
    kind = "a mixture of experts" if model and model.experts else "a dense model"
    dense = name == "expert" and not (model and model.experts)
    if model and by_class:
        kind = (model.architecture or model.model_type)[:50]
    names = ("tensor", "pipeline", "data", "context", "expert")
    found = nearest_legal(case, (name,)) or nearest_legal(case, names)
    why = case.capabilities.topology.sources.get(f"{name}_for" if by_class else name, "")
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
        seconds(primary, at(spec, "model", kind), stated(spec, "target", "the runtime asked for")),
        tuple(figures),
        fixes,
        about="experts" if dense else "",
    )


def _missing(case: Case, path: str, what: str, why: str) -> Diagnostic:
    spec = case.spec
    primary = at(spec, path, f"not in {case.target.name} {case.capabilities.version}", "hardware")
    if path == "lora" and spec.adapters:
        primary = Label(spec.adapters[0].name_span, primary.text)
    edits = drop(spec, path)
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} {case.capabilities.version} has no {what}"[:100],
        primary,
        seconds(primary, stated(spec, "target", "the runtime asked for")),
        (Figure("why", None, why),) if why else (),
        (Fix(f"do without {what}", edits),) if edits else (Fix(f"do without {what}"),),
    )


def _word(case: Case, path: str, word: str) -> Diagnostic:
    from difflib import get_close_matches

    spec, known = case.spec, case.capabilities.values[path]
    primary = at(spec, path, f"not a word of {case.target.name} {case.capabilities.version}")
    near = get_close_matches(word, known, 1)
    fixes: tuple[Fix, ...] = ()
    if near and spec.word(path) == word:
        fixes = (Fix(f"write `{near[0]}`", write(spec, {path: near[0]})),)
    return Diagnostic(
        "SRV310",
        "error",
        f"{case.target.name} {case.capabilities.version} has no `{path} = {word}`"[:100],
        primary,
        seconds(primary, stated(spec, "target", "the runtime asked for")),
        (Figure("known", len(known), f"it has {_few(known)}"),),
        fixes or (_own(spec, path),),
    )


def _few(known: Collection[str]) -> str:
    """The first of the words, and how many more there are."""
    more = f" and {len(known) - 12} more" if len(known) > 12 else ""
    return ", ".join(sorted(known)[:12]) + more


def _own(spec: Spec, path: str) -> Fix:
    """What to say instead of a word that no runtime has: the model's own parser, else nothing."""
    if path in PARSERS:
        return Fix("take the model's own parser", write(spec, {path: "auto"}))
    return Fix("let the compiler choose", drop(spec, path))


def _unnamed(case: Case, path: str, what: str) -> Diagnostic:
    """`auto` where no parser is known of the model."""
    spec, known = case.spec, case.capabilities.values[path]
    name = called(spec, case.model) if case.model is not None else spec.word("model")
    return Diagnostic(
        "SRV310",
        "error",
        f"no {what} parser is known for {name}"[:100],
        at(spec, path, "stands for the model's own"),
        (at(spec, "model", "the model"),),
        (Figure("known", len(known), f"{case.target.name} has {_few(known)}"),),
        (Fix(f"name one: `{path} = …`"),),
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


def _drafted(case: Case, found: Diagnostic) -> Diagnostic:
    """The finding with the draft that is known of the model as what to write first."""
    from servec.compiler.catalogue.drafts import draft_of

    assert case.model is not None
    way = case.spec.word("features.speculative") or ""
    draft = draft_of(case.model.id, way, case.target.name)
    if not draft:
        without = Fix("name one, or do without it", drop(case.spec, "features.speculative"))
        return replace(found, fixes=(without,))
    named = Fix(f"name one: `{draft}`", write(case.spec, {"features.draft": f'"{draft}"'}))
    return replace(found, fixes=(named, *found.fixes))


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
