"""Words that older releases read otherwise: fields, variables, and a line that came as one word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

VLLM = ("vllm", "serve", "Qwen/Qwen3-8B")
SGLANG = ("python", "-m", "sglang.launch_server", "--model-path", "Qwen/Qwen3-8B")


def told(
    capsys: pytest.CaptureFixture[str], launch: str, *words: str, env: str = ""
) -> tuple[int, list[tuple[str, str, str]]]:
    """The exit code of judging a line, and severity, code and message of what is found."""
    given = ("--env", env) if env else ()
    code = main(["import", launch, "--check", *given, "--format", "json", "--", *words])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    kept = [item for item in found if item["severity"] != "note"]
    return code, [(item["severity"], item["code"], item["message"]) for item in kept]


@pytest.mark.parametrize(
    "words",
    [
        ("-cc.use_inductor=false",),
        ("--compilation-config.use_inductor", "false"),
        ("--compilation-config", '{"use_inductor": false}'),
    ],
)
def test_a_field_is_passed_over_until_the_class_forbids_it(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = told(capsys, "vllm@0.12.0", *VLLM, *words)
    message = "vllm 0.12.0 passes over `compilation-config.use_inductor`"
    assert (code, found) == (0, [("warning", "SRV205", message)])
    code, found = told(capsys, "vllm@0.13.0", *VLLM, *words)
    assert code == 1 and found[0][:2] == ("error", "SRV205")


def test_a_field_that_the_release_has_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--compilation-config.use_inductor", "false")
    assert not told(capsys, "vllm@0.11.2", *VLLM, *words)[1]


def test_the_short_flag_is_that_of_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert "compilation-config.foo" in told(capsys, "vllm@0.11.0", *VLLM, "-O.foo=1")[1][0][2]


@pytest.mark.parametrize(
    ("launch", "env", "code", "said"),
    [
        ("vllm@0.8.5", "VLLM_USE_FLASHINFER_MOE_FP4", "SRV202", "does not read"),
        ("vllm@0.10.0", "VLLM_MLA_PERFORM_MATRIX_ABSORPTION", "SRV203", "no longer reads"),
        ("vllm@0.10.0", "VLLM_NO_SUCH_THING", "SRV201", "reads no variable"),
    ],
)
def test_a_variable_that_a_release_does_not_read_is_warned_of(
    launch: str, env: str, code: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rc, found = told(capsys, launch, *VLLM, env=f"{env}=1")
    assert rc == 0 and [item[:2] for item in found] == [("warning", code)]
    assert said in found[0][2] and env in found[0][2]
    assert not told(capsys, launch, *VLLM, env="VLLM_LOGGING_LEVEL=DEBUG")[1]


def test_a_variable_of_a_plug_in_is_none_of_a_release(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "vllm@0.10.0", *VLLM, env="VLLM_ASCEND_ENABLE_FLASHCOMM1=1")[1]
    assert not any("VLLM_ASCEND" in str(item) for item in found)


@pytest.mark.parametrize("launch", ["sglang@0.5.23", "sglang@0.5.5", "sglang@0.4.9"])
def test_a_prefix_that_is_written_anew_is_read(
    launch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not told(capsys, launch, *SGLANG, env="SGL_ENABLE_JIT_DEEPGEMM=1")[1]
    found = told(capsys, launch, *SGLANG, env="SGL_NO_SUCH_THING=1")[1]
    assert [item[:2] for item in found] == [("warning", "SRV201")]


@pytest.mark.parametrize(
    ("launch", "words"),
    [
        ("vllm@0.33.0", ("vllm", "serve", "Qwen/Qwen3-8B --dtype auto")),
        ("vllm@0.8.5", ("vllm", "serve", "Qwen/Qwen3-8B --dtype auto")),
        ("sglang@0.5.23", (*SGLANG[:-1], "Qwen/Qwen3-8B --tp 2")),
    ],
)
def test_a_model_that_holds_a_line_is_refused(
    launch: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = told(capsys, launch, *words)
    assert code == 1 and words[-1] in "".join(item[2] for item in found)


def test_a_path_may_hold_spaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = told(capsys, "vllm@0.33.0", "vllm", "serve", str(tmp_path / "my models/qwen"))
    assert code == 0 and {item[0] for item in found} <= {"warning"}


@pytest.mark.parametrize(
    ("launch", "text", "found"),
    [
        ("vllm@0.10.2", "enable-reasoning: true", "no longer has `--enable-reasoning`"),
        ("vllm@0.10.2", "tensor-parallel-size: 2\nserved-model-name: [a, b]", ""),
        ("vllm@0.15.1", "compilation-config: {level: 3}", "does not take `compilation-config"),
        ("vllm@0.16.0", "compilation-config: {mode: 3}", ""),
        ("vllm@0.6.3", "enable-prefix-caching: true", "does not take `True`"),
        ("vllm@0.6.4", "enable-prefix-caching: true", ""),
        ("sglang@0.5.5", "mamba-cache-mode: all", "has no option `--mamba-cache-mode`"),
    ],
)
def test_an_options_file_is_read_as_the_release_reads_it(
    launch: str,
    text: str,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "options.yaml").write_text(text)
    line = SGLANG if launch.startswith("sglang") else (*VLLM[:-1], "Qwen/Qwen2.5-7B-Instruct")
    code, told_of = told(capsys, launch, *line, "--config", "options.yaml")
    assert code == bool(found) and any(found in item[2] for item in told_of) == bool(found)


@pytest.mark.parametrize("launch", ["vllm@0.33.0", "vllm@0.10.2", "sglang@0.5.23"])
def test_an_options_file_is_told_by_its_name(
    launch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = SGLANG if launch.startswith("sglang") else VLLM
    code, found = told(capsys, launch, *line, "--config", "options.json")
    assert code == 1 and "--config" in found[0][2]
    assert not told(capsys, launch, *line, "--config", "options.yml")[0]


def test_an_entry_point_is_one_program_or_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    image = "vllm/vllm-openai:v0.19.0"
    run = ("podman", "run", "--entrypoint")
    assert told(capsys, "vllm", *run, '["vllm", "serve"]', image, "Qwen/Qwen3-8B")[0] == 0
    assert told(capsys, "vllm", *run, "vllm serve", image, "Qwen/Qwen3-8B")[0] == 1
