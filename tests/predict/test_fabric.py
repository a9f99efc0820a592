"""Replicas over several nodes, racks and context parallelism: modelled with wide bands."""

from __future__ import annotations

import pytest

from servec.compiler.predict.fabric import HOP, fabric
from servec.compiler.predict.ground import ground
from servec.compiler.predict.predict import predict
from tests.predict.make import case

WIDE = """
  target = vllm
  model = deepseek-v3
  hardware = h200 x 8
  nodes = 2
  {fabric}
  parallel {{ {parallel} }}
  workload {{ concurrency = 64; input = 2000 tokens; output = 400 tokens }}
"""


def wide(parallel: str, network: str = "infiniband") -> str:
    return WIDE.format(parallel=parallel, fabric=f"fabric = {network}" if network else "")


def test_one_node_has_no_network() -> None:
    one = wide("tensor = 8; expert = 8").replace("nodes = 2", "nodes = 1")
    assert fabric(case(one)) is None


def test_stages_between_nodes_wait_little_and_tensor_splits_much() -> None:
    stages = ground(case(wide("tensor = 8; pipeline = 2"))).shape
    across = ground(case(wide("tensor = 16"))).shape
    assert stages.hops == pytest.approx(HOP)
    assert across.hops == pytest.approx(2 * across.layers * HOP)


def test_several_nodes_are_predicted_with_wider_bands_and_say_so() -> None:
    found = predict(case(wide("tensor = 16")))
    near = predict(case(wide("tensor = 8; expert = 8").replace("nodes = 2", "nodes = 1")))
    assert found.tpot and near.tpot and not found.abstained
    assert found.tpot.high / found.tpot.low > near.tpot.high / near.tpot.low
    assert any("several nodes" in note for note in found.notes)


def test_a_slower_network_is_never_faster() -> None:
    fast, slow = (predict(case(wide("tensor = 16", name))) for name in ("infiniband", "ethernet"))
    assert fast.tpot and slow.tpot and fast.ttft and slow.ttft
    assert slow.tpot.value >= fast.tpot.value and slow.ttft.value > fast.ttft.value


def test_context_ranks_share_a_prompt() -> None:
    from servec.compiler.predict.latency import prefill_time
    from servec.dsl.record import replace
    from tests.predict.make import ground as made

    shape, values = made("llama-3.3-70b")
    whole = prefill_time(shape, values, 32000, 32000)
    half = prefill_time(replace(shape, context=2, square=shape.square / 2), values, 32000, 32000)
    assert 0.4 * whole < half < 0.7 * whole
