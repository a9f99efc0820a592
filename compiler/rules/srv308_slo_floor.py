"""Promise below its physical floor.

Checks: no promise asks for less time than reading the weights once takes (per token), or than
    multiplying them with the prompt takes (first token), or for more tokens than the operations
    of the devices allow.
Because: whatever the runtime, a token needs every weight that it meets to pass through the memory
    of its devices, and a prompt needs two operations for each weight and token. The floor leaves
    out the cache, the collectives and every overhead, so no tuning reaches it.
Wrong: target = vllm; parallel { tensor = 2; data = 4 }
    workload { concurrency = 8; input = 1000 tokens; output = 200 tokens }
    slo { tpot.p95 <= 8ms }
Right: target = vllm; parallel { tensor = 2; data = 4 }
    workload { concurrency = 8; input = 1000 tokens; output = 200 tokens }
    slo { tpot.p95 <= 80ms }
Source: roofline model, Williams, Waterman and Patterson 2009; bandwidths and rates of the hardware
    table
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, called, seconds, write
from servec.compiler.rules.promises import broken, loosened, said, shown
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Verdict
    from servec.compiler.predict.floors import Floors
    from servec.compiler.target import Case
    from servec.dsl.spec import Bound


def check(case: Case) -> Diagnostic | None:
    """The warning on the promise that is furthest below its floor, else None."""
    found = broken(case, floor=True)
    if not found or case.model is None or case.plan is None or case.device is None:
        return None
    line, bound = max(found, key=lambda item: _ratio(item[0]))
    return _diagnose(case, line, bound, loosened(found, "promise what is predicted"))


def _ratio(line: Verdict) -> float:
    """How many times the floor is above the bound; for rates, the bound above the ceiling."""
    return line.floor / line.bound if line.op == "<=" else line.bound / line.floor


def _diagnose(case: Case, line: Verdict, bound: Bound, loose: Fix) -> Diagnostic:
    model, plan = case.model, case.plan
    assert model is not None and plan is not None
    devices = plan.degrees.tensor
    where = f"{devices} GPUs" if devices > 1 else "one GPU"
    side = "below the floor" if line.op == "<=" else "above the ceiling"
    primary = Label(bound.span, f"{side} of {shown(line.floor, line.unit)}")
    together = f"{where} read the weights" if devices > 1 else "one GPU reads the weights"
    return Diagnostic(
        "SRV308",
        "warning",
        f"`{said(line, bound)}` cannot be met by {called(case.spec, model)} on {where}",
        primary,
        seconds(primary, at(case.spec, "parallel.tensor", together, "hardware")),
        _figures(case, line),
        (*_wider(case, line), loose),
    )


def _floors(case: Case) -> Floors:
    from servec.compiler.predict.floors import floors
    from servec.compiler.predict.ground import ground
    from servec.compiler.predict.load import load
    from servec.compiler.predict.speculative import speculation

    assert case.plan is not None
    asked = load(case.spec, case.plan)
    assert asked is not None
    return floors(ground(case).shape, asked, float(speculation(case).drafted + 1))


def _figures(case: Case, line: Verdict) -> tuple[Figure, ...]:
    """The sum behind the floor."""
    found, device, plan = _floors(case), case.device, case.plan
    assert device is not None and plan is not None
    tensor, name = plan.degrees.tensor, line.metric.partition(".")[0]
    if name == "tpot":
        size, speed = found.bytes * tensor / 1e9, device.bandwidth / 1e12
        over = f"({tensor} x {speed:.3g} TB/s)" if tensor > 1 else f"{speed:.3g} TB/s"
        text = f"      = {size:.1f} GB / {over} = {shown(line.floor, line.unit)}"
        return (
            Figure("bytes", round(found.bytes), "floor = bytes read for one token / bandwidth"),
            Figure("floor_ms", _exact(line.floor), f"{text}, before any KV read or overhead"),
        )
    if name == "ttft":
        text = "floor = operations of the prompt / peak of the devices, or one reading of the"
        return (
            Figure("floor_ms", _exact(line.floor), f"{text} weights = {shown(line.floor, 'ms')}"),
        )
    if name == "e2e":
        first, token = shown(found.ttft * 1e3, "ms"), shown(found.tpot * 1e3, "ms")
        text = f"floor = {first} to the first token, then {token} for each further one"
        return (Figure("floor_ms", _exact(line.floor), f"{text} = {shown(line.floor, 'ms')}"),)
    text = "ceiling = requests in flight / floor of a token, or operations / peak"
    return (Figure("ceiling", _exact(line.floor), f"{text} = {shown(line.floor, line.unit)}"),)


def _exact(value: float) -> Fraction:
    """A figure as the sum shows it, to four digits."""
    return Fraction(f"{value:.4g}")


def _wider(case: Case, line: Verdict) -> tuple[Fix, ...]:
    """The same devices with a wider tensor split, if that is legal and lifts the floor enough."""
    from servec.compiler.decide.legal import serves
    from servec.compiler.predict.predict import predict

    plan = case.plan
    assert plan is not None
    degrees, spec = plan.degrees, case.spec
    if line.op != "<=" or spec.pin("parallel.tensor") is None or spec.pin("parallel.data") is None:
        return ()
    while degrees.data % 2 == 0:
        degrees = replace(degrees, tensor=degrees.tensor * 2, data=degrees.data // 2)
        if not serves(case, degrees):
            continue
        tried = replace(case, plan=replace(plan, degrees=degrees))
        made = predict(tried)
        now = next((v for v in made.slo if v.metric == line.metric), None)
        if now is None or now.predicted is None or any(v.floor for v in made.slo):
            continue
        floor = line.floor * plan.degrees.tensor / degrees.tensor
        title = (
            f"read from {degrees.tensor} GPUs: the floor becomes {shown(floor, line.unit)},"
            f" predicted {shown(now.predicted.value, line.unit)}"
        )
        values = {"parallel.tensor": str(degrees.tensor), "parallel.data": str(degrees.data)}
        return (Fix(title, write(spec, values)),)
    return ()
