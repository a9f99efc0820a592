"""Command lines are read and refused as the runtimes' own parsers do, strictly."""

from __future__ import annotations

import json

import pytest

from servec.compiler.options.argv import read
from servec.compiler.options.command import command_troubles
from servec.targets.shared.table import load_table

VLLM = load_table("vllm", "0.33.0")
SGLANG = load_table("sglang", "0.5.23")


def test_options_values_and_positional_words() -> None:
    line = read(VLLM, ["Qwen/Qwen3-8B", "-tp", "2", "--port=9000", "--enforce-eager"])
    assert line.positional == ("Qwen/Qwen3-8B",)
    assert [(a.option.name, a.values) for a in line.arguments if a.option] == [
        ("tensor-parallel-size", ("2",)),
        ("port", ("9000",)),
        ("enforce-eager", ()),
    ]


def test_lists_end_at_the_next_flag_and_negative_numbers_are_values() -> None:
    words = ["--cudagraph-capture-sizes", "1", "2", "4", "--max-logprobs", "-1"]
    found = read(VLLM, words).arguments
    assert [argument.values for argument in found] == [("1", "2", "4"), ("-1",)]
    assert command_troubles(VLLM, words) == ()


def test_dotted_flags_fill_a_json_option() -> None:
    found = read(VLLM, ["--compilation-config.mode", "3", "-cc.cudagraph_mode=PIECEWISE"])
    assert [(a.option.name, a.path) for a in found.arguments if a.option] == [
        ("compilation-config", ("mode",)),
        ("compilation-config", ("cudagraph_mode",)),
    ]
    assert command_troubles(VLLM, ["--compilation-config.mode", "3", "-O3"]) == ()
    (wrong,) = command_troubles(VLLM, ["--compilation-config.mood", "3"])
    assert wrong[1].text == "no such field"


def test_underscores_only_where_the_parser_takes_them() -> None:
    assert command_troubles(VLLM, ["--max_model_len", "8k"]) == ()
    assert command_troubles(SGLANG, ["--context_length", "8192"]) != ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--max-num-seqs", "many"], "a whole number"),
        (["--max-num-seqs", "0"], "at least 1"),
        (["--gpu-memory-utilization", "1.5"], "at most 1"),
        (["--gpu-memory-utilization", "0"], "more than 0"),
        (["--performance-mode", "fast"], "not among"),
        (["--kv-cache-dtype", "fp7"], "not among"),
        (["--tool-call-parser", "hermess"], "not among"),
        (["--max-model-len"], "missing"),
        (["--enforce-eager=true"], "takes no value"),
        (["--speculative-config", '{"method": "ngram"'], "no JSON"),
        (["--speculative-config", '{"num_speculative_tokens": 0}'], "more than 0"),
        (["--compilation-config", "3"], "a JSON object"),
        (["--max-model", "8192"], "unknown option"),
        (["--no-port"], "unknown option"),
    ],
)
def test_what_vllm_refuses(words: list[str], text: str) -> None:
    (found,) = command_troubles(VLLM, words)
    assert text in found[1].text


@pytest.mark.parametrize(
    "words",
    [
        ["--max-model-len", "auto"],
        ["--max-model-len", "32K", "--max-num-batched-tokens", "1.5k"],
        ["--moe-backend", "DEEP-GEMM"],
        ["--attention-backend", "flash_attn"],
        ["--hf-overrides", '{"architectures": ["X"]}', "--quantization", "None"],
        ["--kv-transfer-config", json.dumps({"kv_connector": "Own", "kv_role": "kv_both"})],
        ["--reasoning-parser", "own", "--reasoning-parser-plugin", "own.py"],
        ["--no-enable-prefix-caching", "--disable-log-requests"],
        ["--speculative-config", '{"method": "eagle3", "model": "m", "num_speculative_tokens": 3}'],
        ["--compilation-config", '{"mode": 3, "cudagraph_capture_sizes": [1, 2]}'],
    ],
)
def test_what_vllm_takes(words: list[str]) -> None:
    assert command_troubles(VLLM, words) == ()


def test_binary_suffixes_take_no_fraction() -> None:
    (found,) = command_troubles(VLLM, ["--max-model-len", "1.5K"])
    assert "whole number" in found[1].text


def test_json_that_is_read_late_is_read_here() -> None:
    assert command_troubles(SGLANG, ["--json-model-override-args", "{x}"]) != ()
    good = '{"decode": {"backend": "full", "max_bs": 64}}'
    assert command_troubles(SGLANG, ["--cuda-graph-config", good]) == ()
    bad = good.replace("max_bs", "max_batch")
    (found,) = command_troubles(SGLANG, ["--cuda-graph-config", bad])
    assert found[1].path == ("decode", "max_batch")
