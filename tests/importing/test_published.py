"""Launches that their authors publish as working: none is refused.

`published.json` holds one a line: `source` (repository and file, or the page), `launch` (runtime
and the release that the page states, else the first after its line was written), `hardware` where
the page states it, and `line`, with its variables in front.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES: list[dict[str, str]] = json.loads(Path(__file__).with_name("published.json").read_text())
RUNTIMES = sorted({line["launch"].partition("@")[0] for line in LINES})


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def call(case: dict[str, str]) -> list[str]:
    """The words of `servec import` that judge a line."""
    words = shlex.split(case["line"])
    env = []
    while re.match(r"[A-Z_0-9]+=", words[0]):
        env += ["--env", words.pop(0)]
    kind = ["--hardware", case["hardware"]] if "hardware" in case else []
    return ["import", case["launch"], "--check", "--format", "json", *kind, *env, "--", *words]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_none_is_refused(runtime: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused = []
    for case in LINES:
        if case["launch"].partition("@")[0] != runtime:
            continue
        code = main(call(case))
        found = json.loads(capsys.readouterr().out)["diagnostics"]
        errors = [item["message"] for item in found if item["severity"] == "error"]
        if code or errors:
            refused.append((case["line"], code, errors))
    assert refused == []


def test_each_has_a_source() -> None:
    assert [case for case in LINES if not case.get("source")] == []
