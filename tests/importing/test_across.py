"""A line without a version, or with a range, is judged for every release that is known."""

from __future__ import annotations

import json

import pytest

from servec.cli.main import main

QWEN = "vllm serve Qwen/Qwen3-8B"
TWO_STAGES = "vllm serve meta-llama/Llama-4-Scout-17B-16E -tp 8 -pp 2"


def told(
    words: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, str]]:
    """The exit code, and what is said of each stretch of releases."""
    code = main(["import", *words, "--check", "--", *line.split()])
    err = capsys.readouterr().err.splitlines()
    rows = [each[2:].partition("  ") for each in err[_head(err) + 1 :]]
    return code, {head: said.strip() for head, _, said in rows}


def _head(err: list[str]) -> int:
    return max(at for at, each in enumerate(err) if each.endswith("are known"))


def test_without_a_version_the_newest_judges_and_the_others_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = told(["vllm"], TWO_STAGES, capsys)
    assert code == 0
    assert said["0.8.3"] == "refused: cannot split Llama4ForConditionalGeneration into 2 stages"
    assert said["0.8.2 and before"] == "refused: does not know Llama4ForConditionalGeneration"
    assert said["0.12.0 to 0.33.0"] == "nothing found against it"


def test_what_the_newest_refuses_others_may_take(capsys: pytest.CaptureFixture[str]) -> None:
    """Tables and sources name an option alike, so that their releases are one stretch."""
    code, said = told(["vllm"], f"{QWEN} --enable-reasoning", capsys)
    assert code == 1
    assert said["0.10.0 to 0.33.0"] == "refused: no longer has `--enable-reasoning`"


def test_a_class_that_came_and_went(capsys: pytest.CaptureFixture[str]) -> None:
    """What the newest does not know, earlier releases may have known: they are judged too."""
    code, said = told(["vllm"], "vllm serve meta-llama/Llama-3.2-11B-Vision-Instruct", capsys)
    unknown = "refused: does not know MllamaForConditionalGeneration"
    assert code == 1
    assert said["0.11.0 to 0.33.0"] == said["0.6.1.post2 and before"] == unknown
    assert said["0.6.2 to 0.10.2"] == "nothing found against it"


def test_an_old_word_is_not_another_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    """`--device` begins `--device-ids` in some releases, which take no `cuda` for one."""
    code, said = told(["vllm"], f"{QWEN} --device cuda", capsys)
    assert code == 1
    assert said["0.10.0 to 0.23.0"] == "refused: no longer has `--device`"
    assert said["0.24.0 to 0.30.0"] == "refused: does not start with `device-ids = cuda`"


@pytest.mark.parametrize("span", [">=0.8,<0.10", ">=0.8"])
def test_a_release_in_a_range_that_refuses_is_told(
    span: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With tables in it or without one; recipes state a lower bound for what their newest takes."""
    code, said = told([f"vllm@{span}"], QWEN, capsys)
    assert code == 0
    assert said["0.8.3 and before"] == "refused: does not know Qwen3ForCausalLM"


def test_a_range_whose_newest_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(["vllm@>=0.9,<0.11"], f"{QWEN} --enable-reasoning", capsys)
    assert code == 1
    assert said["0.10.0 to 0.10.2"] == "refused: no longer has `--enable-reasoning`"
    assert said["0.9.0 to 0.9.2"] == "nothing found against it"


@pytest.mark.parametrize("span", [">=0.9,<0.10", ">=0.9"])
def test_a_range_that_takes_it(span: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told([f"vllm@{span}"], QWEN, capsys)
    assert (code, set(said.values())) == (0, {"nothing found against it"})


@pytest.mark.parametrize(
    ("launch", "line", "later"),
    [
        ("vllm@0.8.3", TWO_STAGES, "0.8.4"),
        ("llamacpp@b3000", "llama-server -m any.gguf --no-webui", "b4297"),
        ("vllm@0.33.0", f"{QWEN} --enable-reasoning", ""),
        ("vllm@0.8.3", f"{QWEN} -tp 3", ""),
        ("vllm@0.9.2", QWEN, ""),
    ],
)
def test_the_first_later_release(
    launch: str, line: str, later: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said of a line that is refused, where a later release does not refuse it."""
    main(["import", launch, "--check", "--", *line.split()])
    told = [each for each in capsys.readouterr().err.splitlines() if "first later" in each]
    assert [each.split()[0] for each in told] == ([later] if later else [])


def test_none_takes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "vllm", "--check", "--", *QWEN.split(), "-tp", "3"]) == 1
    assert "none of them takes it" in capsys.readouterr().err


def test_a_document_has_the_releases_of_a_range(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", "vllm@>=0.8", "--check", "--format", "json", "--", *QWEN.split()]
    assert main(words) == 0
    newest, oldest = json.loads(capsys.readouterr().out)["releases"]
    assert (newest["last"], newest["refused"]) == ("0.33.0", "")
    assert (oldest["first"], oldest["refused"]) == ("0.8.0", "does not know Qwen3ForCausalLM")


@pytest.mark.parametrize(
    "more", [["--served-model-name", *["name"] * 300], [f"--x{number}" for number in range(30)]]
)
def test_a_line_of_hundreds_of_words_or_errors_is_judged_once(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "vllm", "--check", "--", *QWEN.split(), *more])
    main(["import", "vllm@0.9.0", "--check", "--", *QWEN.split(), *more])
    err = capsys.readouterr().err
    assert "are known" not in err and "first later" not in err


@pytest.mark.parametrize("build", ["b4297", "b4296"])
def test_of_hundreds_of_builds_the_one_that_differs_first_is_found(
    build: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between the ends of a stretch not every build is judged; a stated one is judged alone."""
    line = "llama-server -m any.gguf --no-webui"
    assert told(["llamacpp"], line, capsys)[1] == {
        "b4297 to b11549": "nothing found against it",
        "b4296 and before": "refused: does not have `--no-webui` yet",
    }
    assert main(["import", f"llamacpp@{build}", "--check", "--", *line.split()]) == int(
        build == "b4296"
    )
    assert "are known" not in capsys.readouterr().err
