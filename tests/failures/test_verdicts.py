"""Launches that the runtimes' own parsers and config resolution were asked about, without a GPU.

`verdicts.json` has one a line: `verdicts` holds for each version the codes that servec refuses it
with, "" where it is taken as the runtime takes it. `later`: the runtime resolves it, and fails when
it makes its layers or looks at the chip.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections import Counter
from typing import Any

import pytest

from servec.cli.main import main
from tests.failures import HERE, lay, line

ASKED: list[dict[str, Any]] = json.loads((HERE / "verdicts.json").read_text())
COUNTS = {
    ("vllm", "0.22.1"): (33, 34),
    ("vllm", "0.33.0"): (32, 35),
    ("sglang", "0.5.12.post1"): (26, 35),
    ("sglang", "0.5.23"): (28, 33),
}
"""Launches that the runtime refuses, and that it takes, by version."""
LAUNCHES = [(r["runtime"], v) for r in ASKED[:1] + ASKED[-1:] for v in r["verdicts"]]


def codes(words: list[str]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(words)
    found = json.loads(out.getvalue())["diagnostics"]
    return " ".join(sorted({item["code"] for item in found if item["severity"] == "error"}))


@pytest.mark.parametrize(("runtime", "version"), LAUNCHES)
def test_what_a_runtime_takes_is_taken_and_what_it_refuses_refused(
    runtime: str, version: str
) -> None:
    counted: Counter[str] = Counter()
    for row in (row for row in ASKED if row["runtime"] == runtime):
        case = {**row, "launch": f"{runtime}@{version}"}
        shutil.rmtree("model", ignore_errors=True)
        lay(case)
        wanted = row["verdicts"][version]
        assert codes(line(case)) == wanted, (row["name"], row["argv"])
        counted["later" if wanted and row.get("later") else "refused" if wanted else "taken"] += 1
    refused, taken = COUNTS[runtime, version]
    assert (counted["refused"], counted["taken"] + counted["later"]) == (refused, taken), counted
