"""Compiles a spec in a folder and runs what it emits: `launch.sh` behind, then `probe.sh`."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT = 60


def emitted(text: str, target: str, where: Path) -> str:
    """Compile one deployment in a project at `where`; the scripts lie in the folder returned."""
    project(text, where)
    words = ["compile", "a.srv", "--target", target, "--out", "out"]
    code = "import sys; from servec.cli.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=where, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return f"out/tiny/{target}"


_TAKEN = itertools.count()


def free_port() -> int:
    """A port that nothing listens on now, as on the nine above it, which further processes take.

    Below those that systems hand out by themselves, and apart for tests that run side by side.
    """
    for at in _TAKEN:
        first = 20_000 + 10 * ((os.getpid() * 31 + at) % 1_200)
        if all(map(_free, range(first, first + 10))):
            return first
    raise AssertionError


def _free(port: int) -> bool:
    with socket.socket() as found:
        try:
            found.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def ran(
    where: Path, env: dict[str, str], target: str, *words: str, code: int = 0
) -> dict[str, dict[str, Any]]:
    """What `servec run` says of each step of the project at `where`, by kind."""
    process = running(where, env, target, *words)
    out, err = process.communicate(timeout=3 * WAIT)
    logs = "".join(
        f"{path.name}: {path.read_text(errors='replace')[-2000:]}\n"
        for path in sorted(where.glob(".servec/run/*/*/logs/*.log"))
    )
    assert process.returncode == code, out + err + logs
    return {each["kind"]: each for each in json.loads(out)["steps"]}


def running(where: Path, env: dict[str, str], target: str, *words: str) -> subprocess.Popen[str]:
    """`servec run`, behind."""
    code = "import sys; from servec.cli.main import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            code,
            "run",
            "a.srv",
            "--target",
            target,
            "--format",
            "json",
            *words,
        ],
        cwd=where,
        env={**env, "SERVEC_WAIT": str(WAIT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def project(text: str, where: Path) -> None:
    """A project with one spec."""
    (where / "servec.toml").touch()
    (where / "a.srv").write_text(text, encoding="utf-8")


@contextlib.contextmanager
def launched(where: Path, scripts: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`launch.sh` of `scripts` running in `where`; all it started is stopped at the end."""
    with (where / "launch.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", f"{scripts}/launch.sh"],
            cwd=where,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


def probed(where: Path, scripts: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`probe.sh` against the launch in `where`."""
    return subprocess.run(
        ["bash", f"{scripts}/probe.sh"],
        cwd=where,
        env={**env, "SERVEC_WAIT": str(WAIT)},
        capture_output=True,
        text=True,
        timeout=2 * WAIT,
        check=False,
    )


def log_of(where: Path) -> str:
    """The end of what the launch printed."""
    return (where / "launch.log").read_text(encoding="utf-8", errors="replace")[-3000:]
