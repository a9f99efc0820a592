"""Launches that start, by their threads or the runtime's own config, and such as it refuses.

`starts.json`, `asked.json` and `loads.json` (what refuses after the arguments are read) have one a
line, each with its `source`; `code`: what it is refused with, where it is (`codes`: of several);
`warned`: words of a warning, where it is served otherwise than asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.failures import HERE, everything

if TYPE_CHECKING:
    from collections.abc import Iterator


def asked() -> Iterator[dict[str, Any]]:
    for name in ("starts.json", "asked.json", "loads.json"):
        yield from json.loads((HERE / name).read_text())


@pytest.mark.parametrize(
    "case", list(asked()), ids=lambda c: f"{c['launch']} {c.get('argv', c['source'])[11:60]}"
)
def test_what_the_runtime_refuses_is_refused_and_nothing_else(
    case: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = everything(case, capsys)
    told = {item["code"] for item in found if item["severity"] == "error"}
    wanted = {*case.get("codes", ()), *([case["code"]] if "code" in case else ())}
    assert (code, told) == (int(bool(wanted)), wanted)
    warnings = [item["message"] for item in found if item["severity"] == "warning"]
    assert "warned" not in case or any(case["warned"] in text for text in warnings), warnings
