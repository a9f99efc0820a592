"""An imported spec on another runtime: what is lost or said otherwise is told, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec import api
from tests.importing.book import entries
from tests.importing.recipes import NAMES, outcome, read

if TYPE_CHECKING:
    from pathlib import Path

LINE = (
    "vllm serve Qwen/Qwen3-VL-30B-A3B-Instruct -tp 2 --gpu-memory-utilization 0.85"
    " --mm-processor-cache-type shm --tool-call-parser hy_v3 --enable-auto-tool-choice"
    " --max-logprobs 40"
)


def test_everything_is_told() -> None:
    text = read(LINE.split()).imported.text
    result = api.compile({"a.srv": text}, target="sglang")
    told = {(item.code, item.severity, item.title) for item in result.diagnostics}
    assert not [item for item in result.diagnostics if item.severity == "error"]
    for code, what in (
        ("SRV318", "media.cache_kind"),
        ("SRV318", "features.tools = hy_v3"),
        ("SRV318", "on vllm"),
        ("SRV319", "limits.memory"),
    ):
        assert any(each[0] == code and what in each[2] for each in told), (code, what)
    (emission,) = result.emissions
    words = emission.launch.processes[0].argv
    assert "--tool-call-parser" not in words and "hy_v3" not in words
    (page,) = (item for item in emission.artifacts if item.path == "README.md")
    for what in ("## Not carried over", "media.cache_kind", "max-logprobs", "said otherwise"):
        assert what in page.text
    assert "has the parser" not in page.text


def test_its_own_runtime_is_told_nothing() -> None:
    result = api.compile({"a.srv": read(LINE.split()).imported.text})
    assert not {"SRV318", "SRV319"} & {item.code for item in result.diagnostics}


def test_a_key_is_never_left_out() -> None:
    text = read(["llama-server", "-m", "x.gguf", "--api-key", "k"]).imported.text
    result = api.compile({"a.srv": text}, target="mlx")
    assert [item.code for item in result.diagnostics if item.severity == "error"] == ["SRV310"]


PAIRS = {"vllm": "sglang", "sglang": "vllm"}


@pytest.mark.parametrize("name", [n for n in NAMES if n.partition("-")[0] in PAIRS])
def test_published_launches_are_carried(name: str) -> None:
    other = PAIRS[name.partition("-")[0]]
    result = api.compile({"a.srv": outcome(name).imported.text}, target=other)
    wrong = [item for item in result.diagnostics if item.severity == "error"]
    assert result.emissions or all(item.code in ("SRV305", "SRV306", "SRV310") for item in wrong)


def test_a_recipe_is_several_launches(tmp_path: Path) -> None:
    folder = tmp_path / "Qwen"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "model: {model_id: Qwen/Qwen3-8B, base_args: [--trust-remote-code]}\n"
        "features: {tools: {args: [--enable-auto-tool-choice]},"
        " mtp: {args: [-tp, 2], env: {A: 1}}}\n"
        "opt_in_features: [mtp]\nhardware_overrides: {amd: {extra_env: {B: 2}}}\n"
    )
    found = list(entries(folder))
    assert [item.name for item in found] == ["Qwen/a", "Qwen/a with mtp", "Qwen/a on amd"]
    assert found[1].argv[-2:] == ("-tp", "2") and found[1].env == {"A": "1"}
    assert found[2].env == {"B": "2"}
