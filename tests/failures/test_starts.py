"""Launches that start, by their threads or by the runtime's own config: none is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from tests.failures import HERE, lay, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STARTS: list[dict[str, Any]] = json.loads((HERE / "starts.json").read_text())


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


@pytest.mark.parametrize("case", STARTS, ids=[f"{c['launch']} {c['source']}" for c in STARTS])
def test_a_launch_that_starts_is_not_refused(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    lay(case)
    code = main(line(case))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (code, [item for item in found if item["severity"] == "error"]) == (0, [])
