"""Cases made by hand: a spec from plain values, a model and a device of a few figures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.plan import Degrees, Plan
from servec.compiler.target import Case
from servec.dsl.diagnostic import Span
from servec.dsl.record import replace
from servec.dsl.spec import Adapter, Bound, NativeOption, OnBlock, Setting, Spec
from servec.targets import TARGETS

if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.plan import Memory
    from servec.compiler.target import Target

SPAN = Span("test.srv", 0, 1)
TARGET: dict[str, Target] = {target.name: target for target in TARGETS}
VERSIONS = {
    "vllm": ("0.22.1", "0.33.0"),
    "sglang": ("0.5.12.post1", "0.5.23"),
    "llamacpp": (
        "b8672",
        "b8929",
        "b9093",
        "b9713",
        "b10229",
        "b10566",
        "b10809",
        "b11063",
        "b11549",
    ),
    "mlx": ("0.31.3", "0.32.2"),
    "trtllm": ("1.3.0rc3", "main"),
    "lmdeploy": ("0.18.0",),
    "tgi": ("3.3.0", "3.3.7"),
}
ALL = [(name, version) for name, versions in VERSIONS.items() for version in versions]


def catalogue(name: str) -> Model:
    """A model of the catalogue."""
    found = find_model(name)
    assert found is not None, name
    return found


def device(name: str) -> Device:
    """A device of the catalogue."""
    found = find_device(name)
    assert found is not None, name
    return found


QWEN_MOE = catalogue("Qwen/Qwen3-235B-A22B-FP8")
LLAMA_70B = catalogue("meta-llama/Llama-3.3-70B-Instruct")
H200 = device("h200")
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
    on_device: Device | None = H200,
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
        device=on_device,
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


def words(*parts: str) -> tuple[str, ...]:
    """The words of several lines."""
    return tuple(word for part in parts for word in part.split())
