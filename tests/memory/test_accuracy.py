"""Scoring against reports: what is read, what is predicted, and what abstains, with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from servec.compiler.memory.accuracy import accuracy, is_memory_file
from servec.compiler.memory.measured.scores import quantile, score, spearman

# Lines of public reports, in the form of a file of measurements.
REPORTS: list[dict[str, Any]] = [
    {
        "id": "a100",
        "runtime": "vllm",
        "version": "0.9.2",
        "hardware": "NVIDIA A100-SXM4-40GB",
        "gpus": 1,
        "model": "Qwen/Qwen3-8B",
        "precision": "bf16",
        "flags": {"tp": 1, "gpu_memory_utilization": 0.9, "max_model_len": 40960},
        "observed": [
            {"quantity": "weights", "value": 15.2683, "unit": "GiB per GPU"},
            {"quantity": "kv_memory", "value": 18.69, "unit": "GiB per GPU"},
            {"quantity": "kv_tokens", "value": 136080, "unit": "tokens"},
            {"quantity": "graph_memory", "value": 2.24, "unit": "GiB per GPU"},
        ],
        "outcome": "starts",
        "source": "a public log of vllm 0.9.2",
    },
    {
        "id": "sglang",
        "runtime": "sglang",
        "hardware": "NVIDIA H200 141GB",
        "gpus": 8,
        "model": "deepseek-ai/DeepSeek-V3",
        "precision": "fp8",
        "flags": {"tp": 8},
        "observed": [{"quantity": "avail_after_weights", "value": 58.12, "unit": "GB per GPU"}],
        "outcome": "loads",
        "source": "github sgl-project/sglang issue 3416",
    },
    {
        "id": "small-card",
        "runtime": "llama.cpp",
        "hardware": "3080 Ti 12GB",
        "gpus": 1,
        "model": "meta-llama/Meta-Llama-3-8B",
        "precision": "F16",
        "flags": {"n_ctx": "model default (8192)", "ngl": "all"},
        "outcome": "oom",
        "source": "github XiongjieDai/GPU-Benchmarks-on-LLM-Inference README.md",
    },
    {
        "id": "no-card",
        "runtime": "vllm",
        "hardware": "not named",
        "gpus": 1,
        "model": "meta-llama/Meta-Llama-3.1-8B-Instruct",
        "precision": "bf16",
        "observed": [
            {"quantity": "weights", "value": 14.9888, "unit": "GiB per GPU"},
            {"quantity": "kv_tokens", "value": 158880, "unit": "tokens"},
        ],
        "outcome": "starts",
        "source": "a public log",
    },
    {
        "id": "no-model",
        "runtime": "vllm",
        "hardware": "NVIDIA H100 80GB",
        "gpus": 1,
        "model": "not named",
        "precision": "not named",
        "observed": [{"quantity": "kv_memory", "value": 20.16, "unit": "GiB per GPU"}],
        "outcome": "starts",
        "source": "a public log",
    },
]


def rows() -> dict[tuple[str, str], Any]:
    return {(row.id, row.quantity): row for row in accuracy(REPORTS).rows}


def test_every_measured_quantity_has_a_row() -> None:
    assert len(rows()) == sum(len(entry.get("observed", [])) for entry in REPORTS)


def test_predictions_are_close_where_everything_is_named() -> None:
    found = rows()
    for key, within in (
        (("a100", "weights"), 0.01),
        (("a100", "kv_memory"), 0.02),
        (("a100", "kv_tokens"), 0.02),
        (("sglang", "avail_after_weights"), 0.01),
        (("no-card", "weights"), 0.01),
    ):
        row = found[key]
        assert row.predicted == pytest.approx(row.measured, rel=within), key
        assert row.low <= row.measured <= row.high
        assert not row.abstained


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (("no-card", "kv_tokens"), "the hardware is not named"),
        (("no-model", "kv_memory"), "the model is not named"),
        (("a100", "graph_memory"), "a part of the sum that is only known within it"),
    ],
)
def test_abstains_with_the_reason(key: tuple[str, str], reason: str) -> None:
    row = rows()[key]
    assert row.predicted is row.low is row.high is None
    assert row.abstained == reason


def test_verdicts() -> None:
    found = accuracy(REPORTS).verdicts
    assert (found.starts_right, found.fails_right) == (2, 1)
    assert (found.starts_wrong, found.fails_wrong, found.wrong) == (0, 0, ())
    assert found.unjudged == 2


def test_a_wrong_verdict_is_named() -> None:
    upside_down = [dict(REPORTS[2], outcome="starts")]
    found = accuracy(upside_down).verdicts
    assert (found.fails_wrong, found.wrong) == (1, ("small-card",))


OPEN: dict[str, Any] = {
    "id": "open",
    "runtime": "vllm",
    "hardware": "NVIDIA A100 80GB",
    "gpus": 1,
    "model": "someone/gemma-4-31B-it-AWQ-4bit",
    "precision": "awq 4 bit",
    "flags": {"max_model_len": 65536},
    "observed": [{"quantity": "weights", "value": 18.5, "unit": "GiB per GPU"}],
    "outcome": "starts",
}


def test_what_is_left_open_is_judged_only_if_every_way_agrees() -> None:
    """What the catalogue lacks is not predicted, but far from the edge it is judged."""
    roomy = accuracy([OPEN])
    assert roomy.rows[0].predicted is None
    assert roomy.verdicts.starts_right == 1
    short = {"max_model_len": 4096}
    tight = accuracy([dict(OPEN, hardware="NVIDIA GeForce RTX 4090 24GB", flags=short)])
    assert tight.verdicts.starts_right == tight.verdicts.fails_wrong == 0
    assert tight.verdicts.unsure == 1
    small = accuracy([dict(OPEN, hardware="3080 Ti 12GB", outcome="oom")])
    assert small.verdicts.fails_right == 1


def test_the_document() -> None:
    document: Any = accuracy(REPORTS).document()
    assert document["schema"] == "servec.accuracy/1"
    weights = document["quantities"]["weights"]
    assert weights["n"] == 2 and weights["abstained"] == 0
    assert weights["median_error"] < 0.01
    assert weights["band_coverage"] == 1
    assert document["fit"]["starts_right"] == 3
    assert document["groups"]["sglang|NVIDIA H200 141GB"]["n"] == 1
    assert document["rows"][0] == {
        "id": "a100",
        "quantity": "weights",
        "measured": 15.2683,
        "predicted": pytest.approx(15.257, abs=0.001),
        "low": pytest.approx(14.95, abs=0.01),
        "high": pytest.approx(15.56, abs=0.01),
        "abstained": None,
    }


def test_what_is_a_file_of_memory() -> None:
    assert is_memory_file(REPORTS)
    assert not is_memory_file([])
    assert not is_memory_file({"a": 1})
    assert not is_memory_file([{"metric": "tpot", "value": 1}])


def test_odd_entries_do_not_break_it() -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"id": "x", "observed": "nothing", "flags": 3, "outcome": None},
        {"id": "y", "runtime": "vllm", "model": "Qwen/Qwen3-8B", "gpus": 0, "observed": [{}, 3]},
        {
            "id": "z",
            "runtime": "new",
            "model": "Qwen/Qwen3-8B",
            "precision": "bf16",
            "gpus": 2,
            "hardware": "NVIDIA H100 80GB",
            "observed": [{"quantity": "weights", "value": True}],
        },
    ]
    assert accuracy(odd).rows == ()


def test_statistics() -> None:
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([], 0.5) is None
    assert spearman([(1, 10), (2, 20), (3, 30)]) == pytest.approx(1)
    assert spearman([(1, 30), (2, 20), (3, 10)]) == pytest.approx(-1)
    assert spearman([(1, 1), (2, 2)]) is None
    assert score([])["n"] == 0
