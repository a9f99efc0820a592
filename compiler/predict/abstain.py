"""Where the predictor has no ground to stand on: what it then does not say, and why.

Between what was measured and what is refused the band widens: `wider` multiplies its width (as
logarithms) for each step away from the measured region; several steps add up as squares, as errors
that have nothing to do with each other do. What was measured: one engine on at most 8
devices of one fast link, prompts and answers of 128 to 8192 tokens, up to 1024 requests in flight.
"""

from __future__ import annotations

import math

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.plan import Plan
    from servec.compiler.predict.load import Load
    from servec.compiler.target import Case

SHORTEST, LONGEST, MOST = 128, 8192, 1024
"""The measured region: tokens of a prompt or answer, requests in flight."""
OUT = 16
"""Outside of it by more than this factor nothing is said."""
DOUBLING = 0.15
"""What each doubling away from the measured region adds to the width of a band."""
DEVICES = 8

FAR = {
    "generation": 1.3,
    "vendor": 2.0,
    "pipeline": 1.3,
    "nodes": 1.8,
    "rack": 1.8,
    "context": 1.5,
    "images": 1.4,
    "adapters": 1.2,
    "task": 1.5,
    "prefix": 1.3,
    "offload": 1.3,
}
"""Factors on the width for what no measured run had: a guess that errs to the wide side. `vendor`:
public points of vLLM in 2024 are 2 to 3 times slower than predicted on MI300X, more on Intel's."""

EDGE = ("llamacpp", "mlx")
"""Runtimes with formulas and bands of their own, see `edge`; so has every CPU and Apple chip."""
MEASURED = ("hopper", "blackwell", "blackwell-ultra")


@record
class Standing:
    """`refused`: why no latency is predicted. Else `wider` and what widened it."""

    refused: str = ""
    wider: float = 1.0
    notes: tuple[str, ...] = ()


def standing(case: Case, load: Load | None) -> Standing:
    """How far a case is from what was measured; the case has a model and a plan."""
    model, device, plan = case.model, case.device, case.plan
    assert model is not None and plan is not None
    if load is None:
        return Standing("no load is stated (`workload.concurrency` or `workload.rate`)")
    if device is None or device.any:
        return Standing("the kind of hardware is not stated")
    for why in _refusals(case, model, device, plan, load):
        return Standing(why)
    steps = list(_steps(case, device, plan, load))
    square = 1.0 + sum(factor * factor - 1.0 for factor, _ in steps)
    return Standing(wider=math.sqrt(square), notes=tuple(note for _, note in steps if note))


def is_edge(case: Case) -> bool:
    """Whether a case is predicted by `edge`, whose bands say themselves what was measured."""
    kind = case.device.kind if case.device is not None else ""
    return case.target.name in EDGE or kind in ("cpu", "apple")


def _refusals(case: Case, model: Model, device: Device, plan: Plan, load: Load) -> Iterator[str]:
    if not device.bandwidth:
        yield f"no bandwidth is known of {device.name}"
    if not model.layers:
        yield f"the layers of {model.name} are not known"
    if plan.nodes > 1 and not device.link_bandwidth and plan.degrees.pipeline < plan.nodes:
        yield f"no link of {device.name} is known, and a layer is cut over several nodes"
    for what, tokens in (("prompts", load.inputs), ("answers", load.outputs)):
        if tokens > OUT * LONGEST:
            yield f"{what} of {tokens:.0f} tokens are far outside of what was measured"


def _steps(case: Case, device: Device, plan: Plan, load: Load) -> Iterator[tuple[float, str]]:
    """Factors on the width of the band, with what to say of them."""
    if device.generation not in MEASURED and not is_edge(case):
        yield FAR["generation"], f"no run on {device.generation} was measured: wider bands"
        if device.vendor != "nvidia":
            yield FAR["vendor"], ""
    yield from _layout(plan)
    if load.shared and plan.prefix_cache:
        yield FAR["prefix"], ""
    if load.images:
        yield FAR["images"], "time of the image tower is not in the first token: wider bands"
    if case.spec.adapters:
        yield FAR["adapters"], "adapters were not measured: wider bands"
    if not load.outputs:
        yield FAR["task"], "a pass without an answer was not measured: wider bands"
    if case.spec.word("cache.offload") not in (None, "none"):
        yield FAR["offload"], "cache on the host was not measured: wider bands"
    yield from _lengths(plan, load)


def _layout(plan: Plan) -> Iterator[tuple[float, str]]:
    """What of the layout no measured run had."""
    if plan.degrees.pipeline > 1:
        yield FAR["pipeline"], "pipeline bubbles are modelled, not measured: wider bands"
    if plan.degrees.context > 1:
        yield FAR["context"], "context parallelism is modelled, not measured: wider bands"
    if plan.nodes > 1 and plan.degrees.pipeline < plan.nodes:
        yield FAR["nodes"], "no run over several nodes was measured: wider bands"
    elif plan.degrees.tensor * plan.degrees.data > DEVICES:
        more = f"no run on more than {DEVICES} devices was measured: wider bands"
        yield FAR["rack"], more


def _lengths(plan: Plan, load: Load) -> Iterator[tuple[float, str]]:
    away = 0.0
    for tokens in (load.inputs, load.outputs or SHORTEST):
        away += max(0.0, math.log2(tokens / LONGEST), math.log2(SHORTEST / max(1.0, tokens)))
    flight = min(load.concurrency, plan.max_seqs or load.concurrency)
    away += max(0.0, math.log2(flight / MOST)) if flight else 0.0
    if away > 0.05:
        yield 1.0 + DOUBLING * away, "lengths or load outside of what was measured: wider bands"
