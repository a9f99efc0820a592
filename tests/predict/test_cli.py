"""`servec accuracy` on CSV, and `servec calibrate`."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.compiler.predict.project import is_table
from tests.predict.runs import rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runs(tmp_path: Path) -> str:
    path = tmp_path / "runs.csv"
    data = rows(1.4)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(data[0]))
        writer.writeheader()
        writer.writerows(data)
    return str(path)


def test_accuracy_of_runs(runs: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accuracy", runs, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("servec.accuracy/1"))
    assert found["quantities"]["tpot_ms"]["n"] == len(rows())
    assert main(["accuracy", runs, "--color", "never"]) == 0
    assert "tpot_ms" in capsys.readouterr().out


def test_calibrate_writes_a_table(
    runs: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "servec.parameters.json"
    assert main(["calibrate", runs, "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "tpot_ms: median error" in said.err and said.out == ""
    assert is_table(json.loads(out.read_text()))
    assert main(["calibrate", runs, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema_of("servec.calibrate/1"))
    before, after = (found[k]["tpot_ms"]["median_error"] for k in ("before", "after"))
    assert found["kind"] == "serving" and after < before


def test_files_that_are_no_measurements(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    for command in ("accuracy", "calibrate"):
        assert main([command, str(path)]) == 2
    other = tmp_path / "x.yaml"
    other.write_text("- a: 1\n")
    assert main(["calibrate", str(other)]) == 2
