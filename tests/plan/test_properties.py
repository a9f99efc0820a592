"""What must hold of every plan, whatever the spec: rules recomputed here, pins, capabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.pipeline import compile_documents
from servec.compiler.result import Request
from servec.compiler.search.generic import converted
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS
from tests.plan.compiling import body
from tests.plan.fakes import VLLM, Fake

if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.result import DeploymentResult
    from servec.compiler.target import Case, Target

MODELS = (
    "qwen3-8b",
    "qwen3-32b",
    "phi-4",
    "llama-3.3-70b",
    "qwen3-30b-a3b",
    '"Qwen/Qwen3-30B-A3B-FP8"',
    "qwen3-235b-a22b",
    "deepseek-v3",
    "gpt-oss-120b",
    "qwen3.5-35b-a3b",
)
REFINES = {("vllm", "0.33.0"), ("rayserve", "2.60.0")}
"""vLLM from 0.29 on, which Ray 2.60 starts, refines the scales of cut blocks."""
DEVICES = ("h100", "h200", "a100-80g", "l40s", "b200", "mi300x", "t4")
WEIGHTS = ("", "bf16", "fp16", "fp8", "awq", "gptq", "nvfp4")
FEATURES = ("", "structured_output = true", "tools = hermes", "speculative = ngram")


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A deployment that may or may not be servable, with some of its degrees said."""
    lines = [
        f"model = {draw(st.sampled_from(MODELS))}",
        f"hardware = {draw(st.sampled_from(DEVICES))} x {draw(st.sampled_from((1, 2, 4, 8)))}",
        f"nodes = {draw(st.sampled_from((1, 1, 1, 2)))}",
    ]
    weights = draw(st.sampled_from(WEIGHTS))
    lines += [f"precision {{ weights = {weights} }}"] if weights else []
    degrees = draw(
        st.dictionaries(
            st.sampled_from(("tensor", "pipeline", "data", "expert")),
            st.tuples(st.sampled_from(("=", "<=", ">=")), st.sampled_from((1, 2, 4, 8))),
            max_size=3,
        )
    )
    for name, (op, value) in degrees.items():
        lines.append(f"parallel.{name} {op} {value}")
    feature = draw(st.sampled_from(FEATURES))
    lines += [f"features {{ {feature} }}"] if feature else []
    if draw(st.booleans()):
        lines.append("limits { context = 4Ki tokens; batch = 4 }")
    return body("\n".join(lines))


def compiled(text: str, targets: tuple[Target, ...] = TARGETS) -> DeploymentResult:
    sources = MemorySources({"x.srv": text})
    document, found = load(sources, "x.srv")
    assert document is not None and not found, found
    result = compile_documents([document], targets, Request(sources=sources))
    return result.deployments[0]


def cases(found: DeploymentResult) -> list[Case]:
    return [case for item in found.candidates if not item.rejected for case in item.cases]


def block_is_whole(case: Case) -> bool:
    """Block FP8 experts, by the table of the runtimes: whole blocks, or refined down to 32."""
    model, plan = case.model, case.plan
    assert model is not None and plan is not None
    block = model.quant.block[0]
    if plan.load != "as_is" or not block or not model.experts or "experts" in model.quant.kept:
        return True
    d = plan.degrees
    columns, left = divmod(model.expert_width * d.expert, d.tensor * d.data)
    if left:
        return False
    if columns % block == 0:
        return True
    refines = (case.target.name, case.capabilities.version) in REFINES
    return refines and any(columns % size == 0 for size in (32, 64))


@settings(max_examples=120, deadline=None)
@given(specs())
def test_every_plan_obeys_the_rules_and_what_is_said(text: str) -> None:
    found = compiled(text)
    for case in cases(found):
        model, plan, spec = case.model, case.plan, case.spec
        assert model is not None and plan is not None and case.device is not None
        d = plan.degrees
        # the product, heads and KV heads, layers, experts
        assert d.tensor * d.pipeline * d.data * d.context == plan.nodes * plan.devices_per_node
        assert model.heads % d.tensor == 0
        kv = 0 if model.mla else model.kv_heads
        assert not kv or kv % d.tensor == 0 or d.tensor % kv == 0
        assert d.pipeline <= model.layers
        assert (d.tensor * d.data) % d.expert == 0
        if d.expert > 1:
            assert model.experts
            if case.target.name == "vllm":
                assert d.expert == d.tensor * d.data
            else:
                assert model.experts % d.expert == 0
        pads = case.capabilities.topology.block_split == "pad"
        assert pads or block_is_whole(case)
        # what is said is what is planned
        for name in ("tensor", "pipeline", "data", "expert"):
            assert spec.admits(f"parallel.{name}", getattr(d, name))
        assert spec.word("precision.weights") in (None, plan.weights_word)
        assert spec.whole("limits.context") in (None, plan.max_model_len)
        # the runtime reaches the device and the precision, and it fits
        support = case.capabilities.precisions[plan.weights]
        assert case.device.arch in case.capabilities.reach
        assert case.device.arch in support.native | support.emulated
        assert plan.native is (case.device.arch in support.native)
        assert case.memory is not None and case.memory.fits is not False


@settings(max_examples=40, deadline=None)
@given(specs())
def test_errors_and_choices_exclude_each_other(text: str) -> None:
    found = compiled(text)
    errors = [item for item in found.diagnostics if item.severity == "error"]
    assert bool(errors) is (found.chosen is None)
    assert [item.status for item in found.candidates] == sorted(
        (item.status for item in found.candidates),
        key=("chosen", "possible", "rejected").index,
    )
    assert all(item.reasons for item in found.candidates if item.rejected)


@settings(max_examples=40, deadline=None)
@given(specs())
def test_the_order_of_targets_changes_nothing(text: str) -> None:
    one, other = compiled(text), compiled(text, TARGETS[::-1])
    assert [(c.target, c.status, c.reasons) for c in one.candidates] == [
        (c.target, c.status, c.reasons) for c in other.candidates
    ]
    assert one.diagnostics == other.diagnostics


def _classes(model: Model) -> tuple[str, ...]:
    """The class of a model, and those that vLLM turns into it."""
    return (model.architecture, *converted(model.architecture, "vllm", "1"))


@settings(max_examples=40, deadline=None)
@given(specs(), st.sampled_from(("precision", "reach", "feature", "architecture")))
def test_a_capability_that_is_taken_away_is_never_used(text: str, kind: str) -> None:
    found = compiled(text, (VLLM,))
    if found.chosen is None:
        return
    case = found.chosen.cases[0]
    assert case.plan is not None and case.device is not None and case.model is not None
    full = case.capabilities
    kinds: dict[str, dict[str, object]] = {
        "precision": {
            "precisions": {k: v for k, v in full.precisions.items() if k != case.plan.weights}
        },
        "reach": {"reach": {k: v for k, v in full.reach.items() if k != case.device.arch}},
        "feature": {"features": {}, "values": {}},
        "architecture": {"architectures": full.architectures - set(_classes(case.model))},
    }
    poorer = compiled(text, (Fake("vllm", **kinds[kind]),))
    asks = any(f"features {{ {name}" in text for name in ("structured", "tools", "speculative"))
    if kind == "precision":
        plan = poorer.chosen.plan if poorer.chosen is not None else None
        assert plan is None or plan.weights != case.plan.weights
    elif kind != "feature" or asks:
        assert poorer.chosen is None
