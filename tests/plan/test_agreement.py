"""What a plan assumed is what the command says, for every runtime that can serve a spec."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

import servec
from servec.compiler.memory.estimate import estimate
from servec.dsl.record import replace
from tests.golden import ROOT
from tests.plan.compiling import one
from tests.plan.said import kind, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.result import Candidate
    from servec.compiler.target import Case, Process

SAMPLES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("specs", "specs/matrix")
    for path in (ROOT / folder).glob("*.srv")
)
MODELS = ("qwen3-8b", "llama-3.3-70b", "qwen3-30b-a3b", "qwen3-235b-a22b-fp8", "gpt-oss-120b")
DEVICES = ("h100 x 8", "h200 x 4", "b200 x 8", "a100-80g x 8", "l40s x 4", "m4-max-128g x 1")
LOADS = (
    "workload { input = 2k tokens; output = 500 tokens; concurrency = 48 }",
    "limits { context = 8Ki tokens; batch = 24; batched_tokens = 4096 tokens; memory <= 80% }",
    "precision { kv = fp8 }\nlimits { context <= 16Ki tokens }",
)
MADE = [
    f"model = {model}\nhardware = {device}\n{load}"
    for model, device, load in product(MODELS, DEVICES, LOADS)
]
DEGREES = ("tensor", "pipeline", "data", "expert")
SIZES = ("max_model_len", "max_seqs", "max_batched_tokens")
NEAR = 0.06
"""What a share of something else may leave between the pool it gives and the planned one, as a part
of the device: the runtime's own working memory is known no better."""


def servers(item: Candidate) -> Iterator[tuple[Case, Process]]:
    """Each case with the process that serves it; Triton's and Ray's stands for the engine's."""
    launch = item.launch()
    for case in item.cases:
        roles = (case.role or "serve", "ray")
        yield case, next(p for p in launch.processes if p.role in roles and p.node_rank == 0)


def disagreements(item: Candidate) -> list[str]:
    found: list[str] = []
    for case, process in servers(item):
        told = said(case, item.launch(), process)
        found += [f"{item.target}: {line}" for line in _of(case, told)]
    return found


def _of(case: Case, told: dict[str, Any]) -> Iterator[str]:
    plan = case.plan
    assert plan is not None
    for name in DEGREES:
        mine = getattr(plan.degrees, name)
        if name in told and told[name] != mine:
            yield f"{name} is planned as {mine}, said as {told[name]}"
    for name in SIZES:
        mine = getattr(plan, name)
        if name in told and mine and int(told[name] or 0) != mine:
            yield f"{name} is planned as {mine}, said as {told[name]}"
    if "kv" in told and told["kv"] != kind(plan.kv):
        yield f"the cache is planned as {plan.kv}, said as {told['kv']}"
    yield from _memory(case, told)


def _memory(case: Case, told: dict[str, Any]) -> Iterator[str]:
    """The share of the device, and the pool that a share of something else leaves."""
    plan, memory = case.plan, case.memory
    assert plan is not None
    share = float(told.get("fraction") or plan.memory_fraction)
    if abs(share - float(plan.memory_fraction)) > 0.002:
        yield f"the share is planned as {float(plan.memory_fraction)}, said as {share}"
    if memory is None or not memory.device:
        return
    used = memory.weights + memory.activation + memory.overhead
    for name in ("static", "free"):
        if told.get(name) is None or memory.kv_pool <= 0:
            continue
        share = float(told[name])
        static = share * _free(case, memory.device) - memory.weights
        gives = static if name == "static" else share * (memory.device - used)
        if abs(gives - memory.kv_pool) > NEAR * memory.device:
            yield f"a pool of {memory.kv_pool / 2**30:.1f} GiB, {name} gives {gives / 2**30:.1f}"


def _free(case: Case, whole: int) -> int:
    """What is free of a device at the start: on a board, less the system in the same memory."""
    device = case.device
    if device is None or not device.unified or not device.usable or device.kind != "gpu":
        return whole
    return min(whole, device.usable)


def again(case: Case, told: dict[str, Any]) -> Case:
    """The case with a plan made of nothing but what the command says."""
    plan = case.plan
    assert plan is not None
    degrees = replace(plan.degrees, **{name: told[name] for name in DEGREES if name in told})
    sizes = {name: int(told[name]) for name in SIZES if told.get(name)}
    return replace(case, plan=replace(plan, degrees=degrees, **sizes))


@pytest.mark.parametrize("path", SAMPLES)
def test_samples(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    from servec.cli.sources import DiskSources

    result = servec.check(DiskSources(), [path], target="all").result
    able = [c for each in result.deployments for c in each.candidates if not c.rejected]
    assert able or not result.deployments  # a file of profiles has none
    assert [line for item in able for line in disagreements(item)] == []


@pytest.mark.parametrize("lines", MADE)
def test_made_up_specs(lines: str) -> None:
    found = one(lines, ("all",))
    able = [item for item in found.candidates if not item.rejected]
    assert [line for item in able for line in disagreements(item)] == []
    for item in able:
        for case, process in servers(item):
            if case.memory is None:
                continue
            made = estimate(again(case, said(case, item.launch(), process)))
            assert made.weights == case.memory.weights
            assert made.kv_pool == case.memory.kv_pool
            assert made.needed_kv == case.memory.needed_kv


def test_every_runtime_is_asked() -> None:
    seen = {
        item.target
        for lines in MADE
        for item in one(lines, ("all",)).candidates
        if not item.rejected
    }
    edge = {"llamacpp", "mlx"}
    assert seen >= {"vllm", "sglang", "trtllm", "triton", "rayserve", "lmdeploy", "tgi"} | edge
