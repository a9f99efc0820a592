"""servec as a process: its streams, its locale, its colours."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from pathlib import Path

    from servec.cli.console import Console

    Run = Callable[[Namespace, Console], int]


def servec(*words: str, **kwargs: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "servec", *words], capture_output=True, timeout=60, **kwargs
    )


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "servec", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_locale_without_utf8_still_gets_utf8() -> None:
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = servec("check", "nonesuch-é.srv", env=env)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert servec("init", "-", env=env).stdout.decode("utf-8").startswith("servec 1\n")


def test_colour_is_for_terminals_and_those_who_insist(monkeypatch: pytest.MonkeyPatch) -> None:
    from servec.cli.console import Console

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Console(color="auto").err_color
    assert not Console(color="never").err_color
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Console(color="auto").err_color
    assert Console(color="always").err_color
    monkeypatch.setattr(sys, "stderr", None)


def test_a_spinner_is_for_people_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from servec.cli.console import Console
    from servec.cli.progress import MANY, busy

    assert busy(Console(color="always"), "checking", MANY)._shown is not None
    assert busy(Console(color="always"), "checking", MANY - 1)._shown is None
    assert busy(Console(color="never"), "checking", MANY)._shown is None
    assert busy(Console(color="always", quiet=True), "checking", MANY)._shown is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("words", [["--version"], ["models", "list"], ["schema"]])
def test_an_output_that_cannot_be_written_is_said(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "servec", *words], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr.startswith("servec: cannot write to stdout: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_is_no_bug(closed: int, tmp_path: Path) -> None:
    line = f'exec "$0" -m servec models list {closed}>&-'
    done = subprocess.run(["bash", "-c", line, sys.executable], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0
    assert not list(tmp_path.iterdir())
