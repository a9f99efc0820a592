"""What a runtime's rules say of a launch line itself, whatever became of its options."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.cli.sources import DiskSources
    from servec.compiler.model import Model
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.target import Case, Target
    from servec.dsl.diagnostic import About, Diagnostic
    from servec.dsl.spec import Spec
    from servec.targets.shared.importing.compiled import Outcome

UNKNOWN = ("the parser", "belongs to no", " keyword")
"""What the reason says where it is the option that is not known, not its value."""


@record
class Line:
    """A target that hears what a line says beside what the spec made of it does."""

    target: Target
    options: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        """Everything else is the target's own."""
        return getattr(self.target, name)

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """The options of the line, and those of the spec where they can be pointed at."""
        from servec.compiler.options.spoken import Spoken

        spoken = self.target.says(spec, version)
        heard = {name: Spoken(value) for name, value in self.options.items()}
        both = {
            name: Spoken(heard[name].value, s.native, s.path)
            for name, s in spoken.items()
            if name in heard
        }
        return {**heard, **both}


def line_findings(
    outcome: Outcome, target: Target, sources: DiskSources, path: str
) -> tuple[Diagnostic, ...]:
    """The rules of the runtime that the line breaks, whether or not a plan can be made of it."""
    from servec.compiler.options.constraints import unheeded, violations
    from servec.compiler.rules.constrained import constrained
    from servec.compiler.target import refusing

    case = _case(outcome, target, sources, path)
    if case is None:
        return ()
    rules = list(refusing(target, case.spec, outcome.imported.version))
    found = (*violations(case, rules), *unheeded(case, rules))
    broken = tuple(constrained(case, rule) for rule in found)
    told = (*_parser(outcome, case), *_partly(outcome, case), *_left(outcome, case))
    return (*told, *_gone(outcome, case), *broken)


def _gone(outcome: Outcome, case: Case) -> tuple[Diagnostic, ...]:
    """Options that were away by the stated release, though the table beneath it has them; of those
    that became fields nothing else tells."""
    from servec.compiler.options.rules.srv203_option_removed import option_removed
    from servec.compiler.rules.labels import at
    from servec.targets.shared.options import context_of

    made = outcome.imported
    context = context_of(made.runtime, case.spec, made.version)
    span = at(case.spec, "target", "removed").span
    gone = (name for name in made.said.options if context.gone(name))
    return tuple(option_removed(context, name, span, span) for name in gone)


def _left(outcome: Outcome, case: Case) -> tuple[Diagnostic, ...]:
    """Arguments of a program whose values only a run of it would tell."""
    if not outcome.imported.said.left:
        return ()
    from servec.cli.pages.srv211_left_to_a_run import left_out

    return (left_out(case.spec, outcome.imported.said.left),)


def _partly(outcome: Outcome, case: Case) -> tuple[Diagnostic, ...]:
    """Numbers of the line that the parser reads as far as they go."""
    if not outcome.imported.said.partly:
        return ()
    from servec.compiler.options.rules.srv210_read_in_part import read_in_part
    from servec.compiler.rules.labels import at

    where = f"{outcome.imported.runtime} {outcome.imported.version}"
    return tuple(
        read_in_part(where, flag, word, number, at(case.spec, "target", "its line"), case.spec.name)
        for flag, word, number in outcome.imported.said.partly
    )


def _parser(outcome: Outcome, case: Case) -> tuple[Diagnostic, ...]:
    """What the parser takes exception to and the spec, which is made of what it means, does not."""
    from servec.compiler.options.values import UNLISTED
    from servec.compiler.rules.labels import at
    from servec.dsl.diagnostic import Diagnostic, Figure
    from servec.targets.shared.importing.said import LACKING

    made = outcome.imported
    judged = _stated_between(case)
    where, at_line = (
        f"{made.runtime} {made.version}",
        at(case.spec, "target", "refused by its parser"),
    )
    found: list[tuple[str, str, str, About]] = [
        (
            "SRV201" if any(said in text for said in UNKNOWN) else "SRV205",
            f"{where} does not take `{word}`"[:100],
            text,
            "parser",
        )
        for word, text in made.said.troubles
        if not (judged and text == UNLISTED)
    ]
    if made.said.lacks:
        title = f"{where}{LACKING}{made.said.lacks}"
        why = "the parser demands it, and the line names no model"
        found.append(("SRV201", title, why, "unnamed"))
    name = case.spec.name
    return tuple(
        Diagnostic(
            code, "error", title, at_line, (), (Figure("why", None, why),), (), name, about=about
        )
        for code, title, why, about in found
    )


def _stated_between(case: Case) -> bool:
    """Whether the release lies between two tables, by both of which its options are judged."""
    from servec.targets.shared.table import beside

    block = case.spec.on.get(case.target.name)
    stated = block.version if block else None
    return stated is not None and bool(beside(case.target.name, str(stated.value)))


def _case(outcome: Outcome, target: Target, sources: DiskSources, path: str) -> Case | None:
    from servec.compiler.result import Request
    from servec.compiler.search.survey import survey
    from servec.compiler.target import Case, able
    from servec.dsl.load import load
    from servec.targets.shared.options import aliased
    from servec.targets.shared.table import load_table

    document, _ = load(sources, path)
    spec = next(iter(document.deployments), None) if document is not None else None
    if spec is None or document is None or spec.broken or spec.roles:
        return None
    found = survey(spec, Request((target.name,), sources=sources), True, document).alternatives
    if not found:
        return None
    site, made = found[0][0], outcome.imported
    table = load_table(made.runtime, made.version)
    return Case(
        spec=spec,
        target=Line(target, aliased(table, made.said.options)),
        capabilities=able(target, spec, made.version),
        model=site.model,
        device=site.device,
        devices_per_node=site.per_node,
        nodes=made.sheet.nodes,
        named=True,
        draft=site.draft or _draft(made.said.options),
        hardware=site.hardware,
    )


def _draft(options: Mapping[str, Any]) -> Model | None:
    """The draft model that the line names, where it is known."""
    from servec.compiler.catalogue.models import find_model

    held = options.get("speculative-config")
    name = held.get("model") if isinstance(held, dict) else None
    name = name or options.get("speculative-draft-model-path")
    return find_model(name) if isinstance(name, str) and name[:1] not in "./" else None
