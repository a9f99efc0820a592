"""What a person should still check before a launch is committed: the sums a reviewer asks for."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.rules.left_out import left_out
from servec.compiler.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Performance
    from servec.compiler.target import Case


def checklist(case: Case, second: str = "") -> tuple[str, ...]:
    """The checks for one planned case, each with its figures; `second` names the next best."""
    if case.plan is None:
        return ()
    return tuple(
        line
        for part in (
            blocks(case),
            capacity(case),
            parsers(case),
            prefix(case),
            roles(case),
            power(case),
            promises(case),
        )
        for line in part
    ) + ((f"second choice if this one disappoints: {second}",) if second else ())


def blocks(case: Case) -> Iterator[str]:
    """Quantisation blocks against the split of the experts."""
    plan, model = case.plan, case.model
    if plan is None or model is None or not model.quant.block[0] or not model.experts:
        return
    ranks = plan.degrees.moe_tensor
    columns = model.expert_width // ranks
    block = model.quant.block[0]
    yield (
        f"{plan.weights_word} blocks: tensor x data {plan.degrees.tensor * plan.degrees.data} over"
        f" expert {plan.degrees.expert} leaves {columns} of {model.expert_width} expert columns on"
        f" each rank, {columns / block:g} blocks of {block}"
    )


def capacity(case: Case) -> Iterator[str]:
    """KV room at the stated concurrency."""
    plan, memory, spec = case.plan, case.memory, case.spec
    if plan is None or memory is None or memory.budget is None or workload.one_pass(spec):
        return
    load = spec.whole("workload.concurrency")
    tokens = (spec.whole("workload.input") or 0) + (spec.whole("workload.output") or 0)
    if load and tokens:
        each = -(-load // plan.replicas)
        share = spec.number("workload.prefix_share") or 0
        fit = memory.pool_tokens / tokens if tokens else 0
        text = f"KV: {memory.pool_tokens} tokens of room, {fit:.0f} sequences of {tokens} tokens"
        yield f"{text}, {each} in flight on each replica" + (
            f", before {float(share):.0%} shared prefix" if share else ""
        )


def roles(case: Case) -> Iterator[str]:
    """Roles of which only a prediction speaks."""
    if case.role:
        yield (
            "prefill and decode apart are predicted, no run in roles was measured: load them"
            " (bench.sh) before they are relied on"
        )


def parsers(case: Case) -> Iterator[str]:
    """Parser and grammar names in the pinned version."""
    spec = case.spec
    values, out = case.capabilities.values, left_out(case)
    for path in ("features.tools", "features.reasoning"):
        word = spec.word(path)
        if word and path not in out:
            native = values.get(path, {}).get(word, word)
            name = path.partition(".")[2]
            yield (
                f"{name} parser `{native}` of {case.target.name} {case.capabilities.version}:"
                " send one real request of each kind (probe.sh)"
            )
    if spec.flag("features.structured_output"):
        yield (
            f"structured output in {case.target.name} {case.capabilities.version}:"
            " run the product's own schemas once"
        )


def prefix(case: Case) -> Iterator[str]:
    """The assumed share of prompts seen before."""
    share = case.spec.number("workload.prefix_share")
    if share:
        yield f"cache hits: the plan assumes {float(share):.0%}; read the hit rate after an hour"


def power(case: Case) -> Iterator[str]:
    """The power mode that keeps a board within its limit."""
    if case.spec.upper("limits.power") is None:
        return
    from servec.compiler.rules.srv502_budget import capped_power

    mode = capped_power(case)
    if mode:
        yield f"power: set the board to its {mode} W mode (nvpmodel); figures are for its full one"


def promises(case: Case) -> Iterator[str]:
    """The predicted band of each promise."""
    found: Performance | None = case.performance
    if found is None:
        return
    if found.abstained:
        yield f"no prediction ({found.abstained}): measure before promising"
    for line in found.slo:
        if line.verdict != "met" and line.predicted:
            low, high = line.predicted.low, line.predicted.high
            yield (
                f"{line.metric} {line.op} {shown(line.bound)} {line.unit} is {line.verdict}:"
                f" predicted {shown(low)} to {shown(high)}"
            )
