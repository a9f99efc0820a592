"""The finding on a rule of the runtime that a case breaks, with what breaks it."""

from __future__ import annotations

from servec.compiler.rules.labels import at, drop, seconds, write
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from servec.compiler.options.constraints import Constraint
    from servec.compiler.target import Case


def constrained(case: Case, rule: Constraint) -> Diagnostic:
    """A planned case that breaks a rule of the runtime; two lines where the spec says both."""
    spec = case.spec
    paths = sorted(filter(None, (rule.path, rule.other)), key="model".__eq__)
    said = [found for path in paths if (found := _said(case, path))]
    first = said[0] if said else (rule.other or "target", at(spec, rule.other, ""), ())
    primary = Label(first[1].span, "served otherwise" if rule.warns else "refused at start")
    others = [Label(label.span, "together with this") for _, label, _ in said[1:]]
    fixes: tuple[Fix, ...] = ()
    if rule.say is not None:
        path, text = rule.say
        fixes = (Fix(f"say `{path} = {text}`", write(spec, {path: text})),)
    elif first[2]:
        fixes = (Fix(f"leave `{first[0].partition(' = ')[0]}` to the compiler", first[2]),)
    if rule.draft:
        fixes = (*_named(case, rule), *fixes)
    does = "serves otherwise than asked by" if rule.warns else "does not start with"
    return Diagnostic(
        rule.code,
        "warning" if rule.warns else "error",
        f"{case.target.name} {case.capabilities.version} {does} {code(first[0], 50)}",
        primary,
        seconds(primary, *others, at(spec, "model", "the model", "target")),
        (Figure("why", None, rule.why), Figure("source", None, f"see {rule.source}")),
        fixes,
        hangs=tuple(_looked_at(rule.when)),
    )


def _named(case: Case, rule: Constraint) -> tuple[Fix, ...]:
    """To name the draft that is known of the model, where one has to be named."""
    from servec.compiler.catalogue.drafts import draft_of
    from servec.compiler.options.named import value

    way, runtime = str(value(case, rule.when[0][0], {})), case.target.name
    draft = draft_of(case.model.id, way, runtime) if case.model is not None else ""
    return (Fix(f"name one: {rule.draft.format(draft)}"),) if draft else ()


def _looked_at(conditions: Sequence[Sequence[Any]]) -> Iterator[str]:
    """All that the conditions of a rule name."""
    for name, relation, operand in conditions:
        if relation == "of":
            yield from _looked_at(operand)
        else:
            yield name
        if isinstance(operand, str) and "." in operand:
            yield operand


def _said(case: Case, path: str) -> tuple[str, Label, tuple[Edit, ...]] | None:
    """What a field, or with `on.` a native option, says: its text, where, and how to drop it."""
    if path.startswith("env."):
        name = path.removeprefix("env.")
        block = case.spec.on.get(case.target.name)
        own = block.env.get(name) if block is not None else None
        variable = own or case.spec.env.get(name)
        shown = _with(name, variable.value) if variable is not None else ""
        return (shown, Label(variable.span, ""), ()) if variable is not None else None
    if path.startswith(("on.", "opt.")):
        from servec.compiler.options.named import native, said

        head, _, name = path.partition(".")
        spoken = said(case, name) if head == "opt" else None
        if spoken is not None and spoken.path:
            return _said(case, spoken.path)
        option = spoken.native if spoken is not None else native(case, name)
        if option is None and spoken is not None:
            return _with(name, spoken.value), at(case.spec, "target", ""), ()
        if option is None:
            return None
        shown = _with(option.name, option.text)
        return shown, Label(option.span, ""), (Edit(option.span, ""),)
    found = case.spec.setting(path)
    if found is None:
        head = path.removeprefix("checkpoint.") + "."
        bounds = case.spec.overrides.items()
        free = next((bound for name, bound in bounds if name.startswith(head)), None)
        return (path, Label(free.span, ""), ()) if free is not None else None
    edits = drop(case.spec, path) if "." in path else ()
    return f"{path} = {found.first.text}", at(case.spec, path, ""), edits


def _with(name: str, value: object) -> str:
    """An option with its value, unless that is long to read: an object, a list."""
    text = str(value).lower() if isinstance(value, bool) else str(value)[:40]
    return name if not text or text[0] in "{[" else f"{name} = {text}"
