"""From a spec to a process: scripts run what the JSON says, and hostile text stays text.

The scripts run with recording stubs in the place of the runtimes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from servec.cli.main import main
from tests.golden import ROOT

SAMPLES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("specs/*.srv"))
RECORDER = """#!/bin/bash
printf '%s\\0' "$@" > "$RECORD/argv"
env -0 > "$RECORD/env"
"""
HOSTILE = (
    "it's $(touch pwned) `touch pwned` ${HOME} $HOME",
    "a\nb: [c]\n- d # e",
    '"}; touch pwned; {"',
    "{{ jinja }} {% raw %} %h $$ \\ & | > < * ? ~",
    "null",
    "naïve ☃",
    "${HOME}",
    "${SERVEC_HOST}",
)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def compiled(spec: str, out: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["compile", spec, "--target", "all", "--out", str(out), "--format", "json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert "error" not in document
    return document


def launches(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every process with the script that starts it."""
    return [
        (script["path"], process)
        for each in document["deployments"]
        for candidate in each["candidates"]
        for script in candidate["files"]
        if script["path"].endswith("/launch.sh")
        for process in candidate["processes"]
    ]


def resolved(word: str, env: dict[str, str], script: str) -> str:
    """A word as the process gets it: the whole of `${SERVEC_...}` that has its default in the
    process's `env`, or of a secret that the script demands by name; all else is text. A file
    or folder beside the script is found there, wherever that is."""
    found = re.fullmatch(r"\$\{([A-Z0-9_]+)\}", word)
    name = found[1] if found else ""
    if name in secrets(script):
        return "secret"
    if not name.startswith("SERVEC_") or name not in env:
        return word
    beside = Path(script).parent / env[name]
    return str(beside) if env[name] and beside.exists() else env[name]


@cache
def secrets(script: str) -> tuple[str, ...]:
    """The variables that a script demands from outside."""
    return tuple(re.findall(r"\$\{([A-Z][A-Z0-9_]*):\?", Path(script).read_text()))


def recorded(
    script: str, process: dict[str, Any], folder: Path
) -> tuple[list[str], dict[str, str]]:
    """argv behind the program's name, and the environment, of what a script starts."""
    folder.mkdir(parents=True)
    stub = folder / Path(process["argv"][0]).name
    stub.write_text(RECORDER)
    stub.chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    env = {"PATH": path, "RECORD": str(folder), **dict.fromkeys(secrets(script), "secret")}
    bash = ["bash", script, process["role"], str(process["node_rank"])]
    done = subprocess.run(bash, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    argv = (folder / "argv").read_bytes().decode().split("\0")[:-1]
    shown = (folder / "env").read_bytes().decode().split("\0")[:-1]
    return argv, dict(item.split("=", 1) for item in shown)


def judge(script: str, process: dict[str, Any], folder: Path) -> None:
    argv, env = recorded(script, process, folder)
    own = process["env"]
    assert argv == [resolved(word, own, script) for word in process["argv"][1:]]
    for name, value in own.items():
        word = f"${{{name}}}" if name.startswith("SERVEC_") else value
        assert env[name] == resolved(word, own, script)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["argv", "env", Path(process["argv"][0]).name]
    )


@pytest.mark.parametrize("spec", SAMPLES)
def test_scripts_run_what_the_json_says(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = compiled(spec, tmp_path / "out", capsys)
    for number, (script, process) in enumerate(launches(document)):
        if not process["argv"][0].startswith("/"):  # sshd insists on its path: no stub stands there
            judge(script, process, tmp_path / str(number))


def quoted(text: str) -> str:
    """A string of the language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def hostile(text: str) -> str:
    """A spec that says `text` wherever a free string may stand."""
    said = quoted(text)
    return f"""\
servec 1

deployment "x" {{
  model = qwen3-32b
  hardware = h100 x 2

  api {{ name = {said}; key_env = MY_KEY; template = {said} }}
  env {{ FIRST = {said} }}

  lora {{
    adapter "one" {{ path = {said}; rank = 16 }}
  }}

  on vllm {{
    env {{ SECOND = {said} }}
    raw_args = ["--middleware", {said}]
  }}

  on sglang {{
    env {{ SECOND = {said} }}
    raw_args = ["--weight-version", {said}]
  }}
}}
"""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_text(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "x.srv"
    spec.write_text(hostile(text))
    document = compiled(str(spec), tmp_path / "out", capsys)
    assert [d for d in document["diagnostics"] if d["severity"] == "error"] == []
    found = launches(document)
    names = {"vllm"} if ":" in text else {"vllm", "sglang"}  # SGLang takes no name with a colon
    assert {Path(script).parent.name for script, _ in found} >= names
    for number, (script, process) in enumerate(found):
        told = Path(script).parent.name in ("vllm", "sglang")
        assert process["env"]["FIRST"] == text
        assert process["env"].get("SECOND") == (text if told else None)
        assert sum(text in word for word in process["argv"]) >= (3 if told else 1)
        judge(script, process, tmp_path / str(number))
    for path in (tmp_path / "out").rglob("*.yaml"):
        documents = [part for part in yaml.safe_load_all(path.read_text()) if part]
        assert documents
    assert not list(tmp_path.rglob("pwned"))
