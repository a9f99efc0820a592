"""Launches that start, by their threads or the runtime's own config, and such as it refuses.

`asked.json` has one a line, each with its `source`; `code`: what it is refused with, where it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from tests.failures import HERE, lay, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED: list[dict[str, Any]] = json.loads((HERE / "asked.json").read_text())


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


@pytest.mark.parametrize("case", ASKED, ids=[f"{c['launch']} {c['argv'][11:60]}" for c in ASKED])
def test_what_the_runtime_refuses_is_refused_and_nothing_else(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    lay(case)
    code = main(line(case))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    told = {item["code"] for item in found if item["severity"] == "error"}
    wanted = {case["code"]} if "code" in case else set()
    assert (code, told) == (len(wanted), wanted)
