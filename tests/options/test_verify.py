"""`servec verify` against a stand-in for a runtime's interpreter: what it sends, says and exits."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from servec.cli.main import main

SPEC = """servec 1

deployment "chat" {
  model = qwen3-8b
  target = vllm
  hardware = h100 x 1
}
"""
STAND_IN = """#!{python}
import json, sys
words = sys.argv[2:]
assert words[0] == "judge" and words[1:] in (["vllm"], ["rayserve"]), words
for line in sys.stdin:
    job = json.loads(line)
    config = job.get("model_config")
    job["config"] = json.load(open(config + "/config.json")) if config else {{}}
    print(json.dumps(job), file=open({log!r}, "a"))
    refused = "--max-num-seqs" in job["argv"] and {refuse!r}
    stage = "argparse" if refused else "resolve" if job["resolve"] else "validate"
    row = dict(id=job["id"], version={version!r}, ok=not refused, stage=stage, seconds=0.1)
    print(json.dumps(dict(row, error="no such option" if refused else "", shown={{}})))
"""


def stand_in(folder: Path, refuse: bool = False, version: str = "0.33.0") -> str:
    path = folder / "python"
    path.write_text(
        STAND_IN.format(
            python=sys.executable, log=str(folder / "jobs"), refuse=refuse, version=version
        )
    )
    path.chmod(0o755)
    return str(path)


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVEC_ENVIRONMENTS", str(tmp_path / "environments"))
    (tmp_path / "chat.srv").write_text(SPEC)


def test_a_spec_is_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "chat.srv", "--python", stand_in(tmp_path)]) == 0
    assert "1 emitted, 1 accepted by the parser, 1 resolved" in capsys.readouterr().out
    job = json.loads((tmp_path / "jobs").read_text())
    assert job["argv"][:3] == ["vllm", "serve", "Qwen/Qwen3-8B"]
    assert job["gpu"]["cc"] == [9, 0] and job["gpu"]["count"] == 1
    assert job["config"]["architectures"] == ["Qwen3ForCausalLM"]
    assert not Path(job["model_config"]).exists(), "nothing stays behind"


def test_a_refusal_is_shown_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["verify", "chat.srv", "--python", stand_in(tmp_path, refuse=True)]
    assert main(words) == 1
    shown = capsys.readouterr().out
    assert "refused at argparse" in shown and "  no such option\n" in shown
    assert "1 emitted, 0 accepted by the parser, 0 resolved" in shown
    assert main([*words, "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "servec.verify/1"
    assert document["processes"][0]["error"] == "no such option"


def test_an_output_folder_is_replayed_word_for_word(tmp_path: Path) -> None:
    assert main(["compile", "chat.srv", "-q"]) == 0
    assert main(["verify", "generated", "--python", stand_in(tmp_path)]) == 0
    (lock,) = (tmp_path / "generated").rglob("servec.lock.json")
    written = json.loads(lock.read_text())["processes"][0]["argv"]
    assert json.loads((tmp_path / "jobs").read_text())["argv"] == written


def test_a_folder_whose_spec_has_moved_on_is_replayed_as_it_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", "chat.srv", "--target", "vllm"]) == 0
    (lock,) = (tmp_path / "generated").rglob("servec.lock.json")
    written = json.loads(lock.read_text())["processes"][0]["argv"]
    (tmp_path / "chat.srv").write_text(SPEC.replace("\n}", "\n  limits { batch = 3 }\n}"))
    main(["verify", "generated", "--python", stand_in(tmp_path)])
    assert json.loads((tmp_path / "jobs").read_text())["argv"] == written
    assert "says something else by now" in capsys.readouterr().out


def test_a_file_that_was_written_beside_is_handed_over(tmp_path: Path) -> None:
    assert main(["compile", "chat.srv", "--target", "rayserve"]) == 0
    (lock,) = (tmp_path / "generated").rglob("servec.lock.json")
    (tmp_path / "chat.srv").unlink()
    python = stand_in(tmp_path, version=json.loads(lock.read_text())["version"])
    assert main(["verify", "generated", "--python", python]) == 0
    job = json.loads((tmp_path / "jobs").read_text())
    text = (lock.parent / "ray" / "serve.yaml").read_text()
    assert job["argv"][-1] == "ray/serve.yaml" and job["files"] == {"ray/serve.yaml": text}


def test_what_is_not_installed_is_told_beside_what_was_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    python = stand_in(tmp_path)
    here = {"vllm": python}
    monkeypatch.setattr(
        "servec.targets.shared.replay.environment.python_of", lambda name, _: here.get(name)
    )
    assert main(["verify", "chat.srv", "--target", "vllm,sglang"]) == 3
    shown = capsys.readouterr()
    assert "1 accepted by the parser" in shown.out and "not installed: sglang" in shown.err


def test_without_the_runtime_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "chat.srv"]) == 3
    assert "not installed: vllm 0.33.0" in capsys.readouterr().err


def test_another_version_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "chat.srv", "--python", stand_in(tmp_path, version="0.22.1")]) == 3
    assert "holds vllm 0.22.1, not 0.33.0" in capsys.readouterr().err


def test_wrong_usage(tmp_path: Path) -> None:
    assert main(["verify", "absent.srv"]) == 2
    assert main(["verify", "chat.srv", "--python", str(tmp_path / "absent")]) == 2
    (tmp_path / "bad.srv").write_text(SPEC.replace("qwen3-8b", "qwen3-99b"))
    assert main(["verify", "bad.srv"]) == 2
