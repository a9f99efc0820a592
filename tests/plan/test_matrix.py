"""The decision matrix: each row of the policy is a spec, and its picks hold.

Runtimes that this servec does not have yet are left out of what is expected, so these tests need
no change when they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.targets import TARGETS
from tests.golden import ROOT
from tests.plan.compiling import codes, compiled, of, reasons

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {
    1: ("vllm", "trtllm"),
    2: ("sglang", "vllm"),
    3: ("sglang", "vllm"),
    4: ("trtllm", "vllm"),
    5: ("trtllm", "vllm"),
    6: ("sglang", "vllm"),
    7: ("llamacpp", "mlx"),
    8: ("mlx", "llamacpp"),
    9: ("vllm", "sglang"),
    10: ("sglang", "trtllm"),
}
REACH = {"SRV303", "SRV304", "SRV305", "SRV306", "SRV310", "SRV311"}
PLAN = {"SRV307", "SRV401", "SRV403", "SRV404", "SRV405"}
NAMES = {target.name for target in TARGETS}


def row(number: int) -> Path:
    (path,) = (ROOT / "specs" / "matrix").glob(f"row{number:02d}-*.srv")
    return path


@pytest.mark.parametrize("number", ROWS)
def test_the_row_gives_its_picks(number: int) -> None:
    (found,) = compiled(row(number).read_text()).deployments
    picks = [name for name in ROWS[number] if name in NAMES]
    legal = [name for name in picks if not of(found, name).rejected]
    if number != 4:  # there, capability may come before the row
        assert legal == [name for name in picks if name != "mlx" or number == 8]
    if not legal:
        assert found.chosen is None or reasons(found.chosen, good=False).keys() & {"reach"}
        return
    assert found.chosen is not None and found.chosen.target == legal[0]
    assert f"matrix.{number}" in reasons(found.chosen)
    if len(legal) > 1:
        assert found.candidates[1].target == legal[1]


@pytest.mark.parametrize("number", ROWS)
def test_every_candidate_says_why(number: int) -> None:
    (found,) = compiled(row(number).read_text()).deployments
    assert {candidate.target for candidate in found.candidates} == NAMES
    for candidate in found.candidates:
        assert candidate.reasons
        if candidate.rejected:
            assert {r.code for r in candidate.reasons} <= {*REACH, *PLAN}
            assert not any(r.good for r in candidate.reasons)


def test_rows_where_nothing_is_left_are_one_finding() -> None:
    found = compiled(row(7).read_text())
    if found.deployments[0].chosen is None:
        assert codes(found) == ["SRV312"]


def test_the_sample_agent_goes_to_sglang_and_says_why_not_vllm() -> None:
    (found,) = compiled((ROOT / "specs" / "qwen3-moe.srv").read_text()).deployments
    assert found.chosen is not None and found.chosen.target == "sglang"
    why = reasons(found.chosen)
    # What to check before committing: blocks, KV room, parsers and grammar, cache hits, the second.
    assert {"matrix.3", "matrix.2", "SRV403", "kv", "prefix", "second"} <= why.keys()
    assert {"features.tools", "features.reasoning", "features.structured_output"} <= why.keys()
    assert "1536" in why["SRV403"] and "128" in why["SRV403"]
    assert "vllm" in why["second"]
    against = reasons(of(found, "vllm"), good=False)
    assert "behind sglang" in against["matrix.3"]


def test_the_weight_of_a_tree_of_prefixes_is_a_figure() -> None:
    (found,) = compiled(row(6).read_text()).deployments
    assert found.chosen is not None
    lines = {r.code: r.figures for r in found.chosen.reasons}
    assert lines["prefix"]["saved"] == 3600  # 60 % of 6000
    assert lines["matrix.6"] == {"tree": 3600, "line": 225}  # 16 branches are in flight
