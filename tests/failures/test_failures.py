"""Start-up failures from public threads: each launch line is refused, offline, with its cause."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.failures import CASES, judge

TWINS = [case for case in CASES if "good" in case]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['source']} {c['code']}" for c in CASES])
def test_refused_with_its_cause(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    code, found = judge(case, capsys)
    assert code == 1, case["cause"]
    assert {item["code"] for item in found} == set(case.get("codes", [case["code"]])), found
    told = [item["message"] for item in found if item["code"] == case["code"]]
    for name in case["names"]:
        assert any(name in message for message in told), (name, told)


@pytest.mark.parametrize("case", TWINS, ids=[c["source"] for c in TWINS])
def test_put_right_it_is_not_refused(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = judge(case, capsys, "good")
    assert code == 0 and not found, case["cause"]


def test_every_case_names_its_thread_once() -> None:
    names = [case["source"] for case in CASES]
    assert len(names) >= 150 and len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", name), name
