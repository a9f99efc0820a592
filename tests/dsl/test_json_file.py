"""The package's own way to read its tables gives what `json` gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.dsl.json_file import load_json

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("dsl", "compiler", "targets")


def test_tables_read_as_json_reads_them() -> None:
    for path in (path for name in FOLDERS for path in (ROOT / name).rglob("*.json")):
        assert load_json(str(path)) == json.loads(path.read_text(encoding="utf-8")), path


def test_what_is_no_json_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"a": [1, ')
    with pytest.raises(ValueError, match=r"half\.json"):
        load_json(str(tmp_path), "half.json")


def test_every_kind_of_value(tmp_path: Path) -> None:
    text = '{"ä": [1, -2.5, 1e3, true, false, null, "\\u00e4\\n", {}]}'
    (tmp_path / "all.json").write_text(text, encoding="utf-8")
    assert load_json(str(tmp_path), "all.json") == json.loads(text)
