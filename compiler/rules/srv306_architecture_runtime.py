"""This version of the runtime does not know the model's architecture.

Checks: the model class that `config.json` names is in the registry of that version, or is one of
    Transformers that vLLM or SGLang take where they have none of their own.
Because: a runtime builds a model from its own class for it. Without one the start ends with
    "architectures are not supported", unless Transformers' class fits, which is slower.
Wrong: target = sglang; model = qwen3.8-2.4t-a95b; hardware = b300 x 8; nodes = 4
    on sglang { version = "0.5.12.post1" }
Right: target = sglang; model = qwen3-235b-a22b; hardware = b300 x 8; nodes = 4
    on sglang { version = "0.5.12.post1" }
Source: vllm model_executor/models/registry.py, sglang srt/models EntryClass, by version
"""

from __future__ import annotations

from servec.compiler.options.context import span_of
from servec.compiler.rules.labels import at, called, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def diagnose(case: Case) -> Diagnostic:
    """The finding on a model whose class the runtime does not know."""
    spec, name = case.spec, case.target.name
    version = case.capabilities.version
    known, what, why = _named(case)
    primary = at(spec, "model", known[:60])
    block = spec.on.get(name)
    said = [Label(block.version.span, "the version asked for")] if block and block.version else []
    named = spec.word("target") == name
    edits = write(spec, {"target": "auto"}) if named else ()
    holders = case.capabilities.holders(known)
    fixes = [Fix("let the compiler choose", edits)]
    if holders and block and block.version and block.version.op == "=":
        newest = holders[-1]
        edit = Edit(block.version.value_span, f'"{newest}"')
        fixes.insert(0, Fix(f"state {newest}, which has it", (edit,)))
    return Diagnostic(
        "SRV306",
        "error",
        f"{name} {version} does not know {what}"[:100],
        primary,
        seconds(primary, *said, stated(spec, "target", "the runtime asked for")),
        (
            Figure("architecture", known, why),
            Figure(
                "known",
                len(case.capabilities.architectures),
                f"{name} {version} has {len(case.capabilities.architectures)} classes, not this",
            ),
            *_having(name, holders),
        ),
        tuple(fixes),
    )


def _having(name: str, holders: tuple[str, ...]) -> tuple[Figure, ...]:
    """Which tables have the class: some that were before, or came after."""
    if not holders:
        return ()
    have = "has" if len(holders) == 1 else "have"
    return (Figure("first", holders[0], f"{name} {span_of(holders)} {have} it"),)


def _named(case: Case) -> tuple[str, str, str]:
    """The class, what the model is called, and what its config says."""
    model = case.model
    if model is not None:
        return model.architecture, called(case.spec, model), _class(model.architecture)
    from servec.compiler.catalogue.classed import classed

    found = classed(case.spec.word("model") or "")
    assert found is not None
    if found.makes:
        return found.name, found.name, f"it makes {found.makes}, and is no language model"
    return found.name, found.name, _class(found.name)


def _class(name: str) -> str:
    """What the config says; one that a runtime's own converter wrote has no list of classes."""
    return f"its class is {name}" if name else "its config.json has no class in `architectures`"
