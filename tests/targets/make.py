"""Cases made by hand: a spec from plain values, a model and a device of a few figures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servec.compiler.device import Device
from servec.compiler.model import Model, Quant
from servec.compiler.plan import Degrees, Memory, Plan
from servec.compiler.target import Case
from servec.dsl.diagnostic import Span
from servec.dsl.record import replace
from servec.dsl.spec import Adapter, Bound, NativeOption, OnBlock, Setting, Spec
from servec.targets import TARGETS

if TYPE_CHECKING:
    from servec.compiler.target import Target

SPAN = Span("test.srv", 0, 1)
TARGET: dict[str, Target] = {target.name: target for target in TARGETS}
VERSIONS = {"vllm": ("0.22.1", "0.33.0"), "sglang": ("0.5.12.post1", "0.5.23")}
ALL = [(name, version) for name, versions in VERSIONS.items() for version in versions]

QWEN_MOE = Model(
    id="Qwen/Qwen3-235B-A22B-FP8",
    name="qwen3-235b-a22b-fp8",
    architecture="Qwen3MoeForCausalLM",
    model_type="qwen3_moe",
    hidden=4096,
    layers=94,
    heads=64,
    kv_heads=4,
    head_dim=128,
    width=12288,
    vocab=151936,
    max_context=40960,
    groups=(),
    quant=Quant("fp8", "fp8_block128", "fp8", Fraction(8), block=(128, 128)),
    experts=128,
    experts_used=8,
    expert_width=1536,
    family="gqa_moe",
)
LLAMA_70B = Model(
    id="meta-llama/Llama-3.3-70B-Instruct",
    name="llama-3.3-70b",
    architecture="LlamaForCausalLM",
    model_type="llama",
    hidden=8192,
    layers=80,
    heads=64,
    kv_heads=8,
    head_dim=128,
    width=28672,
    vocab=128256,
    max_context=131072,
    groups=(),
    quant=Quant("", "bf16", "bf16", Fraction(16)),
)
H200 = Device(
    name="h200",
    id="h200",
    vendor="nvidia",
    kind="gpu",
    arch="sm90",
    generation="hopper",
    capability=90,
    memory=150_754_820_096,
    usable=150_754_820_096,
    bandwidth=4_800_000_000_000,
    flops={},
    native=frozenset({"bf16", "fp8"}),
    backends=frozenset({"cuda"}),
    link="nvlink",
    link_bandwidth=450_000_000_000,
    domain=8,
)
PLAN = Plan(
    degrees=Degrees(tensor=8, expert=8),
    replicas=1,
    nodes=1,
    devices_per_node=8,
    weights="fp8_block128",
    weights_word="fp8",
    kv="fp8",
    checkpoint="Qwen/Qwen3-235B-A22B-FP8",
    memory_fraction=Fraction(9, 10),
    max_model_len=32768,
    max_seqs=64,
    max_batched_tokens=8192,
)


def bound(value: Any) -> Bound:
    """A pinned value at a made-up place."""
    return Bound("=", value, str(value), SPAN, SPAN, SPAN)


def options(values: dict[str, Any]) -> tuple[NativeOption, ...]:
    """Native options; a mapping is a nested block."""
    made = []
    for name, value in values.items():
        if isinstance(value, dict):
            nested = NativeOption(name, SPAN, SPAN, children=options(value), is_block=True)
            made.append(nested)
        else:
            made.append(NativeOption(name, SPAN, SPAN, value, str(value), SPAN))
    return tuple(made)


def block(runtime: str, values: dict[str, Any], **more: Any) -> OnBlock:
    """An `on` block; `raw_args`, `image` and `version` as plain values, `env` as a mapping."""
    env = {name: bound(value) for name, value in more.pop("env", {}).items()}
    bounds = {name: bound(value) for name, value in more.items()}
    return OnBlock(runtime, SPAN, options=options(values), env=env, **bounds)


def adapter(name: str, path: str, rank: int) -> Adapter:
    """A LoRA adapter."""
    return Adapter(name, SPAN, SPAN, bound(path), bound(rank))


def spec(pins: dict[str, Any] | None = None, **more: Any) -> Spec:
    """A resolved deployment called `demo` with these pins."""
    settings = {path: Setting(eq=bound(value)) for path, value in (pins or {}).items()}
    return Spec("demo", "test.srv", SPAN, SPAN, settings, **more)


def case(
    runtime: str,
    version: str,
    pins: dict[str, Any] | None = None,
    *,
    model: Model | None = QWEN_MOE,
    device: Device | None = H200,
    plan: Plan = PLAN,
    memory: Memory | None = None,
    draft: Model | None = None,
    **more: Any,
) -> Case:
    """A planned case; `more` goes to the spec (`on`, `env`, `adapters`, `template_args`)."""
    target = TARGET[runtime]
    return Case(
        spec=spec(pins, **more),
        target=target,
        capabilities=target.capabilities(version),
        model=model,
        device=device,
        devices_per_node=plan.devices_per_node,
        nodes=plan.nodes,
        plan=plan,
        memory=memory,
        draft=draft,
    )


def plan(**changes: Any) -> Plan:
    """The usual plan with some figures changed."""
    return replace(PLAN, **changes)


def argv(of: Case) -> tuple[str, ...]:
    """The words of the only process."""
    (process,) = of.target.launch((of,)).processes
    return process.argv
