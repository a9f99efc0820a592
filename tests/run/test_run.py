"""`servec run`: each step once, in order; nothing left behind, whatever ends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from tests.run.project import Project, gone, kill

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are shell scripts")
WORK = ["hf", "python3", "llama-quantize"]
GGUF = "Qwen-Qwen3-4B-Q5_K_S.gguf"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


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


def test_a_step_that_fails_ends_the_run_and_shows_its_words(tmp_path: Path) -> None:
    project = Project(tmp_path, api="; key_env = TINY_KEY")
    project.asked("fail", "llama-quantize")
    out, err = project.run(code=1, TINY_KEY="s3cret")
    assert "failed: exit status 9" in err
    assert "it went wrong, says ${TINY_KEY}" in err
    assert "s3cret" not in out + err
    assert GGUF not in project.files()
    states = project.states(code=1, TINY_KEY="s3cret")
    assert states == {
        "download": "skipped", "convert": "skipped", "quantize": "failed",
        "serve": "not_run", "probe": "not_run",
    }  # fmt: skip


def test_a_tool_that_makes_nothing_has_failed(project: Project) -> None:
    project.tool("hf", f"#!{sys.executable}\n")
    assert "it made no models/Qwen-Qwen3-4B" in project.run(code=1)[1]


def test_a_product_that_cannot_be_written_is_a_failure(project: Project) -> None:
    (project.root / "models").write_text("a file where a folder has to be")
    assert "fetch-Qwen-Qwen3-4B failed: File exists: models" in project.run(code=1)[1]
    (project.root / ".servec" / "steps").write_text("")
    (project.root / "models").unlink()
    assert "failed: File exists" in project.run(code=1)[1]


def test_a_project_that_cannot_be_written_is_said(project: Project) -> None:
    (project.root / ".servec").write_text("")
    assert "cannot write .servec" in project.run(code=2)[1]


def test_a_server_that_ends_is_a_failure(project: Project) -> None:
    project.asked("fail", "llama-server")
    assert "server failed: it ended with exit status 7" in project.run(code=1)[1]


def test_a_server_that_never_answers_is_given_up(project: Project) -> None:
    project.tool("llama-server", "#!/bin/sh\nexec sleep 60\n")
    assert "not ready after 1 s" in project.run(code=1, SERVEC_WAIT="1")[1]


def test_a_port_in_use_is_no_server_of_ours(project: Project) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", project.port))
        other.listen()
        err = project.run(code=1)[1]
    assert f"something else listens on 127.0.0.1:{project.port}" in err


def test_missing_programs_are_named_before_anything_runs(project: Project) -> None:
    (project.root / "bin" / "llama-quantize").unlink()
    (project.root / "llama.cpp" / "convert_hf_to_gguf.py").unlink()
    err = project.run(code=3)[1]
    assert "`llama-quantize`" in err
    assert "SERVEC_LLAMACPP_CONVERT says where it is" in err
    assert project.calls() == []


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    project = Project(tmp_path, api="; key_env = TINY_KEY")
    assert "set TINY_KEY in the environment" in project.run(code=2)[1]
    assert project.calls() == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--until", "bake"), "there is no step 'bake'"),
        (("--deployment", "other"), "there is no deployment 'other'"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    project: Project, words: tuple[str, ...], why: str
) -> None:
    assert why in project.run(*words, code=2)[1]


def test_one_runtime_runs(project: Project) -> None:
    (project.root / "a.srv").write_text(
        'servec 1\n\ndeployment "a" {\n  model = qwen3-4b\n  hardware = h100 x 1\n}\n'
    )
    assert "--target says which runtime to run" in project.run("--target", "all", code=2)[1]


def test_several_machines_are_refused(project: Project) -> None:
    path = project.root / "a.srv"
    path.write_text(
        'servec 1\n\ndeployment "tiny" {\n  model = llama-3.3-70b\n  hardware = h100 x 8\n'
        "  nodes = 2\n  parallel { tensor = 8; pipeline = 2 }\n}\n"
    )
    assert "spans 2 machines" in project.run("--target", "vllm", code=2)[1]
    assert project.states("--target", "vllm", "--dry-run")["serve"] == "due"


def test_errors_of_the_spec_end_it(project: Project) -> None:
    path = project.root / "a.srv"
    path.write_text(path.read_text().replace("rtx-4090", "rtx-9999"))
    document = project.document(code=1)
    jsonschema.validate(document, schema_of("servec.run/1"))
    assert document["diagnostics"][0]["severity"] == "error"
    assert document.get("steps", []) == []


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
