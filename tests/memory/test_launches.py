"""Launch lines of public threads that died for memory, or started: what is said of each.

`launches.json` holds them one a line, as the threads state them: `outcome`, `log` (GiB and tokens
that the runtime printed), and `judged`: `refused` (SRV307), `unsure` (SRV317) or `accepted`.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from tests.failures import line

if TYPE_CHECKING:
    from collections.abc import Iterator

LAUNCHES: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("launches.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


@pytest.mark.parametrize("row", LAUNCHES, ids=[f"{r['source']} {r['outcome']}" for r in LAUNCHES])
def test_memory_is_judged_as_before(
    row: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    main(line(row))
    found = {item["code"] for item in json.loads(capsys.readouterr().out)["diagnostics"]}
    told = {"SRV307": "refused", "SRV317": "unsure"}
    judged = next((word for code, word in told.items() if code in found), "accepted")
    assert judged == row["judged"], found


def test_what_started_is_not_refused_and_half_of_what_died_is() -> None:
    counted = Counter((row["outcome"], row["judged"]) for row in LAUNCHES)
    assert counted["started", "refused"] == 0
    assert counted["started", "accepted"] >= 4 * counted["started", "unsure"]
    died = sum(number for (outcome, _), number in counted.items() if outcome == "died")
    assert counted["died", "refused"] + counted["died", "unsure"] >= 0.7 * died
    assert counted["died", "refused"] >= 0.5 * died
