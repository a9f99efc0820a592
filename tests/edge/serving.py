"""Runs emitted scripts in a folder: `build.sh`, then `launch.sh` in the background, `probe.sh`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import servec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from servec.api import Emission

WAIT = 60


def emitted(text: str, target: str, where: Path) -> Emission:
    """Compile one deployment and write what it emits below `where`, as the command would."""
    made = servec.compile({"a.srv": text}, target=target)
    assert [d for d in made.diagnostics if d.severity == "error"] == []
    (emission,) = made.emissions
    for artifact in emission.artifacts:
        path = where / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")
        if artifact.executable:
            path.chmod(0o755)
    return emission


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def launched(where: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`launch.sh` running in `where`; it and what it started are stopped at the end."""
    with (where / "launch.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", "launch.sh"],
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


def probed(where: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`probe.sh` against the launch in `where`."""
    return subprocess.run(
        ["bash", "probe.sh"],
        cwd=where,
        env={**env, "SERVEC_WAIT": str(WAIT)},
        capture_output=True,
        text=True,
        timeout=2 * WAIT,
        check=False,
    )


def log_of(where: Path) -> str:
    """The end of what the launch printed."""
    time.sleep(0)
    return (where / "launch.log").read_text(encoding="utf-8", errors="replace")[-3000:]
