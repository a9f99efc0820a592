"""The table of figures: every one has a source, a known field and a known unit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from servec.compiler.memory import constants as module
from servec.compiler.memory.constants import constants, newest_then, unseen, version_key
from servec.compiler.memory.figures import Constants

FILE = Path(module.__file__).with_name("constants.json")
TABLE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
RUNTIMES = ("vllm", "sglang", "trtllm", "llamacpp", "mlx", "lmdeploy", "tgi", "triton", "rayserve")


def figures() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for runtime, entry in TABLE["runtimes"].items():
        parts = [entry.get("base", {}), *entry.get("versions", {}).values()]
        found += [(runtime, name, figure) for part in parts for name, figure in part.items()]
    return found


@pytest.mark.parametrize(("runtime", "name", "figure"), figures())
def test_a_figure_says_where_it_comes_from(runtime: str, name: str, figure: dict[str, Any]) -> None:
    assert len(figure["source"]) > 5
    assert figure.get("unit", "GiB") in module.UNITS
    assert name in Constants.__match_args__
    assert not set(figure) - {"value", "unit", "source"}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_every_runtime_has_a_band_and_defaults(runtime: str) -> None:
    table = constants(runtime)
    assert table.runtime == runtime
    assert table.band > 0
    assert table.default_tokens(80 << 30, "h100-sxm") > 0
    assert table.default_seqs(8 << 30, "a100-80-sxm") > 0


def test_a_version_takes_the_figures_up_to_it() -> None:
    assert constants("vllm", "0.9.2").logit_bytes == 38.8
    assert constants("vllm", "0.19.0").logit_bytes == 16.3
    assert constants("vllm", "0.19.0").share == 0.9
    assert constants("vllm", "0.22.1").share == 0.92
    assert constants("vllm", "0.22.1").in_flight == 1
    assert constants("vllm", "main") == constants("vllm", "0.33.0")


def test_versions_are_ordered_as_numbers() -> None:
    assert (
        version_key("0.9.2") < version_key("0.10.0") < version_key("0.33.0") < version_key("main")
    )
    assert version_key("b8672") < version_key("b11549")
    assert version_key("1.3.0rc3") == version_key("1.3.0")


def test_defaults_follow_the_device() -> None:
    """vllm 0.8.0 to 0.33.0 engine/arg_utils.py: the A100 keeps the small ones, but for 0.8.5, and
    0.8.0 to 0.8.4 go by the names H100 and H200 alone."""
    table = constants("vllm", "0.33.0")
    assert table.default_tokens(80 << 30, "h100-sxm", "sm90") == 8192
    assert table.default_tokens(80 << 30, "a100-80-sxm", "sm80") == 2048
    assert table.default_tokens(80 << 30, "a800-80-sxm", "sm80") == 8192
    assert table.default_tokens(180 << 30, "b200", "sm100") == 16384
    assert constants("vllm", "0.22.1").default_tokens(180 << 30, "b200", "sm100") == 8192
    assert table.default_seqs(121 << 30, "dgx-spark", "sm121") == 256
    assert constants("vllm", "0.22.1").default_seqs(121 << 30, "dgx-spark", "sm121") == 1024
    assert table.default_seqs(24 << 30, "rtx-4090", "sm89") == 256
    assert constants("vllm", "0.8.3").default_seqs(24 << 30, "rtx-4090", "sm89") == 1024
    assert constants("vllm", "0.8.4").default_seqs(24 << 30, "rtx-4090", "sm89") == 256
    assert constants("vllm", "0.8.4").default_seqs(96 << 30, "gh200-96", "sm90") == 1024
    assert constants("vllm", "0.8.5").default_seqs(80 << 30, "a100-80-sxm", "sm80") == 1024
    assert constants("vllm", "0.7.3").default_tokens(80 << 30, "h100-sxm", "sm90") == 2048


def test_a_report_is_no_newer_than_its_issue() -> None:
    assert newest_then("vllm", 13061) == newest_then("vllm", 13999) == "0.7.2"
    assert newest_then("vllm", 1) == newest_then("sglang", 5000) == ""


def test_an_unknown_runtime_is_less_certain() -> None:
    assert constants("other-engine").band > constants("vllm").band


def test_what_the_driver_keeps() -> None:
    assert unseen("h100-sxm", "nvidia") == int(0.55 * (1 << 30))
    assert unseen("some-new-card", "nvidia") > 0
    assert unseen("mi355x", "amd") == 0
    assert unseen("", "nvidia", 24 << 30) == int(0.018 * (24 << 30))
