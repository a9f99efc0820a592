"""`servec upgrade`: every removal is found, safe edits are made, and the result is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from servec.targets.shared.table import load_table

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """servec 1

profile "shared" {{
  on sglang {{ version = "0.5.12.post1" }}
}}

deployment "one" {{
  extends = [shared]
  model = qwen3-32b
  target = sglang
  hardware = h100 x 4
  on sglang {{ {options} }}
}}
"""
STEP = ["--from", "sglang@0.5.12.post1", "--to", "0.5.23"]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def upgraded(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["upgrade", *words, "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == "servec.upgrade/1"
    return code, found


def example(name: str, table: Any) -> str:
    """A statement that sets an option to a value it takes."""
    option = table.option(name)
    kinds = {"int": "8", "float": "0.5", "size": "64", "json": '"{}"', "object": '"{}"'}
    if option.boolean:
        return f"{name} = true"
    value = f'"{option.choices[0]}"' if option.choices else kinds.get(option.type, '"x"')
    return f"{name} = [{value}]" if option.arity in ("+", "*") else f"{name} = {value}"


def test_every_removal_of_the_tables_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = load_table("sglang", "0.5.12.post1"), load_table("sglang", "0.5.23")
    gone = [name for name in old.names() if new.find(name) is None]
    statements = "; ".join(example(name, old) for name in gone)
    (tmp_path / "one.srv").write_text(SPEC.format(options=statements))
    code, found = upgraded(capsys, ".", *STEP)
    assert code == 1
    told = {row["message"].split("`")[1] for row in found["touched"] if row["code"] == "SRV203"}
    assert told == set(gone)
    assert {row["name"] for row in found["removed"]} == set(gone)


def test_safe_edits_are_written_and_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "one.srv"
    spec.write_text(SPEC.format(options="cuda-graph-max-bs = 64"))
    code, found = upgraded(capsys, "one.srv", *STEP)
    assert code == 1 and not found["written"]
    assert all(row["safe"] for row in found["touched"])
    code, found = upgraded(capsys, "one.srv", *STEP, "--write")
    assert (code, found["written"]) == (0, ["one.srv"])
    text = spec.read_text()
    assert 'version = "0.5.23"' in text and "cuda-graph-max-bs-decode = 64" in text
    assert main(["check", "one.srv"]) == 0
    capsys.readouterr()
    assert upgraded(capsys, "one.srv", *STEP)[1]["touched"] == []


def test_what_is_not_safe_stays_and_keeps_the_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "one.srv"
    spec.write_text(SPEC.format(options="disable-piecewise-cuda-graph = true"))
    before = spec.read_text()
    code, found = upgraded(capsys, "one.srv", *STEP, "--write")
    assert (code, found["written"]) == (1, [])
    assert spec.read_text() == before


def test_plans_say_what_is_refused_and_how_commands_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SPEC.format(options="stream-interval = 2")
    (tmp_path / "one.srv").write_text(text.replace("hardware", "graphs.max_batch = 64\n  hardware"))
    _, found = upgraded(capsys, "one.srv", *STEP, "--plan")
    (plan,) = found["plans"]
    assert "--cuda-graph-max-bs 64" in plan["dropped"]
    assert "--cuda-graph-max-bs-decode 64" in plan["added"]


def test_specs_that_say_nothing_or_state_another_version_are_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = SPEC.split("profile")[0] + 'deployment "x" {\n  model = m\n  hardware = h100 x 1\n}\n'
    (tmp_path / "plain.srv").write_text(plain)
    pinned = SPEC.format(options="stream-interval = 2").replace("0.5.12.post1", "0.5.23")
    (tmp_path / "pinned.srv").write_text(pinned)
    code, found = upgraded(capsys, ".", *STEP)
    assert (code, found["specs"], found["touched"]) == (0, 2, [])


def test_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "one.srv").write_text(SPEC.format(options=""))
    for words in (
        ["one.srv"],
        ["one.srv", "--from", "sglang", "--to", "0.5.23"],
        ["one.srv", "--from", "nothing@1", "--to", "2"],
        ["one.srv", "--from", "sglang@0.1.0", "--to", "0.5.23"],
        ["absent.srv", *STEP],
    ):
        assert main(["upgrade", *words]) == 2


def test_the_version_that_is_left_may_lie_beside_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.srv").write_text(SPEC.format(options=""))
    assert main(["upgrade", "a.srv", "--from", "sglang@0.5.12", "--to", "0.5.23"]) == 0
    shown = capsys.readouterr()
    assert "that of 0.5.12.post1 is used" in shown.err and "0.5.12.post1 -> 0.5.23" in shown.out
    for words in (["sglang@0.5.12", "0.9.9"], ["sglang@", "0.5.23"], ["sglang@>=0.5", "0.5.23"]):
        assert main(["upgrade", "a.srv", "--from", words[0], "--to", words[1]]) == 2
