"""`servec run` where something is wrong: with a step, the machine, the spec or the call."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from tests.run.project import Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the steps are shell scripts")
GGUF = "Qwen-Qwen3-4B-Q5_K_S.gguf"


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


def test_missing_scripts_of_an_image_are_named(project: Project) -> None:
    (project.root / "a.srv").write_text(
        'servec 1\n\ndeployment "tiny" {\n  model = llama-3.1-8b\n  hardware = h100 x 1\n'
        '  on trtllm {\n    version = "1.3.0rc3"\n    backend = tensorrt\n  }\n}\n'
    )
    err = project.run("--target", "trtllm", "--until", "build", code=3)[1]
    assert "`trtllm-build` (for engine)" in err
    assert "/convert_checkpoint.py (for checkpoint)" in err


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


def test_a_file_of_profiles_has_nothing_to_run(project: Project) -> None:
    (project.root / "a.srv").write_text('servec 1\n\nprofile "p" {\n  limits { batch = 2 }\n}\n')
    assert "nothing to run in a.srv" in project.run(code=2)[1]


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
