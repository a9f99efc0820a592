"""How predictions steer plans: layouts, copies, nodes, alternatives. The predictor is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.choice.objective import CLOSE, MET, MISSED, UNSURE, better_of, standing
from servec.compiler.plan import Performance, Range, Verdict
from tests.plan.compiling import codes, of, one, reasons

if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.target import Case

WORK = "workload { input = 1k tokens; output = 100 tokens; concurrency = 64 }\n"


def performance(seconds: float, verdict: str = "met") -> Performance:
    """Requests that take that long, within 10 %."""
    band = Range(seconds * 0.9, seconds, seconds * 1.1)
    rate = Range(60 / band.high, 60 / seconds, 60 / band.low)
    slo = (Verdict("e2e.p95", "<=", 1.0, "s", verdict, band),)
    return Performance(e2e=band, ttft=band, throughput=rate, slo=slo)


@pytest.fixture
def predictor(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Case], Performance]], None]:
    """Put a predictor in place of the real one."""

    def put(made: Callable[[Case], Performance]) -> None:
        monkeypatch.setattr("servec.compiler.predict.predict.predict", made)

    return put


def test_standing() -> None:
    assert standing(None) == UNSURE
    assert standing(Performance()) == MET
    assert [standing(performance(1, word)) for word in ("met", "unsure", "missed")] == [
        MET,
        UNSURE,
        MISSED,
    ]


def test_the_faster_layout_wins_only_where_it_is_clearly_faster(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    def by_tensor(best: float) -> Callable[[Case], Performance]:
        def made(case: Case) -> Performance:
            assert case.plan is not None
            return performance(best if case.plan.degrees.tensor == 4 else 1.0)

        return made

    lines = "model = qwen3-32b\nhardware = h100 x 4\n" + WORK
    predictor(lambda _: performance(1.0))
    usual = of(one(lines), "vllm").plan
    predictor(by_tensor(1 / CLOSE + 0.01))
    close = of(one(lines), "vllm").plan
    predictor(by_tensor(0.5))
    apart = of(one(lines), "vllm").plan
    assert usual is not None and close is not None and apart is not None
    assert close.degrees == usual.degrees
    assert apart.degrees.tensor == 4


def test_a_plan_that_keeps_the_promises_comes_before_a_faster_one_that_does_not(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    def made(case: Case) -> Performance:
        assert case.plan is not None
        wide = case.plan.degrees.tensor == 4
        return performance(2.0, "met") if wide else performance(0.5, "missed")

    predictor(made)
    found = of(one("model = qwen3-32b\nhardware = h100 x 4\n" + WORK), "vllm").plan
    assert found is not None and found.degrees.tensor == 4


def test_copies_are_the_fewest_at_which_the_promises_stand_best(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    lines = "model = qwen3-8b\nhardware = h100 x 1\nreplicas >= 2\nreplicas <= 8\n" + WORK

    def from_copies(least: int, verdict: str) -> Callable[[Case], Performance]:
        def made(case: Case) -> Performance:
            assert case.plan is not None
            enough = case.plan.replicas >= least
            return performance(1.0, verdict if enough else "missed")

        return made

    for least, verdict, copies in ((1, "met", 2), (5, "met", 5), (3, "unsure", 3), (99, "met", 2)):
        predictor(from_copies(least, verdict))
        plan = of(one(lines), "vllm").plan
        assert plan is not None and plan.replicas == copies, (least, verdict)
        assert plan.max_seqs == -(-64 // copies)


def test_nodes_are_added_only_for_a_better_promise(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    lines = "model = qwen3-32b\nhardware = h100 x 8\nnodes >= 1\nnodes <= 3\n" + WORK

    def made(case: Case) -> Performance:
        return performance(1.0, "met" if case.nodes >= 2 else "unsure")

    predictor(made)
    plan = of(one(lines), "vllm").plan
    assert plan is not None and plan.nodes == 2


def test_the_first_alternative_that_keeps_the_promises(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    def made(case: Case) -> Performance:
        assert case.model is not None
        return performance(1.0, "met" if case.model.name == "qwen3-8b" else "missed")

    predictor(made)
    lines = "model = [qwen3-32b, qwen3-8b, qwen3-4b]\nhardware = h100 x 1\n" + WORK
    found = one(lines)
    assert found.chosen is not None and found.chosen.cases[0].model is not None
    assert found.chosen.cases[0].model.name == "qwen3-8b"
    auto = one("model = auto\nsize = large\nhardware = h100 x 1\n" + WORK)
    assert auto.chosen is not None and auto.chosen.cases[0].model is not None
    assert auto.chosen.cases[0].model.total > 30e9  # the largest that fits, promise or not


def test_a_clearly_faster_runtime_is_chosen_and_says_so(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    predictor(lambda case: performance(1.0 if case.target.name == "sglang" else 2.0))
    lines = "model = qwen3-8b\nhardware = h100 x 1\n" + WORK
    found = one(lines)
    assert found.chosen is not None and found.chosen.target == "sglang"
    assert "clearly slower" in reasons(of(found, "vllm"), good=False)["predicted"]
    predictor(lambda case: performance(1.0 if case.target.name == "sglang" else 1.1))
    close = one(lines)
    assert close.chosen is not None and close.chosen.target == "vllm"
    assert "within the error" in reasons(of(close, "sglang"))["predicted"]


def test_an_assert_on_a_prediction_is_judged_by_its_middle(
    predictor: Callable[[Callable[[Case], Performance]], None],
) -> None:
    band = Range(0.5, 0.9, 2.0)
    predictor(lambda case: Performance(quantiles={"ttft.p95": band}, throughput=Range(1, 2, 3)))
    lines = "model = qwen3-8b\nhardware = h100 x 1\n" + WORK
    good = 'assert predicted.ttft.p95 <= 900ms else "instant"\n'
    good += 'assert predicted.throughput >= 2 tok/s else "enough"\n'
    assert codes(one(lines + good)) == []
    assert codes(one(lines + good.replace("900ms", "899ms"))) == ["SRV118"]


def test_no_cases_and_one_case_are_their_own_best() -> None:
    assert better_of([]) == ()
