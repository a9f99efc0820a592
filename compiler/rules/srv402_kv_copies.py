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

from servec.compiler.rules.heads import copies
from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


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
        *_sums(case, degrees, times),
    ]
    return Diagnostic(
        "SRV402",
        "warning",
        f"`tensor = {tensor}` stores every KV head of {called(spec, model)} {often}",
        primary,
        seconds(primary, at(spec, "model", shape)),
        tuple(figures),
        _fixes(case, degrees, times),
    )


def _sums(case: Case, degrees: Degrees, times: int) -> list[Figure]:
    """Bytes of a token over all ranks with the copies, and the tokens the pool holds."""
    from servec.compiler.memory.kv import kv_bytes_per_token

    model, plan, memory = case.model, case.plan, case.memory
    assert model is not None and plan is not None
    each = kv_bytes_per_token(model, plan.kv, degrees) * degrees.tensor
    text = f"KV per token, {plan.kv}: {each / times / 1024:.4g} KiB; with copies"
    lines = [Figure("kv_per_token", each, f"{text} {each / 1024:.4g} KiB")]
    if memory is not None and memory.budget is not None and memory.pool_tokens:
        pool, held = memory.kv_pool / 2**30, memory.pool_tokens / 1e6
        text = f"at {pool:.1f} GiB of KV on each GPU: {held:.2f} M tokens"
        figure = Figure(
            "pool_tokens", memory.pool_tokens, f"{text} instead of {held * times:.2f} M"
        )
        lines.append(figure)
    return lines


def _fixes(case: Case, degrees: Degrees, times: int) -> tuple[Fix, ...]:
    """The same devices as attention replicas with one KV head on each rank."""
    from servec.compiler.decide.legal import serves
    from servec.compiler.plan import Degrees

    model = case.model
    assert model is not None
    data = degrees.data * times
    for expert in (degrees.tensor * degrees.data, degrees.expert, 1):
        wanted = Degrees(model.kv_heads, degrees.pipeline, data, degrees.context, expert)
        if (expert > 1) <= bool(model.experts) and serves(case, wanted):
            break
    else:
        return ()
    values = {"parallel.tensor": str(wanted.tensor), "parallel.data": str(data)}
    if model.experts:
        values["parallel.expert"] = str(expert)
    more = ", experts still over all of them" if expert > 1 else ""
    title = f"one KV head on each GPU of {data} attention replicas{more}"
    return (Fix(title, write(case.spec, values)),)
