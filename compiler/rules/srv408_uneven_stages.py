"""Pipeline stages are uneven.

Checks: the layers divide by `parallel.pipeline`.
Because: the stage with one layer more sets the pace and the memory; the others wait and keep
    memory free that the cache cannot use. It works: runtimes hand out the remainder.
Wrong: model = qwen3-235b-a22b; parallel { pipeline = 4; tensor = 2 }
Right: model = qwen3-235b-a22b; parallel { pipeline = 2; tensor = 4 }
Source: vllm 0.33.0 vllm/distributed/utils.py get_pp_indices; TensorRT-LLM
    tensorrt_llm/mapping.py
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The warning on a planned case whose spec names the stages, else None."""
    if case.plan is None or case.model is None:
        return None
    stages, layers = case.plan.degrees.pipeline, case.model.layers
    if stages == 1 or layers % stages == 0 or not case.spec.setting("parallel.pipeline"):
        return None
    spec = case.spec
    most = -(-layers // stages)
    primary = at(spec, "parallel.pipeline", f"{most} layers in one stage, {most - 1} in another")
    return Diagnostic(
        "SRV408",
        "warning",
        f"{layers} layers of {called(spec, case.model)} do not divide into {stages} equal stages",
        primary,
        seconds(primary, at(spec, "model", f"{layers} layers")),
        (
            Figure(
                "layers_per_stage",
                Fraction(layers, stages),
                f"{layers} / {stages} = {layers / stages:.4g}: the longest stage has {most}",
            ),
            Figure(
                "waiting",
                Fraction(most * stages - layers, most * stages),
                f"the pace is that of {most * stages} layers:"
                f" {1 - layers / (most * stages):.1%} of the time is waiting",
            ),
        ),
        _fixes(case),
    )


def _fixes(case: Case) -> tuple[Fix, ...]:
    from servec.compiler.decide.legal import nearest_legal

    model = case.model
    assert model is not None
    layers = model.layers
    names = ("tensor", "pipeline", "data", "expert")
    found = nearest_legal(case, names, lambda degrees: layers % degrees.pipeline == 0)
    if found is None:
        return ()
    values = {
        "parallel." + name: str(getattr(found, name))
        for name in names
        if not case.spec.admits("parallel." + name, getattr(found, name))
    }
    return (Fix(f"even stages: {found}", write(case.spec, values)),) if values else ()
