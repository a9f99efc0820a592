"""Talks to the oracle of a runtime: a process of that runtime's own Python."""

from __future__ import annotations

import json
import os
import subprocess

from servec.dsl.record import record
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

SCRIPT = os.path.join(FOLDER, "shared", "oracle", "run.py")


ABSENT = (
    "Can't load image processor",
    "Can't load feature extractor",
    "Can't load video processor",
    "couldn't connect to 'https://huggingface.co'",
    "Invalid repository ID or local directory specified",
    "could not locate think start/end tokens",
    "requires `response_template` metadata",
    "No tokenizer file found",
    "Tokenizer must contain",
    "Failed to import Ray",
    "requires the `cohere_melody` package",
    ", params.json",
)
"""What runtimes say where a checkpoint lacks files that a stand-in has not: processors, templates,
the tokens of one family's tokenizer, a draft that is in no catalogue; and where the environment
lacks a package that is installed beside the runtime."""


class OracleFailed(Exception):
    """The environment could not load the runtime; the text is the end of what it printed."""


@record
class Verdict:
    """What the runtime said of one command.

    `stage`: `argparse`, `validate` or `resolve`: the one that refused, or the last one passed;
    `crash` where the runtime ended without a word. `shown`: values that were asked for.
    `version`: the installed one.
    """

    ok: bool
    stage: str
    error: str
    seconds: float
    shown: dict[str, str]
    version: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the parser took the command, whatever came later."""
        return self.ok or self.stage not in ("argparse", "crash")

    @property
    def beyond(self) -> bool:
        """Whether it ended at files that a stand-in for a checkpoint does not have."""
        return not self.ok and any(text in self.error for text in ABSENT)

    @property
    def resolved(self) -> bool:
        """Whether the runtime's configuration took it too."""
        return self.ok and self.stage == "resolve"


def judge(
    python: str, runtime: str, jobs: Sequence[dict[str, Any]], cwd: str | None = None
) -> tuple[Verdict, ...]:
    """The verdicts on `jobs` in their order; `OracleFailed` where the runtime does not load.

    A job: `argv` (the whole command), `env`, `resolve`, `model_config` (a folder that stands in for
    the model), `map` (repository to folder), `gpu` (`name`, `cc`, `mem_gb`, `count`), `show`.
    Relative paths in the commands are looked up in `cwd`.
    """
    if not jobs:
        return ()
    lines = "".join(json.dumps({**job, "id": at}) + "\n" for at, job in enumerate(jobs))
    printed = _run(python, "judge", runtime, lines, cwd)
    rows = [json.loads(line) for line in printed.splitlines() if line.strip()]
    if len(rows) != len(jobs):
        raise OracleFailed(f"{runtime} answered {len(rows)} of {len(jobs)} commands")
    return tuple(
        Verdict(
            row["ok"],
            row["stage"],
            row["error"],
            row["seconds"],
            row.get("shown") or {},
            row["version"],
        )
        for row in sorted(rows, key=lambda row: int(row["id"]))
    )


def describe(python: str, runtime: str) -> dict[str, Any]:
    """The option table, value sets and fields of the installed runtime, as they are stored."""
    found: dict[str, Any] = json.loads(_run(python, "extract", runtime, ""))
    return found


def _run(python: str, verb: str, runtime: str, text: str, cwd: str | None = None) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LLAMA_ARG_"))}
    done = subprocess.run(
        [python, SCRIPT, verb, runtime],
        input=text,
        capture_output=True,
        text=True,
        env={**clean, "PYTHONHASHSEED": "0"},
        check=False,
        cwd=cwd,
    )
    if done.returncode:
        raise OracleFailed(done.stderr.strip()[-2000:] or f"{python} ended with {done.returncode}")
    return done.stdout
