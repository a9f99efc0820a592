"""KV heads are copied, so the cache holds fewer tokens.

Checks: a tensor split that the spec names is no wider than the KV heads.
Because: a rank needs a whole KV head, so where there are more ranks than heads each head is
    stored several times. It works, but the KV cache of the group holds that much less.
Wrong: model = qwen3-235b-a22b; parallel { tensor = 8; expert = 8 }
Right: model = qwen3-235b-a22b; parallel { tensor = 4; data = 2; expert = 8 }
Source: vllm 0.33.0 layers/linear.py QKVParallelLinear num_kv_head_replicas; TensorRT-LLM
    docs/source/features/parallel-strategy.md
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


def copies(case: Case, degrees: Degrees) -> int:
    """How often each KV head is stored: 1 where none is copied."""
    model = case.model
    if model is None or model.mla or not model.kv_heads:
        return 1
    return max(1, degrees.tensor // model.kv_heads)


def check(case: Case) -> Diagnostic | None:
    """The warning on a planned case whose spec names the split, else None."""
    if case.plan is None or case.model is None or case.spec.setting("parallel.tensor") is None:
        return None
    degrees = case.plan.degrees
    times = copies(case, degrees)
    return _diagnose(case, degrees, times) if times > 1 else None


def _diagnose(case: Case, degrees: Degrees, times: int) -> Diagnostic:
    model, spec = case.model, case.spec
    assert model is not None
    tensor, heads = degrees.tensor, model.kv_heads
    often = "twice" if times == 2 else f"{times} times"
    primary = at(spec, "parallel.tensor", f"{tensor} ranks share {heads} KV heads")
    shape = f"{heads} KV heads, {model.layers} layers, head size {model.head_dim}"
    figures = [
        Figure("copies", times, f"{tensor} ranks / {heads} KV heads = each head {often}"),
        Figure(
            "tokens_share",
            Fraction(1, times),
            f"the same memory holds 1/{times} of the tokens that `tensor = {heads}` would hold",
        ),
    ]
    return Diagnostic(
        "SRV402",
        "warning",
        f"`tensor = {tensor}` stores every KV head of {model.name} {often}",
        primary,
        seconds(primary, at(spec, "model", shape)),
        tuple(figures),
        _fixes(case, degrees, times),
    )


def _fixes(case: Case, degrees: Degrees, times: int) -> tuple[Fix, ...]:
    """The same devices as attention replicas with one KV head on each rank."""
    from servec.compiler.decide.legal import legal
    from servec.compiler.plan import Degrees

    model = case.model
    assert model is not None
    data = degrees.data * times
    for expert in (degrees.tensor * degrees.data, degrees.expert, 1):
        wanted = Degrees(model.kv_heads, degrees.pipeline, data, degrees.context, expert)
        if (expert > 1) <= bool(model.experts) and legal(case, wanted):
            break
    else:
        return ()
    values = {"parallel.tensor": str(wanted.tensor), "parallel.data": str(data)}
    if model.experts:
        values["parallel.expert"] = str(expert)
    more = ", experts still over all of them" if expert > 1 else ""
    title = f"one KV head on each GPU of {data} attention replicas{more}"
    return (Fix(title, write(case.spec, values)),)
