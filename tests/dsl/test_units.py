"""Numbers and units: exact values in base units, and the refusal of everything else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servec.dsl.limits import MAX_DIGITS
from servec.dsl.units import MULTIPLIERS, UNITS, exact, unit_kind
from tests.dsl.helpers import codes, deployed, good


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("slo { ttft.p95 <= 500us }", "slo.ttft.p95", Fraction(1, 2000)),
        ("slo { ttft.p95 <= 500ms }", "slo.ttft.p95", Fraction(1, 2)),
        ("slo { ttft.p95 <= 1.5 s }", "slo.ttft.p95", Fraction(3, 2)),
        ("slo { e2e.p99 <= 2min }", "slo.e2e.p99", Fraction(120)),
        ("slo { e2e.p99 <= 1h }", "slo.e2e.p99", Fraction(3600)),
        ("lifecycle { update_every = 7d }", "lifecycle.update_every", Fraction(604800)),
        ("lifecycle { stable_for = 6mo }", "lifecycle.stable_for", Fraction(6 * 30 * 86400)),
        ("limits { memory <= 1 B }", "limits.memory", Fraction(1)),
        ("limits { memory <= 5.5 GiB }", "limits.memory", Fraction(11 * 2**29)),
        ("limits { memory <= 400 GB }", "limits.memory", Fraction(400 * 10**9)),
        ("limits { memory <= 1 TiB }", "limits.memory", Fraction(2**40)),
        ("limits { memory <= 1 TB }", "limits.memory", Fraction(10**12)),
        ("limits { memory <= 3 MiB }", "limits.memory", Fraction(3 * 2**20)),
        ("limits { memory <= 3 MB }", "limits.memory", Fraction(3 * 10**6)),
        ("limits { memory <= 3 KiB }", "limits.memory", Fraction(3072)),
        ("limits { memory <= 3 KB }", "limits.memory", Fraction(3000)),
        ("limits { memory <= 92.5% }", "limits.memory", Fraction(37, 40)),
        ("limits { context = 16Ki tokens }", "limits.context", Fraction(16384)),
        ("limits { context = 4k tokens }", "limits.context", Fraction(4000)),
        ("limits { context = 1.5k tokens }", "limits.context", Fraction(1500)),
        ("limits { context <= 1Mi tokens }", "limits.context", Fraction(1048576)),
        ("limits { context <= 1M tokens }", "limits.context", Fraction(1000000)),
        ("limits { batch <= 1k }", "limits.batch", 1000),
        ("limits { power <= 60 kW }", "limits.power", Fraction(60000)),
        ("limits { power <= 15 W }", "limits.power", Fraction(15)),
        ("limits { cost <= 3.2 USD/h }", "limits.cost", Fraction(16, 5)),
        ("slo { throughput >= 15k tok/s }", "slo.throughput", Fraction(15000)),
        ("slo { goodput >= 1.5 req/s }", "slo.goodput", Fraction(3, 2)),
        ("api { sampling { temperature = 0.7 } }", "api.sampling.temperature", Fraction(7, 10)),
    ],
)
def test_values_are_exact_and_in_base_units(body: str, path: str, expected: object) -> None:
    found = good(deployed(body)).settings[path].first.value
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("slo { ttft.p95 <= 500 }", "SRV112"),
        ("slo { ttft.p95 <= 1k ms }", "SRV110"),
        ("slo { ttft.p95 <= 3 GiB }", "SRV111"),
        ("slo { ttft.p95 <= 3 sec }", "SRV113"),
        ("limits { context = 4ktokens }", "SRV113"),
        ("limits { context = 16Kitokens }", "SRV113"),
        ("slo { ttft.p95 <= 0ms }", "SRV114"),
        ("slo { ttft.p95 <= -3ms }", "SRV114"),
        ("slo { throughput >= 3 req/s }", "SRV111"),
        ("limits { memory <= 101% }", "SRV114"),
        ("limits { memory <= -1% }", "SRV114"),
        ("limits { memory <= 4k GiB }", "SRV110"),
        ("limits { context = 32 }", "SRV112"),
        ("limits { context = 1.5 tokens }", "SRV110"),
        ("limits { context = 3 s }", "SRV111"),
        ("limits { cost <= 4k USD/h }", "SRV110"),
        ("limits { batch <= 3 tokens }", "SRV111"),
        ("limits { batch <= 1.5 }", "SRV110"),
        ("limits { batch <= 0 }", "SRV114"),
        ("limits { batch <= fp8 }", "SRV110"),
        ("parallel { tensor = 8 gpus }", "SRV113"),
        ("nodes = h100 x 2", "SRV110"),
        (f"nodes = {'9' * (MAX_DIGITS + 1)}", "SRV114"),
        (f"limits {{ context = {'9' * (MAX_DIGITS + 1)} tokens }}", "SRV114"),
        ("hardware = h100 x 0", "SRV114"),
    ],
)
def test_values_that_are_refused(body: str, code: str) -> None:
    assert codes(deployed(body)) == [code]


def test_every_unit_belongs_to_one_kind() -> None:
    units = [unit for kind in UNITS.values() for unit in kind]
    assert len(units) == len(set(units))
    assert all(unit in UNITS[unit_kind(unit)] for unit in units)
    assert unit_kind("furlong") == ""


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 6),
    st.sampled_from(["", *MULTIPLIERS]),
    st.sampled_from([factor for kind in UNITS.values() for factor in kind.values()]),
)
def test_exact_reads_what_is_written(
    digits: int, places: int, suffix: str, factor: tuple[int, int]
) -> None:
    sign, text = "-" * (digits < 0), str(abs(digits)).rjust(places + 1, "0")
    written = f"{text[:-places]}.{text[-places:]}" if places else text
    expected = Fraction(digits, 10**places) * MULTIPLIERS.get(suffix, 1) * Fraction(*factor)
    assert exact(sign + written + suffix, factor) == expected
