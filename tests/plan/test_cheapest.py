"""`hardware = any` finds the cheapest of all that keeps the promises, nodes and copies counted."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from servec.compiler.choice.objective import MET, standing
from servec.compiler.search.bounds import price, promising
from tests.plan.compiling import body, one, survey_of

if TYPE_CHECKING:
    from servec.compiler.result import Candidate

LOAD = (
    "precision { weights = fp8 }\n"
    "workload { kind = chat; input = 2k tokens; output = 300 tokens; concurrency = 64 }\n"
    "slo { ttft.p95 <= 4s; tpot.p95 <= 40ms }\n"
)
KINDS = ("l40s x 4", "l40s x 8", "a100-80g x 4", "h100 x 2", "h100 x 4", "h200 x 2", "b200 x 1")


def chosen(hardware: str, more: str = "") -> Candidate:
    found = one(f"model = llama-3.3-70b\nhardware = {hardware}\n{more}{LOAD}").chosen
    assert found is not None and found.performance is not None
    return found


def cost(item: Candidate) -> float:
    assert item.performance is not None and item.performance.cost is not None
    return item.performance.cost


def test_nothing_that_keeps_the_promises_costs_less() -> None:
    best = chosen("any")
    assert standing(best.performance) == MET
    for kind in KINDS:
        other = chosen(kind)
        assert standing(other.performance) != MET or cost(other) >= cost(best)


@pytest.mark.parametrize("more", ["nodes >= 1; nodes <= 4\n", "replicas >= 1; replicas <= 4\n"])
def test_room_for_more_makes_nothing_dearer(more: str) -> None:
    best, wider = chosen("any"), chosen("any", more)
    assert standing(wider.performance) == MET
    assert cost(wider) <= cost(best)


def test_alternatives_come_by_what_all_their_nodes_cost() -> None:
    lines = "model = llama-3.3-70b\nhardware = any\nnodes >= 1; nodes <= 3\n"
    sites = promising(survey_of(body(lines + LOAD.partition("slo")[0])))
    prices = [price(item) for item in sites]
    assert {item[0].spec.whole("nodes") for item in sites} == {1, 2, 3}
    assert all(before <= after for before, after in pairwise(prices))


def test_what_physics_forbids_is_tried_last() -> None:
    lines = "model = llama-3.1-70b-fp8\nhardware = any\nslo { tpot.p95 <= 6ms }\n"
    sites = promising(survey_of(body(lines)))
    names = [item[0].hardware for item in sites]
    assert names.index("h200 x 8") < names.index("l40s x 8")
