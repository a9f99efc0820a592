"""Fleets: who stands where, what it costs, and what does not fit."""

from __future__ import annotations

import pytest

from servec.compiler.fleet.packing import Bin, Part, pack
from tests.golden import ROOT
from tests.plan.compiling import codes, compiled, finding

HEAD = """servec 1

deployment "chat" {
  model = qwen3-32b
  hardware = h100 x 4
}

deployment "search" {
  model = qwen3-8b
  hardware = h100 x 1
  api { port = 9000 }
}

fleet "west" {
  pool "big" { hardware = h100 x 8; nodes = 2; price = 20 USD/h; power = 10 kW }
"""


def fleet(places: str) -> str:
    return HEAD + places + "\n}\n"


def test_devices_nodes_cost_and_power() -> None:
    (found,) = compiled(
        fleet("place chat { pool = big; replicas = 2 }\nplace search { pool = big; replicas = 3 }")
    ).fleets
    by_name = {item.deployment: item for item in found.placements}
    assert by_name["chat"].devices == 8 and by_name["chat"].nodes == ((0,), (0,))
    assert by_name["search"].devices == 3 and set(by_name["search"].nodes) == {(1,)}
    assert (found.cost, found.power) == (40.0, 20000.0)


def test_priority_comes_before_size() -> None:
    (found,) = compiled(
        fleet("place chat { pool = big }\nplace search { pool = big; priority = 5 }")
    ).fleets
    assert [item.deployment for item in found.placements] == ["chat", "search"]
    result = compiled(
        fleet("place chat { pool = big; replicas = 4 }\nplace search { pool = big; priority = 5 }")
    )
    assert codes(result) == ["SRV501"]
    assert finding(result, "SRV501").primary.span.start > 0


def test_shares_stand_on_one_device() -> None:
    (found,) = compiled(fleet("place search { pool = big; replicas = 6; share = 25% }")).fleets
    assert found.placements[0].devices == 2


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ("place chat { pool = big; replicas = 5 }", "SRV501"),
        ("place search { pool = big; replicas = 33; share = 50% }", "SRV505"),
        ("place chat { pool = small }", "SRV503"),
        ("place chat { pool = big; replicas = 4 }\nbudget { cost <= 30 USD/h }", "SRV502"),
        ("place chat { pool = big; replicas = 4 }\nbudget { power <= 15 kW }", "SRV502"),
        ("place chat { pool = big; replicas = 4 }\nbudget { spare >= 5% }", "SRV502"),
        (
            'place chat { pool = big }\nassert predicted.cost <= 1 USD/h else "cheap"',
            "SRV118",
        ),
        ('place chat { pool = big }\nassert bugdet.cost <= 1 USD/h else "cheap"', "SRV119"),
    ],
)
def test_findings(places: str, code: str) -> None:
    assert codes(compiled(fleet(places))) == [code]


def test_other_hardware_and_too_few_devices_in_a_node() -> None:
    other = fleet("place chat { pool = big }").replace("h100 x 8", "a100-80g x 8")
    assert codes(compiled(other)) == ["SRV504"]
    small = fleet("place chat { pool = big }").replace("h100 x 8", "h100 x 2")
    assert codes(compiled(small)) == ["SRV504"]


def test_ports_clash_only_on_a_shared_node() -> None:
    text = fleet("place chat { pool = big }\nplace search { pool = big }")
    assert codes(compiled(text)) == []
    assert codes(compiled(text.replace("port = 9000", "port = 8000"))) == ["SRV506"]


def test_the_replicas_of_a_place_stand_over_the_deployment_s() -> None:
    text = fleet("place search { pool = big; replicas = 3 }")
    found = next(d for d in compiled(text).deployments if d.spec.name == "search")
    assert found.chosen is not None and found.chosen.plan is not None
    assert found.chosen.plan.replicas == 3


def test_limits_of_a_placed_deployment_use_the_pool_s_figures() -> None:
    text = fleet("place search { pool = big; replicas = 2 }")
    limited = text.replace("api { port = 9000 }", "limits { cost <= 4 USD/h; power <= 3 kW }")
    assert codes(compiled(limited)) == ["SRV502"]
    assert "5 USD/h" in finding(compiled(limited), "SRV502").title


def test_the_sample_fleet_is_placed_as_its_file_says() -> None:
    import servec.cli.sources as disk
    from servec.compiler.pipeline import compile_documents
    from servec.compiler.result import Request
    from servec.dsl.load import load
    from servec.targets import TARGETS

    sources = disk.DiskSources()
    document, _ = load(sources, str(ROOT / "specs" / "fleet.srv"))
    assert document is not None
    (found,) = compile_documents([document], TARGETS, Request(sources=sources)).fleets
    assert [(p.deployment, p.pool) for p in found.placements] == [
        ("qwen3-moe-agent", "big"),
        ("llama70b-chat", "mid"),
        ("embedding", "small"),
    ]
    assert found.placements[1].replicas == 2 and found.placements[2].replicas == 6
    assert 2 <= found.placements[0].replicas <= 3
    assert found.cost is not None and found.cost <= 140


def test_a_replica_on_several_nodes_takes_that_many_at_once() -> None:
    room = Bin(3, 8)
    assert pack(room, "wide", (Part(2, 8, 1.0),))
    assert not pack(room, "wide", (Part(2, 8, 1.0),))
    assert pack(room, "small", (Part(1, 8, 1.0),))
    assert room.used == 3 and room.devices_used == 24


def test_ten_thousand_nodes_are_filled_in_one_pass() -> None:
    room = Bin(10_000, 8)
    placed = sum(pack(room, "odd", (Part(1, 5, 1.0),)) for _ in range(10_001))
    assert placed == 10_000
    assert pack(room, "small", (Part(1, 3, 1.0),))
    assert room.nodes_of("small") == {0}


def test_the_nodes_that_hold_all_of_it_are_found_in_one_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []

    def counted(room: Bin, name: str, parts: tuple[Part, ...]) -> bool:
        calls.append(name)
        return pack(room, name, parts)

    monkeypatch.setattr("servec.compiler.fleet.packing.pack", counted)
    found = finding(compiled(fleet("place chat { pool = big; replicas = 401 }")), "SRV501")
    assert found.fixes[0].title == "201 nodes hold all of it"
    assert len(calls) <= 2 * 401 + 2


def test_a_share_bounds_what_a_deployment_may_take() -> None:
    text = fleet("place search { pool = big; replicas = 4; share = 50% }")
    found = next(d for d in compiled(text).deployments if d.spec.name == "search")
    assert found.chosen is not None and found.chosen.plan is not None
    memory = found.chosen.memory
    assert float(found.chosen.plan.memory_fraction) == pytest.approx(0.45)
    assert memory is not None and memory.budget is not None and memory.device is not None
    assert memory.budget <= 0.45 * memory.device + 1
    argv = found.chosen.launch().processes[0].argv
    assert float(argv[argv.index("--gpu-memory-utilization") + 1]) <= 0.45


def test_a_smaller_bound_of_the_spec_s_own_stands() -> None:
    text = fleet("place search { pool = big; replicas = 4; share = 50% }")
    own = text.replace("api { port = 9000 }", "api { port = 9000 }\nlimits { memory <= 30% }")
    found = next(d for d in compiled(own).deployments if d.spec.name == "search")
    assert found.chosen is not None and found.chosen.plan is not None
    assert float(found.chosen.plan.memory_fraction) == pytest.approx(0.3)


def test_what_does_not_fit_its_share_is_planned_on_whole_devices_with_a_warning() -> None:
    result = compiled(fleet("place search { pool = big; replicas = 6; share = 2% }"))
    assert codes(result) == ["SRV507"]
    found = next(d for d in result.deployments if d.spec.name == "search")
    assert found.chosen is not None and found.chosen.plan is not None
    assert float(found.chosen.plan.memory_fraction) == pytest.approx(0.9)
    enough = fleet("place search { pool = big; replicas = 2; share = 35% }")
    assert codes(compiled(enough)) == []


OPEN = """servec 1

deployment "chat" {
  model = qwen3-8b
  hardware = any
  workload { input = 1k tokens; output = 200 tokens; concurrency = 8 }
  slo { ttft.p95 <= 10s; tpot.p95 <= 200ms }
}

fleet "west" {
  pool "big" { hardware = h200 x 8; nodes = 2; price = 40 USD/h }
  pool "old" { hardware = a100-80g x 4; nodes = 2; price = 6 USD/h }
"""


def test_open_hardware_takes_the_cheapest_part_of_a_pool_that_will_do() -> None:
    (found,) = compiled(OPEN + "}\n").deployments
    assert found.chosen is not None
    (case,) = found.chosen.cases
    assert case.hardware == "a100-80g x 1"
    assert case.performance is not None and case.performance.cost == 1.5
    why = next(r for r in found.chosen.reasons if r.code == "hardware")
    assert "1.50 USD/h" in why.text and why.figures["usd_per_hour"] == 1.5


def test_open_hardware_of_a_placed_deployment_is_its_pool_s() -> None:
    result = compiled(OPEN + "  place chat { pool = big }\n}\n")
    assert codes(result) == []
    (found,) = result.deployments
    assert found.chosen is not None and found.chosen.cases[0].hardware == "h200 x 1"
    assert result.fleets[0].placements[0].devices == 1
