"""Prints what the memory of one plan candidate costs, in milliseconds on this machine.

    python tests/bench/memory.py [ROUNDS]

Every model of the catalogue in each layout of eight H200, for vLLM: the first sum of a model, which
adds its parts up, and those that follow. The aim is 20 ms for a candidate.
"""

from __future__ import annotations

import statistics
import sys
import time

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model, index
from servec.compiler.memory.account import Served, account
from servec.compiler.memory.overhead import Load
from servec.compiler.plan import Degrees

AIM = 20.0
LAYOUTS = tuple(
    Degrees(tensor, 8 // tensor // data, data, 1, expert)
    for tensor in (1, 2, 4, 8)
    for data in (1, 2, 4, 8)
    if tensor * data <= 8
    for expert in {1, tensor * data}
)


def main() -> int:
    """Time them; 1 where a candidate takes longer than the aim."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    device = find_device("h200")
    assert device is not None
    first: list[float] = []
    later: list[float] = []
    for _ in range(rounds):
        for file in sorted(set(index().values())):
            model = find_model(next(name for name, place in index().items() if place == file))
            assert model is not None
            for number, layout in enumerate(LAYOUTS):
                load = Load(8192, 1024, device=device.memory, length=32768)
                served = Served("vllm", "0.33.0", model, layout, load, arch="sm90", length=32768)
                start = time.perf_counter()
                account(served)
                spent = 1000 * (time.perf_counter() - start)
                (later if number else first).append(spent)
    for name, found in (("first of a model", first), ("further layouts", later)):
        found.sort()
        sys.stdout.write(
            f"{name:18} {len(found):6}   median {statistics.median(found):7.3f} ms   "
            f"95 % {found[int(0.95 * len(found))]:7.3f} ms   worst {found[-1]:7.3f} ms\n"
        )
    return int(max(statistics.median(first), first[int(0.95 * len(first))]) > AIM)


if __name__ == "__main__":
    sys.exit(main())
