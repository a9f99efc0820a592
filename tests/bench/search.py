"""Prints how long whole searches take from a cold start, and how much memory.

    python tests/bench/search.py [RUNS]

Qwen3-235B-A22B-FP8 on eight H200 over all runtimes, and hardware that is left open over the whole
catalogue: each under a second and 120 MB. A thousand nodes written for all targets: under a second.
Times are those of the process itself (user and system), so a busy machine counts little. Last, how
often a wider beam of layouts would have found a plan that is clearly better.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PYTHON = sys.executable
SERVEC = str(Path(PYTHON).parent / "servec")
SECONDS, MEGABYTES = 1.0, 120
LOAD = "workload { kind = chat; input = 2k tokens; output = 500 tokens; concurrency = 64 }"
SLO = "slo { ttft.p95 <= 2s; tpot.p95 <= 40ms }"
CASES = {
    "qwen3-235b-a22b-fp8 on h200 x 8": (
        f"model = qwen3-235b-a22b-fp8\nhardware = h200 x 8\n{LOAD}\n{SLO}",
        ["plan", "{spec}", "--target", "all", "--format", "json"],
    ),
    "qwen3-32b on any hardware": (
        f"model = qwen3-32b\nhardware = any\n{LOAD}\n{SLO}",
        ["plan", "{spec}", "--format", "json"],
    ),
    "deepseek-v3 on 1024 nodes, all targets written": (
        f"model = deepseek-v3\nhardware = h200 x 8\nnodes = 1024\nfabric = infiniband\n{LOAD}",
        ["compile", "{spec}", "--target", "all", "--out", "{out}"],
    ),
}


def run(command: list[str], folder: str) -> tuple[float, float, int]:
    """Seconds of the process, its peak in MB, and its exit code."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def regret() -> tuple[int, int]:
    """Plans that all layouts together beat by more than the tie between plans, and all plans."""
    from servec.compiler.choice.objective import CLOSE
    from servec.compiler.search import assess

    texts = [
        f"model = {model}\nhardware = {device} x 8\n{LOAD.replace('64', str(load))}"
        for model in ("qwen3-235b-a22b-fp8", "deepseek-v3", "gpt-oss-120b", "llama-3.3-70b")
        for device in ("h100", "h200", "b200")
        for load in (4, 64, 512)
    ]
    usual = [_merits(text) for text in texts]
    assess.MOST_FIT = assess.MOST_TRIED = 1000
    wide = [_merits(text) for text in texts]
    pairs = [(one[key], other[key]) for one, other in zip(usual, wide, strict=True) for key in one]
    worse = sum(one[0] > other[0] or one[1] > other[1] * CLOSE for one, other in pairs)
    return worse, len(pairs)


def _merits(text: str) -> dict[str, tuple[int, float]]:
    import servec
    from servec.compiler.choice.objective import merit

    spec = f'servec 1\n\ndeployment "x" {{\n{text}\n}}\n'
    (found,) = servec.check({"x.srv": spec}).result.deployments
    return {c.target: merit(c.performance) for c in found.candidates if not c.rejected}


def main() -> int:
    """Print a line for each search; 1 where one failed or is over its aim."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (text, words)) in enumerate(CASES.items()):
            spec = Path(folder) / f"s{number}.srv"
            spec.write_text(f'servec 1\n\ndeployment "x" {{\n{text}\n}}\n', encoding="utf-8")
            command = [SERVEC, *(w.format(spec=spec.name, out="out") for w in words)]
            found = [run(command, folder) for _ in range(runs)]
            took, peak = min(t for t, _, _ in found), max(m for _, m, _ in found)
            code = max(c for _, _, c in found)
            over = code or took > SECONDS or peak > MEGABYTES
            missed += bool(over)
            note = f"exit {code}" if code else "OVER" if over else ""
            sys.stdout.write(f"{name:<48} {took:5.2f} s {peak:6.1f} MB  {note}\n")
    worse, number = regret()
    sys.stdout.write(f"{worse} of {number} plans are clearly better in a beam without limit\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
