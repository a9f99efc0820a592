"""init, schema and completion."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import jsonschema
import pytest

from servec.cli.commands import COMMANDS
from servec.cli.documents import DOCUMENTS
from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.cli.starter import starter
from tests.golden import schemas

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

__all__ = ["schemas"]


def test_init_writes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "my chat.srv"]) == 0
    text = (tmp_path / "my chat.srv").read_bytes()
    assert b'deployment "my-chat"' in text and b"\r" not in text
    (tmp_path / "my chat.srv").write_text("mine")
    capsys.readouterr()
    assert main(["init", "my chat.srv"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "my chat.srv").read_text() == "mine"
    assert main(["init", "none/such.srv"]) == 2


def test_init_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-"]) == 0
    assert capsys.readouterr().out == starter("chat.srv")


@pytest.mark.parametrize("name", [*DOCUMENTS])
def test_each_schema_is_valid_and_names_its_document(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"] == {"const": name}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": "other"}, schema)


def test_schema_refuses_unknown_names() -> None:
    assert main(["schema", "servec.nope/1"]) == 2


def test_completion_scripts_name_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        script = capsys.readouterr().out
        for name in COMMANDS:
            assert name in script
        assert "--format" in script or "-l format" in script


def test_bash_completes_commands_options_and_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", "bash"]) == 0
    (tmp_path / "servec.bash").write_text(capsys.readouterr().out)
    (tmp_path / "chat.srv").touch()

    def complete(*words: str) -> set[str]:
        line = " ".join(f"'{word}'" for word in words)
        script = f"""
            set -u; source ./servec.bash
            COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}
            _servec; printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return set(done.stdout.split())

    assert complete("servec", "com") == {"compile", "completion"}
    assert complete("servec", "check", "--st") == {"--strict"}
    assert complete("servec", "check", "--format", "sa") == {"sarif"}
    assert "chat.srv" in complete("servec", "check", "ch")
    assert complete("servec", "completion", "z") == {"zsh"}


@pytest.mark.parametrize("name", [*DOCUMENTS])
def test_schemas_change_only_on_purpose(name: str, schemas: SnapshotAssertion) -> None:
    text = json.dumps(schema_of(name), indent=2) + "\n"
    assert text == schemas(name=name.replace("/", "-"))


@pytest.mark.parametrize("name", [*COMMANDS])
def test_what_a_failed_call_prints_is_the_commands_document(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--no-such-option", "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of(document["schema"]))
