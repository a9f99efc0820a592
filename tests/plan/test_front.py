"""The front of latency against throughput: in the plan, as JSON, as a table and as a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from servec.cli.main import main
from servec.compiler.search.front import front
from tests.golden import ROOT
from tests.plan.compiling import one

if TYPE_CHECKING:
    from pathlib import Path

SPECS = ROOT / "specs"
DENSE = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8 }\n"
LOAD = "workload { input = 2k tokens; output = 300 tokens; concurrency = 48 }\n"
SVG = "{http://www.w3.org/2000/svg}"


def test_no_point_of_the_front_is_beaten_and_every_other_is() -> None:
    points = front(one(DENSE + LOAD, wide=True))
    on = [point for point in points if point.front]
    assert len(on) >= 5 and len({point.target for point in points}) >= 3
    assert [p.seconds for p in on] == sorted(p.seconds for p in on)
    assert [p.each for p in on] == sorted(p.each for p in on)
    for point in points:
        ahead = [o for o in on if o.seconds <= point.seconds and o.each * 1.01 >= point.each]
        assert ahead or point.performance.waiting >= 1
        assert not point.front or point.performance.waiting < 1


def test_what_is_sized_for_a_load_says_so() -> None:
    for point in front(one(DENSE + LOAD, wide=True)):
        (plan,) = point.plans
        assert plan.max_seqs in (point.load, -(-point.load // plan.degrees.data))
        assert point.stated is (point.load == 48)


def test_a_pinned_batch_stays_and_longer_queues_are_no_points() -> None:
    points = front(one(DENSE + LOAD + "limits { batch = 48 }", wide=True))
    assert {point.plans[0].max_seqs for point in points} <= {48, 24, 12, 6}
    assert max(point.load for point in points if point.front) <= 48


def test_roles_apart_are_points_at_every_load() -> None:
    roles = "role prefill { parallel { tensor = 4 } }\nrole decode { parallel { tensor = 4 } }\n"
    found = one(DENSE + roles + LOAD, ("vllm",), wide=True)
    points = [point for point in front(found) if len(point.cases) > 1]
    assert len({point.load for point in points}) > 5 and any(point.stated for point in points)
    for point in points:
        assert point.layout.startswith("prefill tensor 4") and "decode tensor 4" in point.layout
        flow = point.performance.throughput
        assert flow is not None and point.each == pytest.approx(flow.value / point.devices)


def test_slots_that_do_not_fit_are_no_points() -> None:
    lines = (
        "model = qwen3-4b\nhardware = orin-nano-8g x 1\nprecision { weights = q4_k_m }\n"
        "limits { context = 4Ki tokens }\n"
        "workload { kind = edge; input = 300 tokens; output = 120 tokens; concurrency = 1 }"
    )
    found = one(lines, ("llamacpp",), wide=True)
    points = [point for point in front(found) if point.front]
    assert 1 <= len(points) <= 5 and points[0].stated


def test_without_a_load_there_is_no_front() -> None:
    assert front(one(DENSE, wide=True)) == ()


def test_a_layer_around_an_engine_adds_no_points() -> None:
    found = one(DENSE + LOAD, wide=True)
    assert any(item.target == "triton" and not item.rejected for item in found.candidates)
    assert not any(point.target == "triton" for point in front(found))


def plan(*words: str) -> int:
    return main(["plan", str(SPECS / "llama70b-chat.srv"), *words])


def test_json_and_text_hold_the_front(capsys: pytest.CaptureFixture[str]) -> None:
    assert plan("--format", "json") == 0
    (found,) = json.loads(capsys.readouterr().out)["deployments"]
    row = found["pareto"][0]
    assert row["plan"]["gpus"] == 4 or row["plan"]["gpus"] == 8
    assert row["e2e_ms"]["low"] <= row["e2e_ms"]["value"] <= row["e2e_ms"]["high"]
    each = row["throughput_tok_s"]["value"] / row["plan"]["gpus"] / row["plan"]["replicas"]
    assert row["throughput_tok_s_gpu"] == pytest.approx(each)
    assert plan() == 0
    text = capsys.readouterr().out
    assert "latency against throughput" in text and "as stated" in text


def test_the_picture_is_the_same_bytes_each_time_and_has_what_it_must(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_file, other = tmp_path / "a.svg", tmp_path / "b.svg"
    assert plan("--plot", str(one_file)) == plan("--plot", str(other)) == 0
    assert one_file.read_bytes() == other.read_bytes()
    root = ElementTree.parse(one_file).getroot()
    words = [item.text or "" for item in root.iter(f"{SVG}text")]
    assert any(word.startswith("ttft.p95 <= ") for word in words)
    assert any(word.startswith("tpot.p95 <= ") for word in words)
    assert {"vllm", "sglang"} <= set(words)
    assert len(list(root.iter(f"{SVG}polyline"))) == 3
    names = [item.text or "" for item in root.iter(f"{SVG}title")]
    assert any("at the stated rate" in name for name in names)


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "front.html"
    assert main(["plan", *map(str, sorted(SPECS.glob("matrix/*.srv"))), "--plot", str(file)]) == 0
    text = file.read_text()
    assert text.count("<h2>") == 10 and "<svg" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_spec_that_nothing_can_serve_has_an_empty_picture(tmp_path: Path) -> None:
    spec, file = tmp_path / "a.srv", tmp_path / "a.svg"
    lines = "model = llama-3.1-405b\nhardware = l4 x 1\nworkload { concurrency = 2 }"
    spec.write_text(f'servec 1\n\ndeployment "<&>" {{\n{lines}\n}}\n')
    assert main(["plan", str(spec), "--plot", str(file)]) == 1
    words = [item.text or "" for item in ElementTree.parse(file).getroot().iter(f"{SVG}text")]
    assert "nothing can serve this spec" in words


def test_other_endings_and_places_are_wrong_usage(tmp_path: Path) -> None:
    assert plan("--plot", "front.png") == 2
    assert plan("--plot", str(tmp_path / "none" / "a.svg")) == 2


def test_a_token_has_a_price_and_an_energy(capsys: pytest.CaptureFixture[str]) -> None:
    assert plan("--format", "json") == 0
    (found,) = json.loads(capsys.readouterr().out)["deployments"]
    row = found["candidates"][0]["performance"]
    price, flow = row["cost_usd_per_million_tokens"], row["throughput_tok_s"]
    assert price["low"] <= price["value"] <= price["high"]
    assert price["value"] == pytest.approx(row["cost_usd_h"] / flow["value"] / 3600 * 1e6)
    energy = row["energy_j_per_token"]
    assert energy["high"] == pytest.approx(row["power_w"] / flow["low"])
    assert plan() == 0
    assert "USD per million tokens" in capsys.readouterr().out
