"""`servec run`: each step once, in order; nothing left behind, whatever ends it."""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from tests.run.project import PROGRAM, Project, gone, kill

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are shell scripts")
WORK = ["hf", "python3", "llama-quantize"]
GGUF = "Qwen-Qwen3-4B-Q5_K_S.gguf"


def test_every_step_runs_once(project: Project) -> None:
    document = project.document()
    jsonschema.validate(document, schema_of("servec.run/1"))
    assert document["ok"]
    assert [each["state"] for each in document["steps"]] == ["done"] * 5
    assert project.calls() == [*WORK, "llama-server"]
    assert (project.root / "models" / GGUF).read_text() == "whole llama-quantize"
    assert project.files() == [
        "Qwen-Qwen3-4B",
        "Qwen-Qwen3-4B-Q5_K_S.gguf",
        "Qwen-Qwen3-4B-auto.gguf",
    ]
    again = project.states()
    assert again == {
        "download": "skipped", "convert": "skipped", "quantize": "skipped",
        "serve": "done", "probe": "done",
    }  # fmt: skip
    assert project.calls() == [*WORK, "llama-server", "llama-server"]
    with socket.socket() as found:
        assert found.connect_ex(("127.0.0.1", project.port)) != 0


def test_the_emitted_scripts_are_what_runs(project: Project) -> None:
    project.run("--until", "serve")
    scripts = project.root / ".servec" / "run" / "tiny" / "llamacpp"
    launch = (scripts / "launch.sh").read_text()
    line = json.loads((project.root / "calls").read_text().splitlines()[-1])
    assert line[0] == "llama-server"
    assert all(word in launch for word in line)
    assert (project.root / ".servec" / ".gitignore").read_text() == "*\n"
    assert not (project.root / "generated").exists()


def test_what_was_killed_goes_on_where_it_was(project: Project) -> None:
    project.asked("slow", "llama-quantize")
    process = project.start()
    tool = project.at("llama-quantize")
    assert kill(process, signal.SIGKILL) == -signal.SIGKILL
    assert gone(tool)
    assert GGUF not in project.files()
    project.asked("slow")
    assert project.states() == {
        "download": "skipped", "convert": "skipped", "quantize": "done",
        "serve": "done", "probe": "done",
    }  # fmt: skip
    assert project.calls() == [*WORK, "llama-quantize", "llama-server"]
    assert GGUF in project.files()
    assert not [name for name in project.files() if name.endswith(".part")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_process_and_no_half_file(
    project: Project, number: signal.Signals
) -> None:
    project.asked("slow", "python3")
    process = project.start()
    tool = project.at("python3")
    assert kill(process, number) == 130
    assert gone(tool)
    assert project.files() == ["Qwen-Qwen3-4B"]


def test_an_interrupt_stops_the_servers(project: Project) -> None:
    process = project.start("--stay")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("serving"):
            break
    with socket.socket() as found:
        assert found.connect_ex(("127.0.0.1", project.port)) == 0
    assert kill(process, signal.SIGINT) == 0
    with socket.socket() as found:
        assert found.connect_ex(("127.0.0.1", project.port)) != 0


def test_another_command_or_another_input_is_another_product(project: Project) -> None:
    project.run("--until", "quantise")
    converted = project.root / "models" / "Qwen-Qwen3-4B-auto.gguf"
    converted.write_text("edited")
    assert project.states("--until", "quantize") == {
        "download": "skipped", "convert": "done", "quantize": "skipped"
    }  # fmt: skip
    (project.root / "models" / "Qwen-Qwen3-4B" / "config.json").write_text("edited")
    states = project.states("--until", "convert", "--dry-run")
    assert states == {"download": "due", "convert": "due"}
    project.run("--until", "quantize")
    other = "llama.cpp/another.py"
    (project.root / other).touch()
    states = project.states("--until", "quantize", SERVEC_LLAMACPP_CONVERT=other)
    assert states == {"download": "skipped", "convert": "done", "quantize": "skipped"}


def test_what_build_sh_has_made_counts(project: Project) -> None:
    (project.root / "models").mkdir()
    (project.root / "models" / GGUF).write_text("made before")
    (project.root / "models" / "Qwen-Qwen3-4B-auto.gguf").write_text("made before")
    (project.root / "models" / "Qwen-Qwen3-4B").mkdir()
    assert set(project.states("--until", "quantize").values()) == {"skipped"}
    assert project.calls() == []


def test_a_dry_run_starts_and_writes_nothing(project: Project) -> None:
    document = project.document("--dry-run")
    assert [each["state"] for each in document["steps"]] == ["due"] * 5
    assert document["steps"][0]["command"][:3] == ["hf", "download", "Qwen/Qwen3-4B"]
    assert not (project.root / ".servec").exists()
    assert project.calls() == []
    assert "launch.sh serve 0" in project.run("--dry-run")[0]


def test_two_runs_of_one_deployment_do_not_meet(project: Project) -> None:
    project.asked("slow", "llama-quantize")
    first = project.start()
    project.at("llama-quantize")
    second = project.start()
    assert second.stderr is not None
    line = second.stderr.readline()
    assert "waiting for an earlier run to end" in line
    assert kill(second, signal.SIGINT) == 130
    assert kill(first, signal.SIGINT) == 130


ROLES = """servec 1

deployment "tiny" {{
  model = qwen3-4b
  hardware = h100 x 1

  role prefill {{ parallel {{ tensor = 1 }} }}
  role decode {{ parallel {{ tensor = 1 }} }}

  limits {{ context = 4096 tokens }}
  api {{ port = {port} }}
}}
"""


def test_roles_come_up_before_their_router(project: Project) -> None:
    (project.root / "a.srv").write_text(ROLES.format(port=project.port))
    project.tool("python3", (project.root / "bin" / "llama-server").read_text())
    states = project.document("--target", "sglang")["steps"]
    assert [(each["name"], each["state"]) for each in states] == [
        ("prefill", "done"), ("decode", "done"), ("router", "done"), ("probe", "done")
    ]  # fmt: skip


def test_a_terminal_sees_bars(project: Project) -> None:
    pty = importlib.import_module("pty")  # not on Windows
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "run", "a.srv", "--target", "llamacpp"],
        cwd=project.root,
        env={**project.env, "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.DEVNULL,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # so Linux says that the other end is closed
            break
        if not piece:  # and so macOS
            break
        seen += piece
    os.close(leader)
    assert process.wait(10) == 0
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen).decode()
    assert "quantize-Qwen-Qwen3-4B: done in" in text
    assert "server: up in" in text
    assert "5/5" in text


def test_a_killed_run_leaves_no_server(project: Project) -> None:
    process = project.start("--stay")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("serving"):
            break
    assert kill(process, signal.SIGKILL) == -signal.SIGKILL
    assert set(project.states().values()) == {"skipped", "done"}


@pytest.mark.parametrize("absolute", [False, True])
def test_it_runs_from_anywhere_in_the_projects_root(project: Project, absolute: bool) -> None:
    folder = project.root / "deep" / "er"
    folder.mkdir(parents=True)
    spec = str(project.root / "a.srv") if absolute else "../../a.srv"
    words = ["run", spec, "--target", "llamacpp", "--until", "serve"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=folder, env=project.env,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert GGUF in project.files()
    assert (project.root / ".servec" / "run" / "tiny" / "llamacpp" / "launch.sh").exists()
    assert list(folder.iterdir()) == []
