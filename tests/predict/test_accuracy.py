"""`accuracy` on serving runs and published points."""

from __future__ import annotations

import pytest

from servec.compiler.predict.accuracy import (
    is_points_file,
    is_serving_file,
    score_points,
    score_runs,
)
from servec.compiler.predict.calibration.measured_model import named
from servec.compiler.predict.calibration.point import read_point
from tests.predict.runs import rows

POINT = {
    "id": "p1",
    "runtime": "llama.cpp",
    "hardware": "4090 24GB",
    "gpus": 1,
    "model": "meta-llama/Meta-Llama-3-8B",
    "precision": "Q4_K_M",
    "metric": "decode_tps",
    "value": 127.74,
    "batch": 1,
    "output_tokens": 1024,
}


def test_every_usable_run_has_two_rows() -> None:
    data = rows()
    data[0]["usable"] = "0"
    data[1]["mode"] = "disagg"
    data[2]["silicon_tpot_ms"] = ""
    found = score_runs(data)
    assert found["schema"] == "servec.accuracy/1"
    assert len(found["rows"]) == 2 * (len(data) - 3)
    assert set(found["quantities"]) == {"ttft_ms", "tpot_ms"}
    tpot = found["quantities"]["tpot_ms"]
    assert tpot["n"] == len(data) - 3 and tpot["abstained"] == 0
    assert tpot["median_error"] == pytest.approx(0, abs=1e-6)
    assert tpot["within_2x"] == 1 and tpot["band_coverage"] == 1
    group = found["groups"]["vllm|h200_sxm"]
    assert group["tpot_ms"]["n"] == 4 and group["n"] == 8


def test_errors_are_what_they_say() -> None:
    tpot = score_runs(rows(2.0))["quantities"]["tpot_ms"]
    assert tpot["median_error"] == pytest.approx(0.5)
    assert tpot["band_coverage"] < 0.5


def test_what_is_not_known_abstains_with_the_reason() -> None:
    data = rows()[:2]
    data[0]["model_path"] = "nobody/No-Such-Model-9B"
    data[1]["system"] = "abacus"
    found = score_runs(data)
    assert [row["predicted"] for row in found["rows"]] == [None] * 4
    reasons = {row["abstained"] for row in found["rows"]}
    assert any("nobody/No-Such-Model-9B" in text for text in reasons)
    assert any("abacus" in text for text in reasons)
    assert found["quantities"]["tpot_ms"]["abstained"] == 2


@pytest.mark.parametrize("column", ["isl", "osl", "concurrency", "attn_tp", "ep", "precision"])
def test_a_lacking_column_is_no_bug(column: str) -> None:
    data = rows()[:1]
    data[0][column] = ""
    assert len(score_runs(data)["rows"]) == 2


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("meta-llama/Llama-3.1-70B", "meta-llama/Llama-3.1-70B-Instruct"),
        ("zhipuai/GLM-5", "zai-org/GLM-5"),
        ("nvidia/Qwen3-32B-NVFP4", "Qwen/Qwen3-32B"),
    ],
)
def test_models_under_other_names(name: str, id: str) -> None:
    found = named(name)
    assert found is not None and found.id == id


def test_a_point_is_predicted_in_its_unit() -> None:
    (row,) = score_points([POINT])["rows"]
    assert row["measured"] == 127.74
    assert row["predicted"] == pytest.approx(127.74, rel=0.2)
    assert row["low"] < row["predicted"] < row["high"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"hardware": "an unknown machine"}, "no bandwidth"),
        ({"model": "nobody/none"}, "the catalogue has no"),
        ({"precision": "", "model": "meta-llama/Meta-Llama-3-8B"}, "precision"),
        ({"model": "meta-llama/Meta-Llama-3-70B"}, "do not fit"),
        ({"metric": "smell"}, "not predicted"),
    ],
)
def test_a_point_that_says_too_little_abstains(changes: dict[str, object], why: str) -> None:
    (row,) = score_points([{**POINT, **changes}])["rows"]
    assert row["predicted"] is None and why in row["abstained"]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("3090 24GB", "rtx-3090"),
        ("Ryzen 9 7900X (Nvidia 4090)", "rtx-4090"),
        ("M1 Max 32-Core GPU 64GB", "apple-m1-max"),
        ("Apple M2 Ultra 800 GB/s", "apple-m2-ultra"),
        ("AMD Ryzen AI Max+ 395 (Radeon 8060S, 128 GB unified)", "strix-halo-128"),
        ("Nvidia H100 GPU", "h100-sxm"),
    ],
)
def test_hardware_in_a_report_s_own_words(text: str, id: str) -> None:
    found = read_point({**POINT, "hardware": text}).device
    assert found is not None and found.id == id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("RTX 4000 Ada 20GB", "rtx-4000-ada"),
        ("Intel 265K (Nvidia RTX 3080 Ti)", "rtx-3080-ti"),
        ("Nvidia RTX 3060", "rtx-3060"),
        ("Nvidia A100 GPU", "a100-40-sxm"),
    ],
)
def test_relatives_and_open_memories_are_told_apart(text: str, id: str) -> None:
    found = read_point({**POINT, "hardware": text}).device
    assert found is not None and found.id == id


def test_a_throughput_of_one_request_shows_that_batch_is_no_batch() -> None:
    run = {**POINT, "metric": "batch_latency", "value": 2.64, "batch": 64}
    run |= {"input_tokens": 128, "output_tokens": 128}
    assert read_point({**run, "throughput_listed": 256 / 2.64}).batch == 1
    assert read_point({**run, "throughput_listed": 64 * 256 / 2.64}).batch == 64
    assert read_point(run).batch == 64


def test_forms_of_files() -> None:
    assert is_serving_file(rows()[0]) and not is_serving_file(["a", "b"])
    assert is_points_file([POINT]) and not is_points_file([]) and not is_points_file({"a": 1})
