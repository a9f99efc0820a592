"""`servec accuracy` on files of memory measurements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema

from servec.cli.documents.schema import schema_of
from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FILE = """\
# from a public log of vllm 0.9.2
- {id: a, runtime: vllm, version: 0.9.2, hardware: NVIDIA A100-SXM4-40GB, gpus: 1,
   model: Qwen/Qwen3-8B, precision: bf16, flags: {tp: 1, gpu_memory_utilization: 0.9},
   observed: [{quantity: weights, value: 15.2683, unit: GiB per GPU}], outcome: starts}
- {id: b, runtime: vllm, hardware: not named, model: not named, precision: not named,
   observed: [{quantity: kv_memory, value: 20.16, unit: GiB per GPU}], outcome: 'refused: kv'}
"""


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.yaml").write_text(FILE)
    assert main(["accuracy", str(tmp_path / "m.yaml"), "--color", "never"]) == 0
    shown = capsys.readouterr().out
    assert "weights       1          0   0.1 %" in shown
    assert "starts or not: 1 right, 0 wrong, 0 unsure, 1 not judged" in shown
    assert "   1  the model is not named" in shown


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.yaml").write_text(FILE)
    assert main(["accuracy", str(tmp_path / "m.yaml"), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("servec.accuracy/1"))
    assert document["quantities"]["weights"]["n"] == 1
    assert document["quantities"]["kv_memory"]["abstained"] == 1
    assert [row["id"] for row in document["rows"]] == ["a", "b"]
    assert document["rows"][1]["predicted"] is None
    assert document["rows"][1]["abstained"] == "the model is not named"


def test_refuses_what_is_no_such_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("a: [", "- 1\n- 2\n", "{}"):
        (tmp_path / "m.yaml").write_text(text)
        assert main(["accuracy", str(tmp_path / "m.yaml")]) == 2
        assert "m.yaml" in capsys.readouterr().err
    assert main(["accuracy", str(tmp_path / "none.yaml"), "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["rows"] == []
