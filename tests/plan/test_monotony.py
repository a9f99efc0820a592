"""More of something never makes a plan worse: bandwidth, memory, devices, looser promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.choice.objective import CLOSE, MISSED, likely, standing
from servec.compiler.fleet.packing import Bin, Part, pack
from servec.compiler.predict.edge_class import edge_class_name
from servec.compiler.search.candidate import predicted
from servec.dsl.record import replace
from tests.plan.compiling import body, compiled, one

if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.device import Device
    from servec.compiler.plan import Range
    from servec.compiler.result import Candidate, DeploymentResult
    from servec.compiler.target import Case

MODELS = ("qwen3-8b", "qwen3-32b", "llama-3.3-70b", "qwen3-30b-a3b", "qwen3-235b-a22b-fp8")
DEVICES = ("h100", "h200", "a100-80g", "b200", "l40s")
COUNTS = (1, 2, 4, 8)


@st.composite
def loads(draw: st.DrawFn) -> str:
    inputs = draw(st.sampled_from((200, 1000, 4000)))
    outputs = draw(st.sampled_from((100, 500)))
    load = draw(st.sampled_from(("concurrency = 2", "concurrency = 32", "concurrency = 200")))
    return f"workload {{ input = {inputs} tokens; output = {outputs} tokens; {load} }}\n"


def text(model: str, device: str, count: int, more: str) -> str:
    return f"model = {model}\nhardware = {device} x {count}\n{more}"


def able(found: DeploymentResult) -> dict[str, Candidate]:
    return {c.target: c for c in reversed(found.candidates) if not c.rejected}


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, float]], None]:
    """Make every device better by a factor for each of some figures."""
    from servec.compiler.catalogue import devices

    usual = devices.find_device

    def change(factors: dict[str, float]) -> None:
        def find(name: str) -> Device | None:
            found = usual(name)
            if found is None:
                return None
            more = {key: int(getattr(found, key) * factor) for key, factor in factors.items()}
            return replace(found, **more)

        monkeypatch.setattr(devices, "find_device", find)

    return change


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(MODELS), st.sampled_from(DEVICES), loads(), st.floats(1.05, 4.0))
def test_more_bandwidth_is_never_slower(model: str, device: str, load: str, factor: float) -> None:
    for item in able(one(text(model, device, 8, load))).values():
        case = item.cases[0]
        assert case.device is not None
        faster = replace(case.device, bandwidth=int(case.device.bandwidth * factor))
        kinds = [edge_class_name(case.target.name, device) for device in (case.device, faster)]
        if case.target.name == "llamacpp" and kinds[0] != kinds[1]:
            continue  # another kind of memory, with figures of its own
        now, then = _tpot(case), _tpot(replace(case, device=faster))
        assert (now is None) is (then is None)
        if now is not None and then is not None:
            assert then.value <= now.value * 1.0001


def _tpot(case: Case) -> Range | None:
    found = predicted(case).performance
    return found.tpot if found is not None else None


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("model", MODELS)
def test_more_memory_fits_no_less(
    model: str, device: str, changed: Callable[[dict[str, float]], None]
) -> None:
    kept: dict[str, int] = {}
    for factor in (0.25, 0.5, 1.0, 1.5, 3.0):
        changed({"memory": factor, "usable": factor})
        found = able(one(text(model, device, 4, "")))
        assert kept.keys() <= found.keys()
        lengths = {name: c.plan.max_model_len for name, c in found.items() if c.plan is not None}
        assert all(lengths[name] >= length for name, length in kept.items())
        kept = lengths


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(MODELS), st.sampled_from(DEVICES), loads())
def test_more_devices_serve_no_less(model: str, device: str, load: str) -> None:
    served = False
    for count in COUNTS:
        found = one(text(model, device, count, load))
        assert found.chosen is not None or not served
        served = found.chosen is not None


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(MODELS),
    st.sampled_from(DEVICES),
    loads(),
    st.sampled_from(("ttft", "tpot", "e2e")),
)
def test_a_tighter_promise_never_gives_a_clearly_worse_plan(
    model: str, device: str, load: str, metric: str
) -> None:
    bounds = [60_000, 10_000, 3000, 1000, 400, 150, 60, 25, 10]
    last: Candidate | None = None
    for bound in bounds:
        line = f"slo {{ {metric}.p95 <= {bound}ms }}\n"
        now = one(text(model, device, 8, load + line)).chosen
        assert now is not None
        before, after = _of(last, metric), _of(now, metric)
        if before is not None and after is not None:
            assert after.low <= before.high
            if last is not None and now.target == last.target:
                assert after.value <= before.value * CLOSE * 1.001
        last = now


def _of(item: Candidate | None, metric: str) -> Range | None:
    if item is None or item.performance is None:
        return None
    return item.performance.quantiles.get(f"{metric}.p95")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(MODELS), st.sampled_from(DEVICES), loads())
def test_what_is_missed_is_not_first_while_another_is_met(
    model: str, device: str, load: str
) -> None:
    for bound in (2000, 200, 40):
        line = f"slo {{ tpot.p95 <= {bound}ms; ttft.p95 <= {bound * 20}ms }}\n"
        found = one(text(model, device, 8, load + line))
        usual = [c for c in found.candidates if not c.rejected]
        first = [standing(c.performance) for c in usual][:1]
        met = any(
            standing(c.performance) == 0
            and not {"reach", "concurrency", "lifecycle", "SRV317"} & {r.code for r in c.reasons}
            for c in usual
        )
        assert not met or first != [MISSED]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 8), st.sampled_from((0.25, 0.5, 1.0))),
        max_size=30,
    ),
    st.integers(1, 12),
)
def test_a_larger_pool_holds_no_less(parts: list[tuple[int, int, float]], nodes: int) -> None:
    # one by one: a replica on several nodes may take those that smaller ones would have had
    parts = [part for part in parts if part[0] == 1]

    def held(count: int) -> int:
        room = Bin(count, 8)
        return sum(pack(room, f"d{at}", (Part(*part),)) for at, part in enumerate(parts))

    assert held(nodes) <= held(nodes + 1)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(MODELS),
    st.sampled_from(DEVICES),
    st.sampled_from((16, 64, 250)),
    st.sampled_from((10, 20, 40, 80)),
    st.sampled_from(("", "; ttft.p95 <= 3s")),
)
def test_an_open_batch_keeps_promises_no_worse_than_the_usual_one(
    model: str, device: str, load: int, bound: int, also: str
) -> None:
    work = f"workload {{ input = 2000 tokens; output = 300 tokens; concurrency = {load} }}\n"
    lines = text(model, device, 8, f"{work}slo {{ tpot.p95 <= {bound}ms{also} }}\n")
    free, pinned = able(one(lines)), able(one(f"{lines}limits {{ batch = {load} }}\n"))
    for name in free.keys() & pinned.keys():
        if len(free[name].cases) == len(pinned[name].cases) == 1:
            mine, usual = free[name].performance, pinned[name].performance
            assert standing(mine) <= standing(usual) or likely(mine)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 5))
def test_another_node_makes_no_fleet_worse(nodes: int, devices: int, copies: int) -> None:
    def wrong(count: int) -> int:
        found = compiled(
            body(f"model = qwen3-8b\nhardware = h100 x {devices}\n").replace('"x"', '"a"')
            + f'fleet "f" {{\n  pool "p" {{ hardware = h100 x 4; nodes = {count} }}\n'
            + f"  place a {{ pool = p; replicas = {copies} }}\n}}\n"
        )
        return sum(item.severity == "error" for item in found.diagnostics)

    assert wrong(nodes + 1) <= wrong(nodes)
