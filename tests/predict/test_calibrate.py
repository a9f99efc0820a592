"""Fitting: solving, priors, what is held back, and tables that users make."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from servec.compiler.predict.accuracy import score_runs
from servec.compiler.predict.calibrate import calibrated, edge_calibrated, priors_table, written
from servec.compiler.predict.calibration.build import build
from servec.compiler.predict.calibration.classes import quantile
from servec.compiler.predict.calibration.held_back import dealt, held_back
from servec.compiler.predict.calibration.sample import samples
from servec.compiler.predict.calibration.solve import solve
from servec.compiler.predict.parameters import NAMES, table, use
from servec.compiler.predict.project import FILE, is_table, use_project_table
from servec.dsl.sources import MemorySources
from tests.predict.runs import LAYOUTS, rows

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def package_table() -> Iterator[None]:
    yield
    use(None)


def test_a_system_is_solved() -> None:
    matrix = [[4.0], [1.0, 3.0], [0.5, -1.0, 5.0]]
    found = solve(matrix, [1.0, 2.0, 3.0])
    full = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]]
    for row, right in zip(full, (1.0, 2.0, 3.0), strict=True):
        assert sum(a * b for a, b in zip(row, found, strict=True)) == pytest.approx(right)
    with pytest.raises(ArithmeticError):
        solve([[1.0], [2.0, 1.0]], [1.0, 1.0])


def test_a_fit_moves_towards_what_was_measured() -> None:
    slow = rows(1.6)
    made = calibrated(slow, "made up", table().data)
    assert isinstance(made, dict)
    before = score_runs(slow)["quantities"]["tpot_ms"]["median_error"]
    use(made)
    after = score_runs(slow)["quantities"]["tpot_ms"]["median_error"]
    assert before == pytest.approx(1 - 1 / 1.6, abs=0.01)
    assert after < before / 2


def test_runs_as_predicted_change_next_to_nothing() -> None:
    same = rows()
    made = calibrated(same, "made up", table().data)
    assert isinstance(made, dict)
    use(made)
    assert score_runs(same)["quantities"]["tpot_ms"]["median_error"] < 0.05


def test_an_own_table_keeps_what_it_started_from() -> None:
    made = calibrated(rows(1.2, LAYOUTS[:2]), "made up", table().data)
    assert isinstance(made, dict)
    assert made["provenance"]["source"] == "made up"
    assert made["provenance"]["runs"] == 8 and made["provenance"]["configurations"] == 2
    assert made["provenance"]["measured"] == {"from": "2026-05", "to": "2026-05"}
    assert made["provenance"]["start"] == table().data["provenance"]
    assert len(made["neighbours"]["rows"]) >= len(table().data["neighbours"]["rows"])
    assert json.loads(written(made)) == made and is_table(made)


def test_too_few_runs_are_refused() -> None:
    made = calibrated(rows(1.0, LAYOUTS[:1]), "made up")
    assert isinstance(made, str) and "8 are needed" in made
    assert "needed" in str(edge_calibrated([], "made up"))


def test_a_configuration_is_never_on_both_sides() -> None:
    known = samples(rows())
    place = dealt({s.group for s in known}, 4, 0)
    assert set(place.values()) == {0, 1, 2, 3}
    priors = priors_table()
    warm = build(known, priors)[1]
    held = held_back(known, priors, warm, lambda s: s.group, folds=4)
    assert len(held) == len(known)
    assert not any(h.own for h in held)
    single = held_back(known, priors, warm, lambda s: s.id, folds=4)
    assert all(h.own for h in single)


def test_the_fit_is_the_same_wherever_it_begins() -> None:
    known = samples(rows(1.3))
    cold, found = build(known, priors_table())
    warm, _ = build(known, priors_table(), warm={k: v + 0.1 for k, v in found.items()})
    for name in NAMES:
        assert warm["values"][name]["base"] == pytest.approx(cold["values"][name]["base"], rel=0.03)


def test_a_project_predicts_with_its_own_table() -> None:
    made = calibrated(rows(1.5), "made up", table().data)
    assert isinstance(made, dict)
    text = written(made)
    assert use_project_table(MemorySources({FILE: text, "x.srv": ""}), "x.srv")
    assert table().data["provenance"]["source"] == "made up"
    assert not use_project_table(MemorySources({"x.srv": ""}), "x.srv")
    assert not use_project_table(MemorySources({FILE: "{}", "x.srv": ""}), "x.srv")
    assert not use_project_table(MemorySources({FILE: "no table", "x.srv": ""}), "x.srv")
    assert table().data["provenance"]["source"] != "made up"


def test_the_package_table_states_where_it_is_from() -> None:
    data = table().data
    told = data["provenance"]
    assert is_table(data)
    assert told["runs"] > 500 and told["configurations"] > 40 and told["measured"]["to"]
    away = told["errors"]["configurations held back"]
    assert away["tpot"]["median_error"] <= 0.10 and away["ttft"]["median_error"] <= 0.20
    assert away["tpot"]["within_2x"] >= 0.98 and away["tpot"]["spearman"] >= 0.95
    assert away["ttft"]["within_2x"] >= 0.91 and away["ttft"]["spearman"] >= 0.93
    for name in ("tpot", "ttft"):
        assert 0.85 <= away[name]["band_coverage"] <= 0.95
        assert set(data["bands"][name]) == {"new", "own", "new.crowded", "own.crowded"}
        for kind in data["bands"][name].values():
            assert all(row["low"] < 0 < row["high"] for row in kind.values())
        judged = away[name]["promises"]
        assert judged["fixed"]["sure"] >= 0.98 and judged["around"]["nearer"] >= 0.82


def test_values_stay_near_what_physics_allows() -> None:
    values = table().data["values"]
    assert set(values) == set(NAMES)
    assert 0.5 < values["read"]["base"] < 1.0 and 0.1 < values["prefill"]["base"] < 0.9
    assert 1e-6 < values["layer"]["base"] < 2e-4
    for name, row in values.items():
        for offsets in row["offsets"].values():
            assert all(math.isfinite(v) and abs(v) < 1.5 for v in offsets.values()), name


def test_quantiles_of_an_unordered_list() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0 and quantile([], 0.5) == 0
