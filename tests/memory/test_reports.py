"""The sum against public logs that no constant was fitted on: `reports.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from servec.compiler.memory.accuracy import accuracy

FILE = Path(__file__).with_name("reports.yaml")
ROWS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
UNSEEN = [row for row in ROWS if not row.get("fitted")]


@pytest.fixture(scope="module")
def unseen() -> dict[str, Any]:
    return accuracy(UNSEEN).document()


def test_each_log_says_where_it_is_from() -> None:
    assert len(UNSEEN) >= 40
    assert all("github " in row["source"] or "text index id" in row["source"] for row in ROWS)
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_weights_are_within_a_percent(unseen: dict[str, Any]) -> None:
    weights = unseen["quantities"]["weights"]
    assert weights["n"] >= 22
    assert weights["median_error"] <= 0.01
    assert weights["p95_error"] <= 0.03


@pytest.mark.parametrize("quantity", ["kv_memory", "kv_tokens", "concurrency"])
def test_the_pool_is_within_five_percent_in_the_median(
    quantity: str, unseen: dict[str, Any]
) -> None:
    found = unseen["quantities"][quantity]
    assert found["n"] >= 8
    assert found["median_error"] <= 0.05
    assert found["within_5_percent"] >= 0.7


def test_no_verdict_is_wrong(unseen: dict[str, Any]) -> None:
    fit = unseen["fit"]
    assert fit["wrong"] == []
    assert fit["starts_right"] >= 0.8 * len(UNSEEN)


def test_what_was_fitted_is_met() -> None:
    fitted = [row for row in ROWS if row.get("fitted")]
    document: Any = accuracy(fitted).document()
    assert document["quantities"]["kv_memory"]["median_error"] <= 0.1
