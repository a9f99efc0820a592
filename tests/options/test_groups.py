"""The groups of a table of rules, read one by one, are those of the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.targets.shared.groups import rows_and_groups, whole
from servec.targets.shared.table import FOLDER

TABLES = sorted(Path(FOLDER).glob("*/constraints.json"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_groups_are_those_of_the_table(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stored = json.loads(text)
    rows, groups = rows_and_groups(text)
    assert rows == stored["rows"]
    assert list(groups) == list(stored["said"]) and len(groups) == len(stored["said"])
    assert whole(groups) == stored["said"]


def test_a_group_that_is_not_there() -> None:
    _, groups = rows_and_groups('{\n"rows": [],\n"said": {\n"opt.x": [\n{"when": []}\n]\n}\n}\n')
    assert groups["opt.x"] == [{"when": []}]
    with pytest.raises(KeyError):
        groups["opt.y"]
    with pytest.raises(ValueError, match="substring not found"):
        rows_and_groups('{"rows": [], "said": {}}')
