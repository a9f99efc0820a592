"""Keywords of a launch in Python are those of its release, and findings stand on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.python.launches import python_commands
from tests.importing.program_words import HEAD, words


def test_a_dict_is_said_as_the_line_of_the_release_has_it() -> None:
    text = HEAD + 'LLM("a/b", limit_mm_per_prompt={"image": 10, "video": 1})'
    assert words(text, version="0.6.3")[-1] == "image=10,video=1"
    assert words(text, version="0.9.0")[-1] == '{"image": 10, "video": 1}'
    text = HEAD + 'LLM("a/b", compilation_config=3)'
    assert words(text, version="0.8.4")[-1] == "3"
    assert words(text, version="0.11.0")[-1] == '{"level": 3}'
    assert words(text)[-1] == '{"mode": 3}'
    text = HEAD + 'LLM("a/b", compilation_config={"level": 3, "backend": "eager"})'
    (found,) = python_commands(text, "a.py", {}, ("vllm", "0.33.0"))
    assert found.words[-1] == '{"backend": "eager"}' and found.written is not None
    assert [name for name, _ in found.written.strange] == ["compilation_config.level"]


def test_a_line_that_the_engine_parses_itself_is_its_own() -> None:
    text = HEAD + (
        "import argparse\np = argparse.ArgumentParser()\n"
        'p.add_argument("--model-path", default="a/b")\np = AsyncEngineArgs.add_cli_args(p)\n'
        "a = p.parse_args()\na.model = a.model_path\nAsyncEngineArgs.from_cli_args(a)"
    )
    line = ["--model-path", "c/d", "--tensor-parallel-size", "2"]
    assert words(text, words=line) == ["c/d", "--tensor-parallel-size", "2"]


def test_of_tensorrt_llm_what_is_no_flag_stands_in_its_file() -> None:
    text = (
        "from tensorrt_llm import LLM\nfrom tensorrt_llm.llmapi import KvCacheConfig\n"
        'LLM("a/b", tensor_parallel_size=2, kv_cache_config=KvCacheConfig(dtype="fp8"))'
    )
    (found,) = python_commands(text, "a.py", {}, ("trtllm", "1.3.0rc3"))
    assert found.words[:3] == ("a/b", "--tensor_parallel_size", "2")
    ((_, held),) = found.files.items()
    assert json.loads(held) == {"kv_cache_config": {"dtype": "fp8"}}


def test_keywords_are_those_of_the_release() -> None:
    text = HEAD + 'AsyncEngineArgs(model="a/b", disable_log_requests=True, port=80)'
    told = {}
    for version in ("0.9.0", "0.12.0"):
        (found,) = python_commands(text, "a.py", {}, ("vllm", version))
        assert found.written is not None
        told[version] = [name for name, _ in found.written.strange]
    assert told == {"0.9.0": ["port"], "0.12.0": ["disable_log_requests", "port"]}


def test_a_keyword_that_came_later_is_refused() -> None:
    text = HEAD + 'llm = LLM("a/b", **{"quantization": "AWQ"})'
    told = {}
    for version in ("0.1.7", "0.2.0", "0.9.2"):
        (found,) = python_commands(text, "a.py", {}, ("vllm", version))
        assert found.written is not None
        told[version] = [why for _, why in found.written.strange] or found.words[-1]
    late = "EngineArgs has no such keyword: it came with 0.2.0"
    assert told["0.1.7"] == [late.replace("EngineArgs", "LLM")]
    assert (told["0.2.0"], told["0.9.2"]) == ("awq", "awq")


@pytest.mark.parametrize("version", ["0.8.5", "0.33.0"])
def test_the_beginning_of_a_keyword_is_none(version: str) -> None:
    text = HEAD + 'LLM("a/b", tensor_parallel=2)'
    (found,) = python_commands(text, "a.py", {}, ("vllm", version))
    assert found.written is not None and found.words == ("a/b",)
    why = "LLM has no such keyword: write `tensor_parallel_size`"
    assert found.written.strange == (("tensor_parallel", why),)


def test_a_keyword_that_is_dropped_unheard_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("up.py").write_text(
        'from llama_cpp import Llama\nLlama("Qwen2.5-7B-Instruct-Q4_K_M.gguf", n_gpu_layer=35)\n'
    )
    assert main(["import", "llamacpp", "--check", "--script", "up.py"]) == 0
    err = capsys.readouterr().err
    assert "does not take `n_gpu_layer`\n --> up.py:2:42\n" in err
    assert "drops one that it does not know; nearest: n_gpu_layers" in err


def test_findings_stand_on_the_keyword_and_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("up.py").write_text(
        HEAD + 'llm = LLM("Qwen/Qwen2.5-7B-Instruct", tensor_parallel_size=3)\n'
    )
    assert main(["import", "vllm@0.33.0", "--check", "--", "python3", "-u", "up.py"]) == 1
    err = capsys.readouterr().err
    assert "`tensor_parallel_size=3` does not split 28 query heads" in err
    assert " --> up.py:3:39\n" in err
    assert '3 | llm = LLM("Qwen/Qwen2.5-7B-Instruct", tensor_parallel_size=2)' in err
