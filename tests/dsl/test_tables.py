"""The committed tables are those of the grammar, whatever the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from servec.dsl import tables
from tests.golden import ROOT


def test_the_committed_tables_are_those_of_the_grammar() -> None:
    assert (ROOT / "dsl/grammar.json").read_text() == tables.tables()


@pytest.mark.parametrize("seed", ["0", "7"])
def test_the_hash_seed_changes_nothing(seed: str) -> None:
    made = subprocess.run(
        [
            sys.executable,
            "-c",
            "import servec.dsl.tables as t; import sys; sys.stdout.write(t.tables())",
        ],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == (ROOT / "dsl/grammar.json").read_text()


def test_each_alternative_has_its_builder() -> None:
    import json

    from servec.dsl.build import Build

    rules = json.loads((ROOT / "dsl/grammar.json").read_text())["rules"]
    assert all(hasattr(Build, name) for _, _, name in rules[1:])
