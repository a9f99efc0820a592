"""Whose error a finding is: the spec's, a candidate's, a named target's, or everybody's."""

from __future__ import annotations

import pytest

from servec.compiler.pipeline import compile_documents
from servec.compiler.result import Request
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS
from tests.plan.compiling import body, codes, compiled, finding, of, one, reasons

SPLIT = "model = qwen3-235b-a22b\nhardware = h200 x 8\nprecision { weights = fp8; kv = fp8 }\n"
SPLIT += "parallel { tensor = 8; expert = 1 }\n"


def test_a_candidate_s_error_is_none_while_another_is_left() -> None:
    found = one(SPLIT)
    assert found.chosen is not None and found.chosen.target == "vllm"
    assert "SRV403" not in codes(found)
    sglang = of(found, "sglang")
    assert sglang.status == "rejected" and sglang.cases == ()
    assert reasons(sglang, good=False).keys() == {"SRV403"}
    assert sglang.reasons[0].figures["columns_per_gpu"] == 192


def test_the_slower_kernels_are_a_reason_against_the_one_that_takes_it() -> None:
    found = one(SPLIT)
    assert found.chosen is not None
    assert "64" in reasons(found.chosen, good=False)["SRV403"]
    assert "slower kernels" in reasons(found.chosen, good=False)["SRV403"]


def test_a_named_target_s_refusal_is_an_error_as_it_stands() -> None:
    for found in (one(SPLIT + "target = sglang"), one(SPLIT, ("sglang",))):
        assert codes(found) == ["SRV403"]
        assert found.chosen is None
        assert any("vllm" in f.text for f in finding(found, "SRV403").figures)


def test_a_name_on_the_command_line_wins_over_the_spec() -> None:
    found = one(SPLIT + "target = sglang", ("vllm",))
    assert found.chosen is not None and found.chosen.target == "vllm"
    assert [item.target for item in found.candidates] == ["vllm"]
    assert one(SPLIT + "target = sglang", ("auto",)).chosen is not None


def test_each_distinct_error_is_reported_once_where_all_fail() -> None:
    found = one("model = llama-3.1-405b\nhardware = h100 x 4")
    assert codes(found) == ["SRV307"]
    assert {item.status for item in found.candidates} == {"rejected"}


def test_reach_is_set_aside_while_an_error_of_the_plan_stands() -> None:
    # vLLM 0.22.1 and SGLang both refuse the cut; what neither reaches does not count
    lines = SPLIT + 'on vllm { version = "0.22.1" }\ncandidates = [sglang, trtllm, vllm, mlx]'
    found = one(lines)
    assert codes(found) == ["SRV403"]
    figures = {figure.name: figure.value for figure in finding(found, "SRV403").figures}
    assert isinstance(figures["runtimes"], int) and figures["runtimes"] >= 2


def test_no_target_left_says_why_for_each() -> None:
    found = one("model = llama-3.1-8b\nhardware = v100-32g x 1\ncandidates = [vllm, sglang]")
    text = [figure.text for figure in finding(found, "SRV312").figures]
    assert any(line.startswith("sglang: ") and "SRV303" in line for line in text)
    assert any(line.startswith("vllm: ") for line in text)


def test_all_emits_everyone_that_can_serve() -> None:
    found = one("model = qwen3-8b\nhardware = h100 x 1", ("all",))
    legal = [item.target for item in found.candidates if not item.rejected]
    assert [item.target for item in found.emit] == legal
    auto = one("model = qwen3-8b\nhardware = h100 x 1")
    assert auto.emit == auto.candidates[:1] and auto.emit[0].status == "chosen"


def test_warnings_are_those_of_what_is_emitted() -> None:
    lines = "model = qwen3-32b\nhardware = a100-80g x 2\nprecision { weights = fp8 }\n"
    auto, everyone = one(lines), one(lines, ("all",))
    assert codes(auto).count("SRV314") == 1
    assert codes(everyone).count("SRV314") == len(everyone.emit)


def test_the_spec_s_errors_do_not_depend_on_the_target() -> None:
    wrong = "model = llama-3.3-70b\nhardware = h100 x 6\nparallel { tensor = 6 }\n"
    assert {tuple(codes(one(wrong, names))) for names in ((), ("vllm",), ("all",))} == {("SRV401",)}


def test_a_broken_deployment_is_not_judged_further() -> None:
    sources = MemorySources({"x.srv": body("model = qwen3-8b\nhardware = h100 x 1\nfoo = 1")})
    document, found = load(sources, "x.srv")
    assert document is not None and found
    result = compile_documents([document], TARGETS, Request(sources=sources))
    assert result.diagnostics == () and result.deployments[0].candidates == ()


def test_every_finding_names_its_deployment() -> None:
    result = compiled(body("model = llama-3.1-405b\nhardware = h100 x 4", "big"))
    assert [item.deployment for item in result.diagnostics] == ["big"]
    assert result.failed


def test_one_deployment_alone() -> None:
    text = body("model = qwen3-8b\nhardware = h100 x 1", "a")
    text += 'deployment "b" {\nmodel = qwen3-8b\nhardware = l4 x 1\n}\n'
    sources = MemorySources({"x.srv": text})
    document, _ = load(sources, "x.srv")
    assert document is not None
    result = compile_documents([document], TARGETS, Request(deployment="b", sources=sources))
    assert [item.spec.name for item in result.deployments] == ["b"]


def test_several_plans_of_a_target_where_a_wide_answer_is_asked_for() -> None:
    narrow = one("model = qwen3-32b\nhardware = h100 x 8")
    wide = one("model = qwen3-32b\nhardware = h100 x 8", wide=True)
    assert len(wide.candidates) > len(narrow.candidates) == len(TARGETS)
    layouts = [str(c.plan.degrees) for c in wide.candidates if c.target == "vllm" and c.plan]
    assert len(layouts) == len(set(layouts))
    assert wide.candidates[0].status == "chosen"


def test_roles_get_a_plan_each() -> None:
    lines = "model = deepseek-v3.1\nhardware = h200 x 8\nfabric = infiniband\ntransfer = nixl\n"
    lines += "role prefill { parallel { tensor = 8; expert = 8 } }\n"
    lines += "role decode { nodes = 2; parallel { tensor = 1; data = 16; expert = 16 } }\n"
    found = one(lines)
    assert found.chosen is not None and found.chosen.plan is None
    prefill, decode = found.chosen.cases
    assert (prefill.role, decode.role) == ("prefill", "decode")
    assert prefill.plan is not None and decode.plan is not None
    assert (prefill.plan.nodes, decode.plan.nodes) == (1, 2)
    assert decode.plan.degrees.data == 16


def test_roles_without_a_transfer_in_the_runtime() -> None:
    from tests.plan.fakes import Fake

    lines = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8 }\n"
    lines += "role prefill { parallel { tensor = 8 } }\nrole decode { parallel { tensor = 8 } }\n"
    sources = MemorySources({"x.srv": body(lines)})
    document, _ = load(sources, "x.srv")
    assert document is not None
    fake = Fake("llamacpp", transfer=frozenset())
    result = compile_documents([document], (fake, *TARGETS), Request(sources=sources))
    (found,) = result.deployments
    assert reasons(of(found, "llamacpp"), good=False).keys() == {"SRV407"}
    assert found.chosen is not None


def test_what_holds_alike_for_several_runtimes_is_said_once() -> None:
    lines = "model = qwen3-235b-a22b-fp8\nhardware = h200 x 8\nparallel { tensor = 8; expert = 8 }"
    alone, everyone = one(lines), one(lines, ("all",))
    assert codes(alone).count("SRV402") == codes(everyone).count("SRV402") == 1
    names = [c.target for c in everyone.emit if any(d.code == "SRV402" for d in c.diagnostics)]
    figure = finding(everyone, "SRV402").figures[-1]
    assert figure.name == "runtimes" and figure.value == len(names) > 3
    assert all(name in figure.text for name in names)


def test_a_target_that_is_not_left_is_let_go() -> None:
    lines = "model = llama-3.1-8b\nhardware = v100-32g x 1\ncandidates = [vllm, sglang]"
    assert "candidates" in finding(one(lines), "SRV312").fixes[0].title


DECIDED = (
    ("model = qwen3-32b\nhardware = h200 x 2\n", "sglang", "do not tell the two apart"),
    (
        "model = qwen3-8b\nhardware = rx-7900-xtx x 1\nworkload { concurrency = 1 }",
        "vllm",
        "special build",
    ),
    ("model = qwen3-8b\nhardware = h100 x 1\n", "tgi", "last resort"),
    (
        "model = qwen3-8b\nhardware = h200 x 8\nworkload { kind = batch; concurrency = 64 }\n",
        "trtllm",
        "operations",
    ),
)


@pytest.mark.parametrize(("lines", "target", "says"), DECIDED)
def test_what_decided_against_a_candidate_is_said_first(lines: str, target: str, says: str) -> None:
    found = one(lines)
    first = of(found, target).reasons[0]
    assert first.code == "decided" and not first.good and says in first.text
    assert all(reason.code != "decided" for reason in found.candidates[0].reasons)
