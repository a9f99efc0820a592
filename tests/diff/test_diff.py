"""`servec diff`: what would run, and what is predicted, on both sides."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.diff.flags import flags

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SPEC = """servec 1

deployment "chat" {
  model = qwen3-4b
  hardware = h100 x 1

  workload {
    kind = chat
    input = 1000 tokens
    output = 200 tokens
    concurrency = 16
  }

  slo { tpot.p95 <= 40ms }
  limits { batch = 32; context = 8192 tokens }
}
"""
ONE_BY_ONE = """
  limits {
    context = 8192 tokens # said so
    batch = 32
  }
"""
BASE = """servec 1

profile "base" {{
  {}
}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "servec.toml").touch()
    (tmp_path / "old.srv").write_text(SPEC)
    return tmp_path


def document(
    capsys: pytest.CaptureFixture[str], *words: str, code: int = 0, new: str = ""
) -> dict[str, Any]:
    if new:
        with open("new.srv", "w", encoding="utf-8") as file:
            file.write(new)
    capsys.readouterr()
    assert main(["diff", *words, "--format", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("servec.diff/1"))
    return found


def changed(each: Mapping[str, Any], part: str) -> dict[str, tuple[Any, Any]]:
    return {c["name"]: (c["old"], c["new"]) for c in each["changes"] if c["part"] == part}


def test_the_words_of_a_command_are_options_with_values() -> None:
    argv = ("vllm", "serve", "a/b", "--x", "1", "-2", "--y=a b", "--z", "--x", "3", "-tp", "4", "-")
    assert flags(argv) == {
        "command": "vllm serve a/b", "--x": "1 -2 3", "--y": "'a b'", "--z": "", "-tp": "4 -"
    }  # fmt: skip


def test_how_a_spec_is_said_makes_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    other = SPEC.replace(" limits { batch = 32; context = 8192 tokens }", ONE_BY_ONE)
    found = document(capsys, "old.srv", "new.srv", "--target", "all", new=other)
    assert found["same"]
    assert {each["change"] for each in found["deployments"]} == {"same"}
    assert main(["diff", "old.srv", "new.srv"]) == 0
    assert "nothing that runs differs" in capsys.readouterr().out


def test_what_runs_and_what_is_predicted_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    other = SPEC.replace("batch = 32", "batch = 64").replace("concurrency = 16", "concurrency = 48")
    other = other.replace("limits", "api { key_env = KEY }\n  limits")
    words = ("old.srv", "new.srv", "--target", "vllm")
    (each,) = document(capsys, *words, new=other)["deployments"]
    assert each["change"] == "changed"
    assert changed(each, "plan")["sequences"] == (32, 64)
    assert changed(each, "flag")["--max-num-seqs"] == ("32", "64")
    assert changed(each, "secret") == {"KEY": (None, "from the environment")}
    old, new = changed(each, "prediction")["tpot_ms"]
    assert old["low"] < old["value"] < new["value"] < new["high"]
    assert {"launch.sh", "bench.sh"} <= set(changed(each, "file"))
    assert "README.md" not in changed(each, "file")
    assert changed(each, "plan")["kv"] == ("bf16", "fp8")
    assert (
        changed(each, "memory")["kv_pool_tokens"][1] > changed(each, "memory")["kv_pool_tokens"][0]
    )
    assert main(["diff", *words]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^server flag +--max-num-seqs +32 +64$", shown, re.M)
    assert re.search(r"^prediction +tpot_ms +[\d.]+ \([\d.]+-[\d.]+\) ", shown, re.M)


def test_a_change_of_runtime_is_one_change(capsys: pytest.CaptureFixture[str]) -> None:
    other = SPEC.replace("  model", "  target = llamacpp\n  model")
    (each,) = document(
        capsys, "old.srv", "new.srv", new=other.replace('"chat"', '"talk"')
    )["deployments"]  # fmt: skip
    assert each["old_target"].startswith(("vllm", "sglang"))
    assert each["new_target"].startswith("llamacpp")
    assert changed(each, "runtime")["deployment"] == ("chat", "talk")
    assert changed(each, "flag")["--max-num-seqs" if "vllm" in each["old_target"] else
                                 "--max-running-requests"] == ("32", None)  # fmt: skip


def test_with_all_runtimes_the_choice_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    other = SPEC.replace("h100 x 1", "epyc-9554 x 1")
    words = ("old.srv", "new.srv", "--target", "all")
    found = document(capsys, *words, new=other)["deployments"]
    choices = {
        each["new_target"].split()[0]: changed(each, "runtime")["choice"]
        for each in found
        if each["change"] == "changed" and "choice" in changed(each, "runtime")
    }
    assert choices["llamacpp"] == ("possible", "chosen")


def test_deployments_that_are_new_or_gone_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    second = SPEC.partition("\n\n")[2].replace('"chat"', '"more"')
    found = document(capsys, "old.srv", "new.srv", new=f"{SPEC}\n{second}")
    assert [(e["deployment"], e["change"]) for e in found["deployments"]] == [
        ("chat", "same"), ("more", "added")
    ]  # fmt: skip
    found = document(capsys, "new.srv", "old.srv")
    assert [(e["deployment"], e["change"]) for e in found["deployments"]] == [
        ("chat", "same"), ("more", "removed")
    ]  # fmt: skip
    only = document(capsys, "new.srv", "old.srv", "--deployment", "chat")
    assert [each["change"] for each in only["deployments"]] == ["same"]


def test_markdown_is_one_table_whatever_stands_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    other = SPEC.replace("limits", 'api { name = "a|`b`<c>" }\n  limits')
    with open("new.srv", "w", encoding="utf-8") as file:
        file.write(other)
    assert main(["diff", "old.srv", "new.srv", "--target", "vllm", "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) >= 3
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert any(r"``'a\|`b`<c>'``" in row for row in rows)


def test_errors_of_either_side_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "old.srv", "new.srv", new=SPEC.replace("h100", "h1000"), code=1)
    assert not found["same"]
    assert found["diagnostics"]
    assert main(["diff", "new.srv", "old.srv"]) == 1
    assert "h1000" in capsys.readouterr().err


def git(*words: str) -> None:
    config = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    subprocess.run(["git", *config, *words], check=True, capture_output=True, env=env)


@pytest.fixture
def history(project: Path) -> Path:
    """Two commits: a spec that imports, below a folder; and what has become of it."""
    folder = project / "deploy" / "specs"
    folder.mkdir(parents=True)
    (project / "servec.toml").unlink()
    (project / "deploy" / "servec.toml").touch()
    (folder / "base.srv").write_text(BASE.format("features { tools = hermes }"))
    (folder / "chat.srv").write_text(
        SPEC.replace(
            'deployment "chat" {',
            'import "base.srv" as house\n\ndeployment "chat" {\n  extends = [house.base]',
        )
    )
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("tag", "one")
    (folder / "base.srv").write_text(BASE.format("features { structured_output = true }"))
    return project


def test_revisions_are_read_with_what_they_import(
    history: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "deploy/specs/chat.srv"
    (each,) = document(capsys, f"one:{path}", path, "--target", "vllm")["deployments"]
    assert changed(each, "flag")["--tool-call-parser"] == ("hermes", None)
    git("commit", "-q", "-a", "-m", "second")
    assert document(capsys, f"HEAD:{path}", path)["same"]
    found = document(capsys, f"HEAD:{path}", f"HEAD~1:{path}", "--target", "vllm")
    assert changed(found["deployments"][0], "flag")["--tool-call-parser"] == (None, "hermes")
    monkeypatch.chdir(history / "deploy")
    assert document(capsys, "HEAD:specs/chat.srv", "specs/chat.srv")["same"]


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("two:old.srv", "no such revision"),
        ("one:nothing.srv", "there is no file nothing.srv"),
        ("nothing.srv", "cannot read nothing.srv"),
        ("--upload-pack=x:old.srv", ""),
    ],
)
def test_what_is_not_there_is_wrong_usage(
    history: Path, word: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", word, "old.srv"]) == 2
    assert why in capsys.readouterr().err


def test_a_file_with_a_colon_is_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with open("a:b.srv", "w", encoding="utf-8") as file:
        file.write(SPEC)
    assert document(capsys, "a:b.srv", "old.srv")["same"]
