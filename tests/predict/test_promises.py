"""Verdicts counted against measured values."""

from __future__ import annotations

import pytest

from servec.compiler.memory.measured.row import Row
from servec.compiler.predict.promises import AROUND, FIXED, promises


def row(measured: float, predicted: float, low: float, high: float, name: str = "tpot_ms") -> Row:
    return Row("1", "vllm|h100", name, measured, predicted, low, high, "")


def test_a_bound_inside_the_band_is_unsure_and_outside_a_verdict() -> None:
    found = promises([row(25.0, 22.0, 18.0, 28.0)])["tpot_ms"]["fixed"]
    # 5, 10 and 15 ms are missed, 20 is unsure, 30, 50 and 100 are met.
    assert found["n"] == len(FIXED["tpot_ms"]) == 7
    assert found["unsure"] == pytest.approx(1 / 7)
    assert found["sure"] == 1 and found["nearer"] == 1
    assert found["right"] == pytest.approx(6 / 7)


def test_a_verdict_on_the_wrong_side_is_counted() -> None:
    found = promises([row(25.0, 60.0, 55.0, 70.0)])["tpot_ms"]["fixed"]
    # 30 and 50 ms are kept, but said to be missed.
    assert found["sure"] == found["right"] == found["nearer"] == pytest.approx(5 / 7)
    assert found["unsure"] == 0


def test_bounds_around_the_measured_value() -> None:
    right = promises([row(700.0, 700.0, 699.0, 701.0, "ttft_ms")])["ttft_ms"]["around"]
    assert right["n"] == len(AROUND) == 15
    assert right["nearer"] == 1 and right["unsure"] == pytest.approx(1 / 15)
    twice = promises([row(700.0, 1401.0, 1400.5, 1402.0, "ttft_ms")])["ttft_ms"]["around"]
    assert twice["nearer"] == pytest.approx(7 / 15)


def test_what_is_not_predicted_or_no_promise_is_left_out() -> None:
    none = Row("1", "g", "tpot_ms", 25.0, None, None, None, "no model")
    assert promises([none, row(1.0, 1.0, 0.9, 1.1, "decode_tps")]) == {}
