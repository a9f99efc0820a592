"""What is served, field by field: what the spec pins, what the plan decided, what is usual."""

from __future__ import annotations

from servec.compiler.decide.compute import compute
from servec.targets.shared.left_open import stated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.plan import Plan
    from servec.compiler.target import Case

ROLE_PORTS = {"prefill": 1, "decode": 2}
"""What a role's port is above that of the API, where the router listens."""


def effective(case: Case) -> dict[str, Any]:
    """Portable path to value: pins of the spec, then the plan's figures, then defaults.

    The plan decides limits, cache dtype, prefix cache and chunking, so what it says goes to the
    command word for word. The API is open to the network under the deployment's name, and metrics
    are on, unless the spec says otherwise (language reference, `api` and `observe`).
    """
    spec = case.spec
    values: dict[str, Any] = {
        "api.host": "0.0.0.0",
        "api.port": case.capabilities.default_port,
        "api.name": spec.name if stated(spec, "api.name") else planned(case).checkpoint,
        "observe.metrics": True,
    }
    for path, setting in spec.settings.items():
        if setting.eq is not None:
            values[path] = setting.eq.value
    if spec.template_args:
        values["api.template_args"] = {k: b.value for k, b in spec.template_args.items()}
    if spec.overrides:
        made = nested({k: b.value for k, b in spec.overrides.items()})
        values |= {f"checkpoint.{name}": block for name, block in made.items()}
    values["api.port"] = int(values["api.port"]) + ROLE_PORTS.get(case.role, 0)
    values.update(_planned(case, planned(case)))
    return values


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Names joined with dots as objects within objects."""
    made: dict[str, Any] = {}
    for name, value in flat.items():
        *outer, last = name.split(".")
        at = made
        for part in outer:
            at = at.setdefault(part, {})
        at[last] = list(value) if isinstance(value, tuple) else value
    return made


def planned(case: Case) -> Plan:
    """The plan of a case that is emitted; an exception where there is none is a bug."""
    if case.plan is None:
        raise ValueError(f"{case.spec.name}: nothing is emitted without a plan")
    return case.plan


def compute_dtype(case: Case) -> str:
    """The 16-bit (or 32-bit) word of what is not quantised: pinned, served, or the checkpoint's."""
    return compute(case, planned(case).weights) or "bf16"


def _planned(case: Case, plan: Plan) -> dict[str, Any]:
    values: dict[str, Any] = {"limits.memory": plan.memory_fraction}
    for path, number in (
        ("limits.context", plan.max_model_len),
        ("limits.batch", plan.max_seqs),
        ("limits.batched_tokens", plan.max_batched_tokens),
        ("features.draft_tokens", plan.draft_tokens),
    ):
        if number:
            values[path] = number
    for path, choice in (
        ("features.prefix_cache", plan.prefix_cache),
        ("features.chunked_prefill", plan.chunked_prefill),
    ):
        if choice is not None:
            values[path] = choice
    dtype = compute_dtype(case)
    if case.model is not None and dtype != case.model.bits16:
        values["precision.compute"] = dtype
    values["precision.kv"] = plan.kv
    if _follows(case, plan.kv, dtype):
        values.pop("precision.kv")
    return values


def _follows(case: Case, kv: str, dtype: str) -> bool:
    """Whether the cache has its dtype unasked: that of the arithmetic, none in the checkpoint."""
    stored = case.model.quant.kv if case.model else ""
    if not kv:
        return True
    return (
        (kv == dtype or (kv == "f16" and dtype == "fp16"))
        and stored in ("", kv)
        and case.spec.word("precision.kv") is None
    )
