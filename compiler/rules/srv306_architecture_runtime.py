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

from servec.compiler.rules.labels import at, called, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def diagnose(case: Case) -> Diagnostic:
    """The finding on a model whose class the runtime does not know."""
    model, spec, name = case.model, case.spec, case.target.name
    assert model is not None
    version = case.capabilities.version
    primary = at(spec, "model", model.architecture[:60])
    block = spec.on.get(name)
    said = [Label(block.version.span, "the version asked for")] if block and block.version else []
    named = spec.word("target") == name
    edits = write(spec, {"target": "auto"}) if named else ()
    return Diagnostic(
        "SRV306",
        "error",
        f"{name} {version} does not know {called(spec, model)}"[:100],
        primary,
        seconds(primary, *said, stated(spec, "target", "the runtime asked for")),
        (
            Figure("architecture", model.architecture, _class(model.architecture)),
            Figure(
                "known",
                len(case.capabilities.architectures),
                f"{name} {version} has {len(case.capabilities.architectures)} classes, not this",
            ),
        ),
        (Fix("let the compiler choose", edits),),
    )


def _class(name: str) -> str:
    """What the config says; one that a runtime's own converter wrote has no list of classes."""
    return f"its class is {name}" if name else "its config.json has no class in `architectures`"
