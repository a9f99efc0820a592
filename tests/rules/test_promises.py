"""How missed promises are shown and loosened, where figures are extreme."""

from __future__ import annotations

import pytest

from servec import api
from servec.compiler.rules.promises import shown

CROWDED = """servec 1

deployment "d" {
  model = deepseek-v3
  hardware = b200 x 4
  workload { concurrency = 256 }
  slo { goodput >= 3 req/s; ttft.p99 <= 1ms }
}
"""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (8.456, "ms", "8.46 ms"),
        (1290.4, "ms", "1290 ms"),
        (1.29e6, "ms", "1290 s"),
        (3.35e9, "ms", "931 h"),
        (0, "req/s", "0 req/s"),
        (123456, "tok/s", "123456 tok/s"),
    ],
)
def test_figures_have_no_exponents(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_a_promise_that_nothing_is_left_of_is_not_loosened_to_nothing() -> None:
    found = {item.code: item for item in api.check({"d.srv": CROWDED}).diagnostics}
    fix = found["SRV313"].fixes[0]
    assert "predicted 0 req/s" in found["SRV313"].primary.text
    assert fix.edits == () and "no figure" in fix.title


def test_a_promise_of_next_to_nothing_is_a_warning_as_any_other() -> None:
    short = CROWDED.replace(
        "goodput >= 3 req/s; ttft.p99 <= 1ms", "e2e.p95 <= 0.0000000000000001ms"
    )
    codes = {item.code for item in api.check({"d.srv": short}).diagnostics}
    assert "SRV308" in codes
