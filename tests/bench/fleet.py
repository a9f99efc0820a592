"""Prints how long a fleet of 50 deployments takes on growing numbers of devices.

    python tests/bench/fleet.py [DEVICES]

Pools of four kinds share the devices out; a third of the deployments leave their hardware open, and
half of the rest leave the number of copies open. The aims: under 10 s for 1,000 devices, and a
growth no worse than n log n, which for twice the devices is a factor of 2.2.
"""

from __future__ import annotations

import math
import sys
import time

import servec

DEPLOYMENTS = 50
AIM = 10.0
NOISE = 1.3
"""What a busy machine may add to a ratio."""
POOLS = (("h100", 8), ("h200", 8), ("a100-80g", 8), ("l40s", 4))
MODELS = ("qwen3-8b", "qwen3-32b", "llama-3.3-70b", "qwen3-30b-a3b", "gpt-oss-120b")


def spec(devices: int) -> str:
    """A fleet of so many devices, all of them asked for."""
    each = devices // len(POOLS)
    parts = ["servec 1\n"]
    places, pools = [], []
    for number, (kind, count) in enumerate(POOLS):
        pools.append(
            f'  pool "p{number}" {{ hardware = {kind} x {count}; nodes = {each // count} }}'
        )
    for number in range(DEPLOYMENTS):
        pool = number % len(POOLS)
        kind, count = POOLS[pool]
        model = MODELS[number % len(MODELS)]
        per = count if kind != "l40s" and model in ("llama-3.3-70b", "gpt-oss-120b") else 2
        model = "qwen3-8b" if kind == "l40s" else model
        copies = max(1, each // per // (DEPLOYMENTS // len(POOLS) + 1))
        hardware = "any" if number % 3 == 0 and kind != "l40s" else f"{kind} x {per}"
        parts.append(
            f'deployment "d{number}" {{\n  model = {model}\n  hardware = {hardware}\n'
            f"  workload {{ input = {500 + 20 * number} tokens; output = 200 tokens;"
            f" concurrency = {8 + number} }}\n  slo {{ ttft.p95 <= 20s }}\n"
            f"  api {{ port = {9000 + number} }}\n}}\n"
        )
        if hardware != "any":
            places.append(f"  place d{number} {{ pool = p{pool}; replicas = {copies} }}")
    return "".join((*parts, 'fleet "f" {\n', "\n".join((*pools, *places)), "\n}\n"))


def seconds(devices: int) -> tuple[float, int]:
    """The best time of three calls, and how many devices the placements take."""
    text = spec(devices)
    best, taken = float("inf"), 0
    for _ in range(3):
        start = time.process_time()
        found = servec.check({"f.srv": text})
        best = min(best, time.process_time() - start)
        errors = [item.title for item in found.diagnostics if item.severity == "error"]
        assert not errors, errors
        taken = sum(place.devices for fleet in found.result.fleets for place in fleet.placements)
    return best, taken


def main() -> int:
    """Print a line for each number of devices; 1 where an aim is missed."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds(most // 4)
    missed, last = False, 0.0
    for devices in (most // 4, most // 2, most):
        took, taken = seconds(devices)
        allowed = 2 * math.log(devices) / math.log(devices / 2) * NOISE
        ratio = took / last if last else 1.0
        over = took > AIM or (last > 0 and ratio > allowed)
        missed = missed or over
        last = took
        sys.stdout.write(
            f"{devices:5} devices  {taken:5} taken  {took:6.2f} s  {ratio:4.2f} x"
            f"  {'OVER' if over else ''}\n"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
