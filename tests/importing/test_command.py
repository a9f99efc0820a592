"""`servec import` as it is called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.targets.shared.importing.programs.program import command

if TYPE_CHECKING:
    from pathlib import Path

LINE = ["--", "vllm", "serve", "Qwen/Qwen3-8B", "-tp", "2"]


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["import", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_spec_to_stdout_findings_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "vllm", *LINE)
    assert code == 0 and out.startswith("servec 1\n") and "hardware = any x 2" in out
    assert "SRV315" in err and "SRV315" not in out


def test_hardware_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "vllm@0.22.1", "--hardware", "h100", *LINE)
    assert "hardware = h100 x 2\n" in out and 'version = "0.22.1"' in out
    assert call(capsys, "vllm", "--hardware", "h100 x x", *LINE)[0] == 2


@pytest.mark.parametrize(("width", "code"), [("2", 0), ("8", 0), ("16", 1)])
def test_a_line_may_leave_devices_idle(
    width: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["--", "vllm", "serve", "Qwen/Qwen3-32B", "-tp", width]
    assert call(capsys, "vllm", "--check", "--hardware", "h100 x 8", *line)[0] == code


def test_check_says_everything_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--", "--model", "Qwen/Qwen3-32B", "--tp", "7", "--bogus", "3", "--page-size", "x"]
    code, out, err = call(capsys, "sglang", "--check", *line)
    assert (code, out) == (1, "")
    assert all(what in err for what in ("SRV401", "bogus", "page-size"))
    assert call(capsys, "vllm", "--check", *LINE)[0] == 0


def test_verify(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "vllm", "--verify", *LINE)
    assert code == 0 and out and "qwen3-8b: equivalent" in err
    code, out, _ = call(capsys, "vllm", "--verify", *LINE, "--bogus", "1")
    assert code == 1 and out


def test_document(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "vllm", "--format", "json", "--verify", *LINE)
    document: dict[str, Any] = json.loads(out)
    jsonschema.validate(document, schema_of("servec.import/1"))
    assert code == 0 and document["commands"][0]["compiled"]
    assert document["commands"][0]["flags"] == 1
    assert not document["commands"][0].get("differences")


@pytest.mark.parametrize(
    "words",
    [
        ["vllm"],
        [],
        ["nope", "--", "x"],
        ["sglang", *LINE],
        ["--", "x"],
        ["vllm@wrong", *LINE],
        ["vllm", "--env", "x", *LINE],
        ["vllm", "--script", "none.sh"],
    ],
)
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, *words)
    assert (code, out) == (2, "") and err.startswith("servec import: ")


def test_options_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_text("tensor_parallel_size: 4\nkv_cache_config: {dtype: fp8}\n")
    line = ["--", "trtllm-serve", "nvidia/Llama-3.3-70B-Instruct-FP8", "--config", "c.yaml"]
    code, out, _ = call(capsys, "trtllm", "--verify", *line)
    assert code == 0 and "tensor = 4" in out and "kv = fp8" in out


@pytest.mark.parametrize(
    ("line", "runtime", "words", "aside"),
    [
        (
            "python3 -m dynamo.vllm --model a/b --is-decode-worker --connector nixl kvbm --seed 1",
            "vllm",
            ("--model", "a/b", "--seed", "1"),
            ("--is-decode-worker", "--connector"),
        ),
        (
            "python -m dynamo.sglang --model-path a/b --endpoint=dyn://x --no-fpm-trace --tp 2",
            "sglang",
            ("--model-path", "a/b", "--tp", "2"),
            ("--endpoint", "--no-fpm-trace"),
        ),
        (
            "python3 -m dynamo.trtllm --model-path a/b --extra-engine-args=c.yaml --modality text",
            "trtllm",
            ("a/b", "--config", "c.yaml"),
            ("--modality",),
        ),
        (
            "python -m sglang_router.launch_server --model-path a/b --dp-size 2 "
            "--router-policy random --router-selector x=1 y=2 --host 0.0.0.0",
            "sglang",
            ("--model-path", "a/b", "--dp-size", "2", "--host", "0.0.0.0"),
            ("--router-policy", "--router-selector"),
        ),
        (
            "/usr/bin/smg server --model a/b --router-dp-aware --tp 2",
            "sglang",
            ("--model", "a/b", "--tp", "2"),
            ("--router-dp-aware",),
        ),
    ],
)
def test_programs_around_a_runtime(
    line: str, runtime: str, words: tuple[str, ...], aside: tuple[str, ...]
) -> None:
    found = command(line.split())
    assert (found.runtime, found.words, found.aside) == (runtime, words, aside)


def test_what_is_dynamos_own_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["python", "-m", "dynamo.vllm", "--model", "a/b", "--namespace", "x"]
    code, _, told = call(capsys, "--", *words)
    assert code == 0
    assert "note: --namespace is an option of the program around vllm" in told


def test_a_line_that_is_wrong_on_any_hardware_is_told_so_where_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = ("--", "vllm", "serve", "Qwen/Qwen3-8B", "--no-such-flag", "3")
    code, _, err = call(capsys, "vllm", "--check", "--hardware", "frobnitz 3000", *wrong)
    assert code == 1
    assert "no-such-flag" in err and "judged without hardware" in err


def test_a_line_passes_on_no_hardware_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = ("--", "vllm", "serve", "Qwen/Qwen3-8B")
    code, out, err = call(capsys, "vllm", "--check", "--hardware", "frobnitz 3000", *right)
    assert code == 2 and not out
    assert "there is no hardware `frobnitz 3000`" in err and "`any`" in err


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("compute capability 7.0", 1, "vllm does not run on sm70"),
        ("sm_75", 0, "only the architecture is known"),
        ("gfx1151", 0, "only the architecture is known"),
        ("Ascend 910B", 0, "is read as npu"),
        ("NVIDIA GB10", 0, ""),
        ("dual 5090", 0, "is read as rtx-5090 x 2"),
    ],
)
def test_hardware_as_people_state_it(
    capsys: pytest.CaptureFixture[str], said: str, code: int, told: str
) -> None:
    line = ("--", "vllm", "serve", "Qwen/Qwen3-8B", "--dtype", "half")
    found, _, err = call(capsys, "vllm@0.33.0", "--check", "--hardware", said, *line)
    assert (found, told in err) == (code, True), err


@pytest.mark.parametrize(
    ("said", "code"), [("Ascend 910B", 0), ("h100", 1), ("MI100", 1), ("any", 0), ("", 0)]
)
def test_what_a_platforms_plug_in_may_bring_is_warned_of(
    capsys: pytest.CaptureFixture[str], said: str, code: int
) -> None:
    line = ("--", "vllm", "serve", "Qwen/Qwen3-8B", "--quantization", "ascend")
    found, _, err = call(capsys, "vllm@0.33.0", "--check", "--hardware", said, *line)
    assert found == code, err
    assert ("vllm-ascend plug-in" in err) == (code == 0)


def test_what_no_plug_in_brings_is_refused_on_its_platform(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ("--", "vllm", "serve", "Qwen/Qwen3-8B", "--no-such-flag", "1")
    assert call(capsys, "vllm@0.33.0", "--check", "--hardware", "Ascend 910B", *line)[0] == 1


def test_a_launch_on_what_only_another_build_reaches_is_warned_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ("--", "vllm", "serve", "Qwen/Qwen3-8B")
    code, _, err = call(capsys, "vllm@0.33.0", "--check", "--hardware", "AGX Orin 64GB", *line)
    assert code == 0 and "warning[SRV303]" in err and "no stock wheel" in err
