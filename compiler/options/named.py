"""What the conditions of a runtime's rules may name: the plan, the model, the device, what is said.

`plan.*`: kv, compute, weights, load, context, batch, batched_tokens, prefix_cache, chunked_prefill,
draft_tokens; degrees by their names and `gpus`, `nodes`; `width`, tensor ranks with those of a
context split, which re-uses them; `split`, the ranks of one stage that a model is spread over;
`weights_share`, the part of a device that its weights take; `expert_width` and `ffn_width`, the
columns of an expert and of a feed-forward layer that a rank has; `engine`, of a runtime with
several; `bare_stages`, stages whose layers keep states alone. `model.*`: type, method, cache (the
type that the checkpoint asks for), moe, recurrent, windowed (some attention keeps a window), window
(the narrowest), group, weights, block, desc_act, asymmetric, native_method, ffn_groups (groups of
the widest feed-forward layer), queries_per_kv (query heads of one KV head), mixer_groups (of Mamba
2), and every attribute of a model by its name; `model`, what the spec calls it. `draft.*`: the same
of the draft model.
`device.*`: arch, capability (90), vendor, and every other attribute. `opt.*`: an option of the
runtime however the spec says it, `opt.a.b` a field of a JSON one; `on.*`: an option of the `on`
block. `env.*`: a variable; `numbers.NAME.count` and `.sum`: of the numbers in one.
`set.tensor`, `set.pipeline`: whether the version can split the model so. `role`, `devices` (of one
machine, where the hardware is stated), `adapters` (how many), `adapters.rank` (the highest).
Anything else is a path of the spec.
"""

from __future__ import annotations

from servec.compiler.decide.compute import compute
from servec.compiler.target import engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.plan import Plan
    from servec.compiler.target import Case
    from servec.dsl.spec import NativeOption


class _Unknown:
    """Of what nothing is known: an unstated device, a repository that is not in the catalogue."""


UNKNOWN = _Unknown()
RATED = ("memory", "usable", "bandwidth", "domain", "link", "link_bandwidth", "power", "pcie")
"""What is not known of an architecture."""
FOUND = frozenset(("plan", "model", "draft", "device", "env", "numbers", "role", "adapters", "set"))
"""Heads of names that a spec need not say for them to have a value."""
SHARES = {
    "expert_width": ("expert_width", "moe_tensor"),
    "ffn_width": ("width", "tensor"),
    "heads": ("heads", "tensor"),
}
"""What a rank has a part of: a model's attribute, and the degree that cuts it."""
STORED = ("method", "group", "weights", "scheme", "desc_act", "asymmetric", "native_method")
"""What is named of a model and lies with its weights."""


def value(case: Case, name: str, kept: dict[str, Any]) -> Any:
    """What a condition names: None where nothing is said, `UNKNOWN` where it cannot be known.

    `kept` holds what is dear to find, for the next name.
    """
    head, _, rest = name.partition(".")
    if head == "opt":
        return _said(case, rest, kept)
    if head == "plan":
        return UNKNOWN if case.plan is None else _planned(case, rest)
    if head in ("model", "draft") and rest:
        model = case.model if head == "model" else case.draft
        return UNKNOWN if model is None else modelled(model, rest)
    if head == "device":
        return _of_device(case.device, rest)
    if head == "set":
        return _held(case, rest)
    if head in NATIVE:
        return NATIVE[head](case, rest)
    if name == "role":
        return case.role
    if name == "devices":
        device = case.device
        return UNKNOWN if device is None or device.any else case.devices_per_node
    if head == "adapters":
        ranks = [int(str(adapter.rank.value)) for adapter in case.spec.adapters]
        return max(ranks, default=None) if rest else len(ranks)
    return _field(case, name)


def _of_device(device: Device | None, name: str) -> Any:
    if device is not None and device.memory and name in ("memory", "usable"):
        return getattr(device, name)
    if device is None or device.any or (device.bare and name in RATED):
        return UNKNOWN
    return getattr(device, name) or None


def native(case: Case, name: str) -> NativeOption | None:
    """The option of the runtime's `on` block, None where it is not said there."""
    block = case.spec.on.get(case.target.name)
    said = block.options if block is not None else ()
    return next((o for o in said if o.name.replace("_", "-") == name), None)


def said(case: Case, name: str) -> Spoken | None:
    """What the spec says of an option of the runtime, however it says it."""
    from servec.compiler.options.spoken import part

    return part(case.target.says(case.spec, case.capabilities.version), name)


def _said(case: Case, name: str, kept: dict[str, Any]) -> Any:
    spoken: Mapping[str, Spoken] | None = kept.get("opt")
    if spoken is None:
        spoken = kept["opt"] = case.target.says(case.spec, case.capabilities.version)
    option = name.partition(".")[0]
    if option not in spoken:
        return None
    if option == name:
        return spoken[name].value
    from servec.compiler.options.spoken import part

    found = part(spoken, name)
    if found is None and _torn(spoken[option].value):
        return UNKNOWN
    return None if found is None else found.value


def _torn(value: object) -> bool:
    """Whether a text begins as an object does, behind quotes and strokes of a shell, and was not
    read as one: of its fields nothing is known.
    """
    return isinstance(value, str) and value.lstrip(" \t\n'\"\\").startswith("{")


def _native(case: Case, name: str) -> Any:
    option = native(case, name)
    return None if option is None else option.value


def _variable(case: Case, name: str) -> Any:
    block = case.spec.on.get(case.target.name)
    own = block.env.get(name) if block is not None else None
    found = own or case.spec.env.get(name)
    return None if found is None else found.value


def _numbers(case: Case, name: str) -> Any:
    from servec.compiler.options.listed import listed

    variable, _, what = name.rpartition(".")
    return listed(_variable(case, variable), what)


def _held(case: Case, name: str) -> Any:
    held, model = getattr(case.capabilities.topology, f"{name}_for"), case.model
    if model is None or not held:
        return UNKNOWN
    return model.architecture in held or model.model_type in held


def _field(case: Case, path: str) -> Any:
    if path == "model":
        return case.spec.word(path) or None
    found = case.spec.setting(path)
    if found is None or found.eq is None:
        return None
    stated = found.eq.value
    return list(stated) if isinstance(stated, tuple) else stated


def _planned(case: Case, name: str) -> Any:
    plan = case.plan
    assert plan is not None
    if name in WORKED_OUT:
        return WORKED_OUT[name](case, plan)
    if name in SHARES:
        whole, degree = SHARES[name]
        return case.model and getattr(case.model, whole) // getattr(plan.degrees, degree)
    if name in FIGURES:
        return getattr(plan, FIGURES[name]) or None
    own = name in ("kv", "load", "prefix_cache", "chunked_prefill", "gpus", "nodes")
    return getattr(plan if own else plan.degrees, name)


def _weights_share(case: Case, plan: Plan) -> Any:
    memory = case.memory
    return memory.weights / memory.device if memory is not None and memory.device else UNKNOWN


def _bare_stages(case: Case, plan: Plan) -> Any:
    from servec.compiler.options.listed import bare_stages

    style = _variable(case, "VLLM_PP_LAYER_PARTITION") or "middle"
    return bare_stages(case.model, plan.degrees.pipeline, str(style))


WORKED_OUT: Mapping[str, Callable[[Case, Plan], Any]] = {
    "compute": lambda case, plan: compute(case, plan.weights),
    "engine": lambda case, plan: engine(case)[0],
    "weights": lambda case, plan: plan.weights or UNKNOWN,
    "weights_share": _weights_share,
    "bare_stages": _bare_stages,
    "width": lambda case, plan: plan.degrees.tensor * plan.degrees.context,
    "split": lambda case, plan: plan.degrees.tensor * plan.degrees.data * plan.degrees.context,
}
FIGURES = {
    "context": "max_model_len",
    "batch": "max_seqs",
    "batched_tokens": "max_batched_tokens",
    "draft_tokens": "draft_tokens",
}
"""Figures of a plan, which it may leave open, by its own names of them."""


def modelled(model: Model, name: str) -> Any:
    """What a condition names of a model, without the `model.` before it."""
    if name in ("recurrent", "windowed", "window", "mixer_groups"):
        return _mixed(model, name)
    if name == "moe":
        return bool(model.experts)
    if name in STORED:
        return getattr(model.quant, name)
    if name == "block":
        return model.quant.block[0]
    if name == "cache":
        return model.quant.kv or None
    if name == "ffn_groups":
        width = max((group.ffn.width for group in model.groups), default=0)
        return width // model.quant.group if model.quant.group else None
    if name == "query_width":
        return model.heads * model.head_dim if model.heads and model.head_dim else None
    if name == "queries_per_kv":
        return model.heads // model.kv_heads if model.kv_heads else None
    return getattr(model, {"type": "model_type"}.get(name, name))


def _mixed(model: Model, name: str) -> Any:
    """What a condition names of the mixers of all layers."""
    mixers = [group.attention for group in model.groups]
    if name == "recurrent":
        return any(mixer.state_elements for mixer in mixers)
    if name == "mixer_groups":
        return max((mixer.groups for mixer in mixers), default=0) or None
    windows = [mixer.window for mixer in mixers if mixer.window]
    return bool(windows) if name == "windowed" else min(windows, default=None)


NATIVE: Mapping[str, Callable[[Case, str], Any]] = {
    "on": _native,
    "env": _variable,
    "numbers": _numbers,
}
