"""One session with a runtime: load it once, then describe its options or judge commands."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time

from servec.targets.shared.oracle.batch import judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Oracle(Protocol):
        """What `targets/<name>/oracle.py` provides."""

        def load(self) -> None:
            """Import the runtime, with what a machine without a GPU lacks replaced."""

        def version(self) -> str:
            """The version that is installed, as the option tables name it."""

        def describe(self) -> dict[str, Any]:
            """Its option table and registries in the form in which they are stored."""

        def judge(self, job: dict[str, Any], stage: list[str]) -> None:
            """Parse and resolve `job["argv"]`; raises or exits where it is refused.

            `stage[0]` is kept at the stage that is running: argparse, validate, resolve.
            """


def main(words: list[str]) -> int:
    """Do what the command line says; 2 for wrong usage."""
    if len(words) != 2 or words[0] not in ("extract", "judge"):
        sys.stderr.write("usage: run.py extract|judge RUNTIME\n")
        return 2
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        os.environ.setdefault(name, "1")
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    start = time.time()
    trace = bool(os.environ.get("SERVEC_ORACLE_TRACE"))
    oracle: Oracle = importlib.import_module(f"servec.targets.{words[1]}.oracle")
    quiet = contextlib.nullcontext() if trace else contextlib.redirect_stderr(io.StringIO())
    with contextlib.redirect_stdout(io.StringIO()), quiet:
        oracle.load()
        found = oracle.describe() if words[0] == "extract" else {}
    sys.stderr.write(f"{words[1]} {oracle.version()} loaded in {time.time() - start:.1f} s\n")
    if words[0] == "extract":
        out.write(json.dumps(found))
        out.flush()
        return 0
    jobs = [json.loads(line) for line in sys.stdin if line.strip()]
    for verdict in judged(oracle, jobs):
        out.write(json.dumps({"version": oracle.version(), **verdict}) + "\n")
        out.flush()
    return 0
