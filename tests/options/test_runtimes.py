"""`servec runtimes`: list, show, diff, and extract against a stand-in for a runtime."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from servec.cli.main import main
from servec.compiler.options.changes import changes
from servec.targets.shared.aside import load_successors
from servec.targets.shared.table import load_fields, load_sets, load_table, versions

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["runtimes", *words, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == "servec.runtimes/1"
    return found


def test_list_names_every_runtime_with_its_versions(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in document(capsys, "list")["runtimes"]}
    assert rows["vllm"]["versions"] == list(versions("vllm"))
    assert rows["sglang"]["options"] == len(load_table("sglang", versions("sglang")[-1]).rows)
    assert rows["vllm"]["target"] is True


def test_show_one_option_by_any_of_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("tensor-parallel-size", "tensor_parallel_size", "tp"):
        (row,) = document(capsys, "show", "vllm@0.33.0", name)["options"]
        assert row["name"] == "tensor-parallel-size"
    assert row["portable"] == ["parallel.tensor"]
    assert row["versions"] == list(versions("vllm"))


def test_show_a_set_and_what_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "show", "sglang", "--set", "tool_parsers")
    assert "hermes" in found["members"]
    for words in (
        ["show", "vllm", "max-model-lenn"],
        ["show", "nothing"],
        ["show", "vllm@0.1.0"],
        ["show", "vllm", "--set", "nothing"],
        ["diff", "vllm", "0.22.1"],
        ["show"],
    ):
        assert main(["runtimes", *words]) == 2
    assert "did you mean 'max-model-len'" in capsys.readouterr().err


def test_diff_holds_every_difference_of_the_two_tables(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "diff", "sglang", "0.5.12.post1", "0.5.23")["changes"]
    old, new = load_table("sglang", "0.5.12.post1"), load_table("sglang", "0.5.23")
    removed = {row["name"] for row in found if row["kind"] == "removed"}
    assert removed == {name for name in old.names() if new.find(name) is None}
    gone = {flag for flag in old.flags() if new.flag(flag) is None}
    told = {flag for row in found if row["kind"] == "flags" for flag in row["old"]}
    spelled = {flag for name in removed for flag in (*spellings(old, name),)}
    assert gone == told | spelled
    by_name = {row["name"]: row for row in found if row["kind"] == "removed"}
    assert by_name["nsa-decode-backend"]["use"] == "dsa-decode-backend"


def spellings(table: Any, name: str) -> tuple[str, ...]:
    option = table.option(name)
    return (*option.flags, *option.off)


def test_nothing_changes_from_a_version_to_itself() -> None:
    table = load_table("vllm", "0.33.0")
    assert changes(table, table, load_successors("vllm")) == ()


STAND_IN = """#!{python}
import sys
assert sys.argv[2:] == ["extract", "vllm"], sys.argv
print(open({path!r}).read())
"""


def test_extract_compares_with_what_is_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = load_table("vllm", "0.33.0")
    found = {
        "runtime": "vllm",
        "version": "0.33.0",
        "syntax": sorted(table.syntax),
        "prefixes": list(table.prefixes),
        "positional": list(table.positional),
        "options": dict(table.rows),
        "sets": {name: list(members) for name, members in load_sets("vllm", "0.33.0").items()},
        "fields": load_fields("vllm", "0.33.0"),
    }
    python, path = tmp_path / "python", tmp_path / "found.json"
    python.write_text(STAND_IN.format(python=sys.executable, path=str(path)))
    python.chmod(0o755)
    path.write_text(json.dumps(found))
    words = ["runtimes", "extract", "vllm", "--python", str(python)]
    assert main(words) == 0
    assert "vllm/options/0.33.0.json: as stored" in capsys.readouterr().out
    path.write_text(json.dumps({**found, "options": {**table.rows, "new-one": {}}}))
    assert main(words) == 1
    assert "vllm/options/0.33.0.json: differs" in capsys.readouterr().out
    python.write_text(f"#!{sys.executable}\nraise SystemExit('it does not load')\n")
    assert main(words) == 3
