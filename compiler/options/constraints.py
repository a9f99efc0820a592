"""Rules of one runtime that a planned launch may break: options that need or exclude another.

`targets/<name>/constraints.json` holds them as data, each with its source. A row has `when`, a list
of conditions that all hold where the runtime refuses the launch; see `holds` for their form and
`value` for what they may name.
"""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.dsl.spec import NativeOption


@record
class Constraint:
    """One rule. `path` is the field to point at, `other` the second one ("" for none); each may
    be an option of the `on` block (`on.enable-dbo`).

    `why` says in one sentence what the runtime demands; `say` is what to write instead, as a field
    and its value, where one edit mends it.
    """

    when: tuple[tuple[Any, ...], ...]
    path: str
    why: str
    source: str
    other: str = ""
    say: tuple[str, str] | None = None
    since: str = ""
    until: str = ""


FLOATS = ("bf16", "fp16", "fp32")


def broken(case: Case, rules: tuple[Constraint, ...]) -> Constraint | None:
    """The first rule that the planned case breaks, None where it keeps them all."""
    known: dict[str, Any] = {}

    def find(name: str) -> Any:
        if name not in known:
            known[name] = value(case, name)
        return known[name]

    for rule in rules:
        if all(holds(condition, find) for condition in rule.when):
            return rule
    return None


def holds(condition: tuple[Any, ...], find: Callable[[str], Any]) -> bool:
    """Whether one condition `(name, relation, operand)` holds.

    Relations: `in` and `not in` a list; `is` a value; `set` (said at all, true) or not; `below` and
    `above` a number or the value of another name; `differs` from another name; `uneven`: no
    multiple of another name or number. What is not known holds no condition but `not in`.
    """
    name, relation, operand = condition
    found = find(name)
    if relation == "set":
        return (found is not None and found is not False and found != 0) is operand
    if relation == "not in":
        return found not in operand
    if found is None:
        return False
    if relation == "in":
        return found in operand
    if relation == "is":
        return bool(found == operand)
    other = find(operand) if isinstance(operand, str) else operand
    if other is None or (relation == "uneven" and not other):
        return False
    if relation == "differs":
        return bool(found != other)
    if relation == "uneven":
        return bool(found % other)
    return bool(found < other if relation == "below" else found > other)


def value(case: Case, name: str) -> Any:
    """What a condition names, None where it is not known.

    `plan.*`: kv, compute, weights, load, context, batch, batched_tokens, prefix_cache,
    chunked_prefill, draft_tokens; degrees by their names and `gpus`, `nodes`. `model.*`:
    architecture, type, family, task, method, cache (the type that the checkpoint asks for), moe,
    mla, recurrent, heads, kv_heads, vocab. `device.*`: arch, capability (90), vendor. `on.*`: a
    native option of the runtime's block. `role`, `adapters`. Anything else is a path of the spec.
    """
    head, _, rest = name.partition(".")
    if head == "plan":
        return _planned(case, rest)
    if head == "model":
        return _modelled(case, rest)
    if head == "device":
        device = case.device
        return None if device is None or device.any else getattr(device, rest) or None
    if head == "on":
        option = native(case, rest)
        return None if option is None else option.value
    if name == "role":
        return case.role
    if name == "adapters":
        return len(case.spec.adapters)
    found = case.spec.setting(name)
    if found is None or found.eq is None:
        return None
    said = found.eq.value
    return list(said) if isinstance(said, tuple) else said


def native(case: Case, name: str) -> NativeOption | None:
    """The option of the runtime's `on` block, None where it is not said there."""
    block = case.spec.on.get(case.target.name)
    said = block.options if block is not None else ()
    return next((o for o in said if o.name.replace("_", "-") == name), None)


def _planned(case: Case, name: str) -> Any:
    plan = case.plan
    if plan is None:
        return None
    known: Mapping[str, Any] = {
        "kv": plan.kv,
        "weights": plan.weights,
        "load": plan.load,
        "context": plan.max_model_len or None,
        "batch": plan.max_seqs or None,
        "batched_tokens": plan.max_batched_tokens or None,
        "prefix_cache": plan.prefix_cache,
        "chunked_prefill": plan.chunked_prefill,
        "draft_tokens": plan.draft_tokens or None,
        "gpus": plan.gpus,
        "nodes": plan.nodes,
    }
    if name == "compute":
        return _compute(case, plan.weights)
    return known[name] if name in known else getattr(plan.degrees, name)


def _compute(case: Case, weights: str) -> str | None:
    """The 16-bit (or 32-bit) word of what is not quantised: pinned, served, the checkpoint's."""
    pinned = case.spec.word("precision.compute")
    if pinned or weights in FLOATS:
        return pinned or weights
    return case.model.bits16 if case.model else None


def _modelled(case: Case, name: str) -> Any:
    model = case.model
    if model is None:
        return None
    if name == "recurrent":
        return any(group.attention.state_elements for group in model.groups)
    if name == "moe":
        return bool(model.experts)
    if name == "method":
        return model.quant.method
    if name == "cache":
        return model.quant.kv or None
    return getattr(model, {"type": "model_type"}.get(name, name))
