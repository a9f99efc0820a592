"""Memory does not fit.

Checks: weights, working memory and the cache of what must run at a time fit into the part of each
    device's memory that the runtime may take: one sequence of the context, or the promised batch
    of them.
Because: a server that cannot hold its weights stops while it loads, after minutes; one that cannot
    hold a sequence of the stated length refuses to start (vLLM: "larger than the available KV
    cache memory"; SGLang: "Not enough memory"). The sum has an error band; inside it SRV317 warns.
Wrong: target = vllm; model = llama-3.3-70b; hardware = h100 x 2
    precision { weights = bf16; kv = bf16 }
    limits { context = 32Ki tokens; batch = 8 }
Right: target = vllm; model = llama-3.3-70b; hardware = h100 x 4
    precision { weights = bf16; kv = bf16 }
    limits { context = 32Ki tokens; batch = 8 }
Source: vllm 0.33.0 v1/worker/gpu_worker.py determine_available_memory, v1/core/kv_cache_utils.py;
    sglang 0.5.23 srt/model_executor/pool_configurator.py; llama.cpp b11549 common/fit.cpp;
    constants with their measurements: compiler/memory/constants.json
"""

from __future__ import annotations

from servec.compiler.memory.changes import changes
from servec.compiler.memory.table import each, figures, gib, total
from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Memory
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def check(case: Case) -> Diagnostic | None:
    """The error on a case whose memory is known not to suffice, else None."""
    memory = case.memory
    if memory is None or memory.fits is not False or case.model is None:
        return None
    found = tuple(Fix(item.title, write(case.spec, item.values)) for item in changes(case))
    primary = _weights(case, memory)
    title = (
        f"{case.model.name} does not fit: {gib(total(memory))} needed,"
        f" {gib(memory.budget or 0)} usable {each(case)}"
    )
    return Diagnostic(
        "SRV307",
        "error",
        title if len(title) <= 100 else title[:97] + "...",
        primary,
        seconds(primary, *_others(case, memory)),
        figures(case, memory),
        found or (_otherwise(memory),),
    )


def _weights(case: Case, memory: Memory) -> Label:
    """The line that says the precision, else the model."""
    text = f"weights {gib(memory.weights)} + KV {gib(memory.needed_kv)} {each(case)}"
    span = _precision(case.spec)
    return Label(span, text) if span is not None else at(case.spec, "model", text)


def _precision(spec: Spec) -> Span | None:
    """The relations of `precision` from the first to the last, if they stand side by side."""
    spans = [
        spec.settings[path].first.span
        for path in ("precision.weights", "precision.kv")
        if path in spec.settings
    ]
    spans.sort(key=lambda span: span.start)
    if not spans:
        return None
    first, last = spans[0], spans[-1]
    beside = first.file == last.file and 0 <= last.start - first.end <= 2
    return Span(first.file, first.start, last.end) if beside else first


def _others(case: Case, memory: Memory) -> tuple[Label, ...]:
    """What else makes it so: the tokens that must fit, the split, the devices."""
    spec, plan = case.spec, case.plan
    assert plan is not None
    labels = []
    if not memory.needed_tokens:
        labels.append(at(spec, "limits.memory", "what it leaves is too little for the rest"))
    for path in ("limits.batch", "limits.context"):
        if memory.needed_tokens and spec.setting(path):
            labels.append(at(spec, path, f"{memory.needed_tokens} tokens of KV"))
            break
    if spec.setting("parallel.tensor"):
        ranks = plan.degrees.tensor * plan.degrees.pipeline
        text = f"{ranks} GPUs share the weights" if ranks > 1 else "each GPU holds all weights"
        labels.append(at(spec, "parallel.tensor", text))
    device = gib(memory.device) if memory.device else "memory by `limits.memory`"
    labels.append(at(spec, "hardware", f"{device} {each(case)}"))
    return tuple(labels)


def _otherwise(memory: Memory) -> Fix:
    """What is left to do where no change of the spec that was tried is enough."""
    share = (memory.budget or 1) / memory.device if memory.device else 1.0
    wanted = gib((total(memory) + memory.band) / share)
    return Fix(f"use a smaller model, more devices, or devices with at least {wanted}")
