"""Two compilations of one deployment, side by side."""

from __future__ import annotations

import hashlib

from servec.diff.change import Change, changes
from servec.diff.flags import flags
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from servec.api import Compiled
    from servec.compiler.plan import Range
    from servec.compiler.result import Candidate
    from servec.compiler.target import Case, Process, Step
    from servec.dsl.diagnostic import Diagnostic
    from servec.emissions import Emission

    Pair: TypeAlias = "tuple[tuple[str, str], Side | None, Side | None]"

SAME = ("servec.lock.json", "README.md")
"""Files that say the rest again: they change with any of it."""
ORIGINS = ("Written by servec ", "deployment ", "tables: ", "again: ", "exec servec bench ")
MS = 1000.0


@record
class Side:
    """A deployment on a runtime: what is emitted, and the candidate it is of."""

    emission: Emission
    candidate: Candidate
    findings: Mapping[str, str]


@record
class Compared:
    """A deployment on both sides; `old` or `new` is None where there is none."""

    name: str
    old: Side | None
    new: Side | None
    changes: tuple[Change, ...]


def compared(old: Compiled, new: Compiled) -> tuple[Compared, ...]:
    """Every deployment on every runtime, in the order of the new side, then what is gone.

    A deployment that has one runtime on each side is compared over the change of runtime; where
    each side has one deployment, over a change of its name.
    """
    before, after = _sides(old), _sides(new)
    pairs: list[Pair] = [(key, before.get(key), side) for key, side in after.items()]
    pairs += [(key, side, None) for key, side in before.items() if key not in after]
    return tuple(
        Compared(key[0], one, other, tuple(_changes(one, other)))
        for key, one, other in _joined(pairs)
    )


def _sides(made: Compiled) -> dict[tuple[str, str], Side]:
    found: dict[tuple[str, str], Side] = {}
    emissions = {(each.deployment, each.target): each for each in made.emissions}
    for each in made.result.deployments:
        for candidate in each.emit:
            key = (each.spec.name, candidate.target)
            if key in emissions:
                about = (*each.diagnostics, *candidate.diagnostics)
                found.setdefault(key, Side(emissions[key], candidate, _titles(about)))
    return found


def _titles(diagnostics: Iterable[Diagnostic]) -> dict[str, str]:
    """What was found, by code; notes are no news."""
    found: dict[str, dict[str, None]] = {}
    for item in sorted(diagnostics, key=lambda item: item.order):
        if item.severity != "note":
            found.setdefault(item.code, {})[item.title] = None
    return {code: "; ".join(titles) for code, titles in sorted(found.items())}


def _joined(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs, with one that is only new and one that is only old made one where they can be."""
    gone = [key for key, _, new in pairs if new is None]
    born = [key for key, old, _ in pairs if old is None]
    olds = {key: old for key, old, _ in pairs}
    taken: set[tuple[str, str]] = set()
    for key, old, new in pairs:
        if old is None:
            alike = [other for other in gone if other[0] == key[0]]
            fresh = [other for other in born if other[0] == key[0]]
            if not alike and len(gone) == len(born) == 1:
                alike, fresh = gone, born
            if len(alike) == len(fresh) == 1:
                old = olds[alike[0]]
                taken.add(alike[0])
        if key not in taken:
            yield key, old, new


def _changes(old: Side | None, new: Side | None) -> Iterator[Change]:
    yield from changes("runtime", "", _runtime(old), _runtime(new))
    roles = _roles(old), _roles(new)
    for role in dict.fromkeys((*roles[1], *roles[0])):
        one, other = (each.get(role) for each in roles)
        yield from changes("plan", role, _plan(one), _plan(other))
    yield from _processes(old, new)
    yield from changes("step", "", _steps(old), _steps(new))
    yield from changes("file", "", _files(old), _files(new))
    for role in dict.fromkeys((*roles[1], *roles[0])):
        one, other = (each.get(role) for each in roles)
        yield from changes("memory", role, _memory(one), _memory(other))
    yield from changes("prediction", "", _prediction(old), _prediction(new))
    yield from changes("promise", "", _promises(old), _promises(new))
    yield from changes("finding", "", old.findings if old else {}, new.findings if new else {})


def _runtime(side: Side | None) -> dict[str, str]:
    if side is None:
        return {}
    launch = side.emission.launch
    found = {
        "deployment": side.emission.deployment,
        "runtime": f"{side.emission.target} {side.emission.version}",
        "image": launch.image,
        "choice": "chosen" if side.candidate.status == "chosen" else "possible",
    }
    return {name: value for name, value in found.items() if value}


def _roles(side: Side | None) -> dict[str, Case]:
    return {case.role: case for case in side.candidate.cases} if side else {}


def _plan(case: Case | None) -> dict[str, Any]:
    plan = case.plan if case else None
    if plan is None:
        return {}
    return {
        "parallel": str(plan.degrees),
        "replicas": plan.replicas,
        "nodes": plan.nodes,
        "devices": plan.gpus,
        "checkpoint": plan.checkpoint,
        "weights": plan.weights_word,
        "kv": plan.kv,
        "context": plan.max_model_len,
        "sequences": plan.max_seqs,
        "batched_tokens": plan.max_batched_tokens,
    }


def _processes(old: Side | None, new: Side | None) -> Iterator[Change]:
    """Added and removed processes, then what is said otherwise to those of both sides."""
    before, after = (_by_name(side) for side in (old, new))
    whole = [{name: " ".join(flags(p.argv).values()) for name, p in each.items()}
             for each in (before, after)]  # fmt: skip
    for change in changes("process", "", *whole):
        if change.kind != "changed":
            yield change
    for name, process in after.items():
        known = before.get(name)
        if known is None:
            continue
        yield from changes("flag", name, flags(known.argv), flags(process.argv))
        yield from changes("env", name, known.env, process.env)
        yield from changes("secret", name, _named(known.secrets), _named(process.secrets))
        yield from changes("image", name, _image(known), _image(process))


def _by_name(side: Side | None) -> dict[str, Process]:
    return {process.name: process for process in side.emission.launch.processes} if side else {}


def _named(names: Iterable[str]) -> dict[str, str]:
    return {name: "from the environment" for name in names}


def _image(process: Process) -> dict[str, str]:
    return {"image": process.image} if process.image else {}


def _steps(side: Side | None) -> dict[str, str]:
    steps: tuple[Step, ...] = side.emission.launch.steps if side else ()
    return {step.name: " ".join(flags(step.argv).values()) for step in steps}


def _files(side: Side | None) -> dict[str, str]:
    """Digests of the files: where they come from (a header, the spec's path) is not compared."""
    found = {}
    for artifact in side.emission.artifacts if side else ():
        if artifact.path not in SAME:
            lines = [line for line in artifact.text.splitlines() if not _is_origin(line)]
            found[artifact.path] = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    return found


def _is_origin(line: str) -> bool:
    return line.lstrip("#/ ;").startswith(ORIGINS)


def _memory(case: Case | None) -> dict[str, Any]:
    memory = case.memory if case else None
    if memory is None:
        return {}
    return {
        "budget_bytes": memory.budget,
        "weights_bytes": memory.weights,
        "activation_bytes": memory.activation,
        "overhead_bytes": memory.overhead,
        "kv_pool_bytes": memory.kv_pool,
        "kv_pool_tokens": memory.pool_tokens,
        "fits": memory.fits,
    }


def _prediction(side: Side | None) -> dict[str, Any]:
    found = side.candidate.performance if side else None
    if found is None:
        return {}
    ranges = {
        "ttft_ms": _range(found.ttft, MS),
        "tpot_ms": _range(found.tpot, MS),
        "e2e_ms": _range(found.e2e, MS),
        "throughput_tok_s": _range(found.throughput, 1),
        "cost_usd_h": found.cost,
        "power_w": found.power,
    }
    return {name: value for name, value in ranges.items() if value is not None}


def _range(found: Range | None, scale: float) -> Mapping[str, float] | None:
    if found is None:
        return None
    return {"low": found.low * scale, "value": found.value * scale, "high": found.high * scale}


def _promises(side: Side | None) -> dict[str, str]:
    found = side.candidate.performance if side else None
    return {
        f"{each.metric} {each.op} {each.bound:.12g} {each.unit}": each.verdict
        for each in (found.slo if found else ())
    }
