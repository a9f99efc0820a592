"""Start-up failures from public threads: each launch line is refused, offline, with its cause."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from tests.failures import CASES, lay, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TWINS = [case for case in CASES if "good" in case]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def judge(
    case: dict[str, Any], which: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, Any]]]:
    lay(case)
    code = main(line(case, which))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return code, [item for item in found if item["severity"] == "error"]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['source']} {c['code']}" for c in CASES])
def test_refused_with_its_cause(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    code, found = judge(case, "argv", capsys)
    assert code == 1, case["cause"]
    assert {item["code"] for item in found} == set(case.get("codes", [case["code"]])), found
    told = [item["message"] for item in found if item["code"] == case["code"]]
    for name in case["names"]:
        assert any(name in message for message in told), (name, told)


@pytest.mark.parametrize("case", TWINS, ids=[c["source"] for c in TWINS])
def test_put_right_it_is_not_refused(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = judge(case, "good", capsys)
    assert code == 0 and not found, case["cause"]


def test_every_case_names_its_thread_once() -> None:
    names = [case["source"] for case in CASES]
    assert len(names) >= 150 and len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", name), name
