"""Asserts of a deployment, judged on the chosen candidate."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.ranks import sequences_apart
from servec.dsl.spec import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Memory, Performance, Plan
    from servec.compiler.result import Candidate
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Assert, Spec, Value

QUANTILES = ("ttft", "tpot", "e2e")


def judged(spec: Spec, chosen: Candidate) -> tuple[Diagnostic, ...]:
    """SRV118 for each assert that does not hold, SRV120 for each that nothing can judge."""
    found: list[Diagnostic] = []
    for part, line in _all(spec):
        if not exists(line):
            continue
        role, path = located(line)
        case = _case(chosen, role)
        value = planned_value(chosen, case, path) if case is not None else None
        if value is None:
            from servec.compiler.rules.srv120_not_judged import of_assert

            found.append(of_assert(line))
        elif not holds(line, value):
            from servec.compiler.rules.srv118_assert_fails import diagnose

            found.append(diagnose(part, line, path, value))
    return tuple(found)


def unknown(spec: Spec) -> tuple[Diagnostic, ...]:
    """SRV119 for each assert on a path that the language does not have."""
    found: list[Diagnostic] = []
    for _, line in _all(spec):
        if not exists(line):
            from servec.compiler.rules.srv119_assert_path import diagnose

            found.append(diagnose(line))
    return tuple(found)


def _all(spec: Spec) -> Iterator[tuple[Spec, Assert]]:
    for part in (spec, *spec.roles.values()):
        for line in part.asserts:
            yield part, line


def exists(line: Assert) -> bool:
    """Whether the path of an assert is one of the language."""
    from servec.dsl.read_assert import assert_field

    return assert_field(line.path) is not None


def located(line: Assert) -> tuple[str, str]:
    """The role that an assert speaks of, "" for none, and the path without it."""
    if line.path.startswith("role."):
        _, role, path = line.path.split(".", 2)
        return role, path
    return line.role, line.path


def _case(chosen: Candidate, role: str) -> Case | None:
    if role:
        return next((case for case in chosen.cases if case.role == role), None)
    return chosen.cases[-1] if chosen.cases else None


def holds(line: Assert, value: Value | float) -> bool:
    """Whether the relation holds for a value in base units."""
    if isinstance(value, (str, bool, tuple)) or isinstance(line.value, (str, bool, tuple)):
        return value == line.value
    if not isinstance(value, (int, float, Fraction)):
        return value == line.value
    bound = Fraction(str(line.value))
    exact = value if isinstance(value, (int, Fraction)) else Fraction(str(value))
    return {"=": exact == bound, "<=": exact <= bound, ">=": exact >= bound}[line.op]


def planned_value(chosen: Candidate, case: Case, path: str) -> Value | float | None:
    """What the plan has at `path`, in base units; None where nothing is decided or predicted."""
    if path.startswith("predicted."):
        return _predicted(case, chosen.performance, path[10:])
    plan = case.plan
    if path == "target":
        return chosen.target
    if path == "hardware":
        kind, _, number = case.hardware.rpartition(" x ")
        return Count(kind, int(number))
    if path == "model" and case.spec.word("model") in (None, "auto"):
        return case.model.name if case.model is not None else None
    if plan is not None:
        found = _decided(case, plan, path)
        if found is not None:
            return found
    pinned = case.spec.pin(path)
    return pinned.value if pinned is not None else None


def _decided(case: Case, plan: Plan, path: str) -> Value | None:
    block, _, name = path.partition(".")
    if block == "parallel":
        degree: int = getattr(plan.degrees, name)
        return degree
    ranks = plan.degrees.data if sequences_apart(case) else 1
    values: dict[str, Value | None] = {
        "replicas": plan.replicas,
        "nodes": plan.nodes,
        "limits.context": plan.max_model_len or None,
        "limits.batch": plan.max_seqs * ranks or None,
        "limits.batched_tokens": plan.max_batched_tokens or None,
        "limits.memory": Fraction(plan.memory_fraction),
        "precision.weights": plan.weights_word or None,
        "precision.kv": plan.kv or None,
        "features.prefix_cache": plan.prefix_cache,
        "features.chunked_prefill": plan.chunked_prefill,
        "features.draft_tokens": plan.draft_tokens or None,
    }
    return values.get(path)


def _predicted(case: Case, performance: Performance | None, name: str) -> float | None:
    if name.startswith("memory") or name == "kv_tokens":
        return _memory(case.memory, name)
    if performance is None:
        return None
    head, _, _ = name.partition(".")
    if head in QUANTILES:
        band = performance.quantiles.get(name)
    elif head in ("throughput", "goodput"):
        band = getattr(performance, head)
    else:
        figure: float | None = getattr(performance, head, None)
        return figure
    return band.value if band is not None else None


def _memory(memory: Memory | None, name: str) -> float | None:
    if memory is None:
        return None
    if name == "memory.weights":
        return memory.weights
    if memory.budget is None or not memory.device:
        return None
    used = memory.weights + memory.activation + memory.overhead + max(0, memory.kv_pool)
    values = {
        "memory": min(used, memory.budget) / memory.device,
        "memory.kv": memory.kv_pool,
        "kv_tokens": memory.pool_tokens,
    }
    return values.get(name)
