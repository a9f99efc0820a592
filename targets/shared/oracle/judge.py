"""Judges one command in a fork of the loaded runtime, so that none can disturb the next."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    from servec.targets.shared.oracle.session import Oracle


class Refused(Exception):
    """A parser's refusal that is neither an exit nor an exception of its own."""


def run(oracle: Oracle, job: dict[str, Any]) -> dict[str, Any]:
    """`{"ok", "stage", "error", "seconds"}`: the stage that refused, or the last one passed.

    `imported` names the modules that the command needed beyond those that were loaded.
    """
    start = time.time()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _child(oracle, job, write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as file:
        text = file.read()
    _, status = os.waitpid(pid, 0)
    verdict: dict[str, Any] = json.loads(text) if text else crashed(status)
    verdict["seconds"] = round(time.time() - start, 3)
    return verdict


def crashed(status: int) -> dict[str, Any]:
    """What is said of a command whose process ended without a verdict."""
    return {"ok": False, "stage": "crash", "error": f"the process ended with status {status}"}


def _child(oracle: Oracle, job: dict[str, Any], write: int) -> None:
    """Judge and leave; what the runtime prints goes to a file."""
    loaded = set(sys.modules)
    signal.alarm(int(job.get("timeout", 120)))
    trace = bool(os.environ.get("SERVEC_ORACLE_TRACE"))
    with tempfile.TemporaryFile("w+", errors="replace") as printed:
        os.dup2(printed.fileno(), 1)
        if not trace:
            os.dup2(printed.fileno(), 2)
        sys.stdout = sys.stderr = os.fdopen(
            os.dup(printed.fileno()), "w", buffering=1, errors="replace"
        )
        verdict = _verdict(oracle, job, printed)
    verdict["imported"] = [name for name in sys.modules if name not in loaded]
    with os.fdopen(write, "w", encoding="utf-8") as file:
        file.write(json.dumps(verdict))
    os._exit(0)


def _verdict(oracle: Oracle, job: dict[str, Any], printed: IO[str]) -> dict[str, Any]:
    stage = ["argparse"]
    os.environ.update(job.get("env") or {})
    try:
        oracle.judge(job, stage)
        return {"ok": True, "stage": stage[0], "error": "", "shown": job.get("shown", {})}
    except SystemExit as end:
        sys.stderr.flush()
        printed.seek(0)
        text = printed.read()
        hits = re.findall(r"error: (.*)", text, re.DOTALL)
        said = hits[-1] if hits else text or f"exit {end.code}"
        if end.code in (0, None):
            said = "ended before a launch (help or version)"
        return {"ok": False, "stage": stage[0], "error": _short(said)}
    except BaseException as error:
        if os.environ.get("SERVEC_ORACLE_TRACE") and sys.__stderr__:
            sys.__stderr__.write(traceback.format_exc())
        name = "" if isinstance(error, Refused) else f"{type(error).__name__}: "
        return {"ok": False, "stage": stage[0], "error": _short(f"{name}{error}")}


def _short(text: str, limit: int = 1500) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
    return text if len(text) <= limit else text[:300] + " ... " + text[300 - limit :]


def program(argv: list[str], programs: tuple[tuple[str, ...], ...]) -> list[str]:
    """`argv` without the leading words of the program; `programs` lists the longest first."""
    if argv and argv[0].rsplit("/", 1)[-1].startswith("python") and argv[1:2] == ["-m"]:
        argv = argv[2:]
    for words in programs:
        if tuple(argv[: len(words)]) == words:
            return argv[len(words) :]
    return argv


def replaced(job: dict[str, Any]) -> list[str]:
    """The job's argv with the repositories of its `map` replaced by folders on this machine."""
    out = []
    for token in job["argv"]:
        for name, folder in (job.get("map") or {}).items():
            head, equals, tail = token.partition("=")
            if token == name:
                token = folder
            elif equals and head.startswith("-") and tail == name:
                token = f"{head}={folder}"
            else:
                token = token.replace(f'"{name}"', json.dumps(folder))
        out.append(token)
    return out
