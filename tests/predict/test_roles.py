"""Prefill and decode apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.predict.predict import predict
from servec.compiler.predict.roles import apart
from tests.predict.make import case

if TYPE_CHECKING:
    from servec.compiler.plan import Performance

PAIR = """
  target = vllm
  model = qwen3-235b-a22b-fp8
  hardware = h200 x 4
  transfer = nixl
  role prefill {{ replicas = {prefills}; parallel {{ tensor = 4; expert = 4 }} }}
  role decode {{ parallel {{ tensor = 4; expert = 4 }} }}
  workload {{ input = 4k tokens; output = 900 tokens; concurrency = {load} }}
  slo {{ ttft.p95 <= 60s; tpot.p95 <= 400ms }}
"""


def both(prefills: int = 1, load: int = 64) -> Performance:
    lines = PAIR.format(prefills=prefills, load=load)
    found = apart(case(lines, role="prefill"), case(lines, role="decode"))
    assert found is not None
    return found


def test_one_role_says_only_what_it_decides() -> None:
    lines = PAIR.format(prefills=1, load=64)
    first = predict(case(lines, role="prefill"))
    second = predict(case(lines, role="decode"))
    assert first.ttft and first.tpot is None and first.throughput is None
    assert second.tpot and second.ttft is None and second.e2e is None
    assert {line.metric for line in first.slo} == {"ttft.p95"}
    assert {line.metric for line in second.slo} == {"tpot.p95"}


def test_the_whole_joins_their_rates() -> None:
    found = both()
    assert found.ttft and found.tpot and found.throughput
    assert {line.metric for line in found.slo} == {"ttft.p95", "tpot.p95"}
    rate = found.throughput.value / 900
    whole = found.ttft.value + 900 * found.tpot.value
    assert 0.7 < rate * whole / 64 < 1.3


def test_more_prefill_copies_never_delay_the_first_token() -> None:
    firsts = [found.ttft.value for n in (1, 2, 4) if (found := both(n, 256)).ttft]
    assert len(firsts) == 3
    assert firsts[0] >= firsts[1] >= firsts[2]
