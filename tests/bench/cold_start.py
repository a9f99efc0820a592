"""Prints what a cold start of servec costs, in units of `python -I -c pass` on this machine.

    python tests/bench/cold_start.py [RUNS]

Ratios rather than milliseconds, so that two machines can be compared. The aims are those of
CONTRIBUTING.md. Runs interleave, so that a busy machine slows all of them alike; the best of each
counts. Memory is the peak resident set of the process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PYTHON = sys.executable
SERVEC = shutil.which("servec", path=str(Path(PYTHON).parent)) or ""
SPEC = "specs/qwen3-moe.srv"
CASES = {
    "python -I -c pass": (1.0, [PYTHON, "-I", "-c", "pass"]),
    "servec --version": (2.5, [SERVEC, "--version"]),
    "servec --help": (2.5, [SERVEC, "--help"]),
    "servec check --help": (5.0, [SERVEC, "check", "--help"]),
    f"servec check {SPEC}": (6.0, [SERVEC, "check", SPEC]),
    f"servec check {SPEC} --format json": (6.0, [SERVEC, "check", SPEC, "--format", "json"]),
    f"servec fmt --check {SPEC}": (6.0, [SERVEC, "fmt", "--check", SPEC]),
    f"servec compile {SPEC} --target auto": (
        12.0,
        [SERVEC, "compile", SPEC, "--target", "auto", "--out", "{out}"],
    ),
    f"servec compile {SPEC} --target all": (
        12.0,
        [SERVEC, "compile", SPEC, "--target", "all", "--out", "{out}"],
    ),
    f"servec plan {SPEC}": (12.0, [SERVEC, "plan", SPEC]),
}


def timed(command: list[str]) -> tuple[float, int, int]:
    """Seconds, peak memory in KiB (0 where the system does not tell) and exit code of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if not hasattr(os, "wait4"):
        return time.perf_counter() - start, 0, process.wait()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return took, usage.ru_maxrss, process.returncode


def main() -> int:
    """Print the table; 1 where a command failed or an aim is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    best: dict[str, float] = {}
    memory: dict[str, int] = {}
    codes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as out:
        for _ in range(runs):
            for name, (_aim, command) in CASES.items():
                words = [word.replace("{out}", out) for word in command]
                took, peak, codes[name] = timed(words)
                best[name] = min(took, best.get(name, took))
                memory[name] = max(peak, memory.get(name, 0))
    base = best["python -I -c pass"]
    width = max(map(len, CASES))
    missed = 0
    for name, (aim, _command) in CASES.items():
        ratio = best[name] / base
        note = f"exit {codes[name]}" if codes[name] else "" if ratio <= aim else "OVER"
        missed += bool(note)
        sys.stdout.write(
            f"{name:<{width}}  {ratio:5.2f} x  (aim {aim:4.1f})  {best[name] * 1000:6.1f} ms"
            f"  {memory[name] / 1024:5.1f} MB  {note}\n"
        )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
