"""Where only findings are wanted, a layer around an engine that serves is left out, and so is what
is said of runtimes that cannot serve while another can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import servec
from tests.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SPECS = sorted((ROOT / "specs").glob("*.srv"))
HEAD = "servec 1\ndeployment d {\nmodel = qwen3-8b\nhardware = h100 x 1\n"


def targets(text: str, brief: bool) -> set[str]:
    (found,) = servec.check({"x.srv": text}, brief=brief).result.deployments
    return {candidate.target for candidate in found.candidates}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_findings_are_the_same(path: Path) -> None:
    files = {f"specs/{each.name}": each.read_text() for each in SPECS}
    name = f"specs/{path.name}"
    one, two = (servec.check(files, (name,), brief=brief) for brief in (True, False))
    assert one.diagnostics == two.diagnostics


def test_what_runs_another_s_engine_is_left_out_unless_it_is_asked_about() -> None:
    whole = targets(HEAD + "}\n", False)
    assert {"vllm", "rayserve", "triton"} <= whole
    assert targets(HEAD + "}\n", True) == whole - {"rayserve", "triton"}
    asked = HEAD + "measured { rayserve = 900 tok/s }\non triton { allow-grpc = false }\n}\n"
    assert targets(asked, True) == whole


def test_it_is_tried_where_its_engine_cannot_serve() -> None:
    none = HEAD + "candidates = [rayserve, triton]\n}\n"
    assert targets(none, True) == {"rayserve", "triton"}


def test_a_refusal_is_spelt_out_where_nothing_is_left() -> None:
    lost = HEAD.replace("h100", "mi300x") + "candidates = [trtllm, lmdeploy]\n}\n"
    one, two = (servec.check({"x.srv": lost}, brief=brief).diagnostics for brief in (True, False))
    assert one == two and "SRV312" in {item.code for item in one}
    (found,) = servec.check({"x.srv": HEAD + "}\n"}, brief=True).result.deployments
    assert all(not item.diagnostics for item in found.candidates if item.rejected)
