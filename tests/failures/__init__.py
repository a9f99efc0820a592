"""Launches that failed to start, from the issue threads of the runtimes, refused before start.

`python -m tests.failures` prints what becomes of each; `cases.json` holds them one a line, and
`earlier.json` those that are judged for the release that the thread names; `edge.json` is of
llama.cpp, MLX, LMDeploy, TGI and Ray alone, `through.json` of launches that other programs make,
`plans.json` of plans: ranks, experts, stages, drafts, roles, adapters, `programs.json` of launches
that are written in Python, `peers.json` of those met in the threads of programs around a runtime.
`starts.json` has launches of such threads that did start, with the first keys of these:

source    the thread, as `owner/repository#number`
launch    runtime and version the line is judged for, which may be later than the thread's
hardware  as `import --hardware` takes it; absent where the runtime takes the machine's own
argv      the line (a list where a word holds spaces), `env` its variables, `files` what lies by it
program   in place of it: the program in Python that is the launch, as its lines
model     the key in `models.json` of the config under `./model`
code      what it has to be refused with; `codes` all it is refused with, where there are more
names     what the findings of that code have to name, one a finding
cause     why it failed, in the words of the thread
good      the line or program put right, with `good_env`: it is not refused
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servec.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [
    case
    for name in ("cases", "earlier", "edge", "through", "plans", "programs", "peers")
    for case in json.loads((HERE / f"{name}.json").read_text())
]
MODELS: dict[str, Any] = json.loads((HERE / "models.json").read_text())


def lay(case: Mapping[str, Any]) -> None:
    """Put the files of a case under the current directory."""
    files = dict(case.get("files", {}))
    if "model" in case:
        files["model/config.json"] = MODELS[case["model"]]
    for name, held in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(held if isinstance(held, str) else json.dumps(held))


def line(case: Mapping[str, Any], which: str = "argv") -> list[str]:
    """The words of `servec` that judge a case, or with `good` its corrected twin."""
    hardware = ("--hardware", case["hardware"]) if "hardware" in case else ()
    env = case.get("env", {}) if which == "argv" else case.get("good_env", case.get("env", {}))
    given = [word for name, value in env.items() for word in ("--env", f"{name}={value}")]
    head = ("import", case["launch"], "--check", *hardware, *given, "--format", "json")
    if "program" in case:
        lines = case["program" if which == "argv" else which]
        Path("launch.py").write_text("\n".join(lines) + "\n")
        return [*head, "--script", "launch.py"]
    argv = case[which]
    words = argv if isinstance(argv, list) else shlex.split(argv)
    return [*head, "--", *words]


def judge(
    case: Mapping[str, Any], capsys: pytest.CaptureFixture[str], which: str = "argv"
) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of judging a case in the current directory, and the errors that are found."""
    code, found = everything(case, capsys, which)
    return code, [item for item in found if item["severity"] == "error"]


def everything(
    case: Mapping[str, Any], capsys: pytest.CaptureFixture[str], which: str = "argv"
) -> tuple[int, list[dict[str, Any]]]:
    """The same, and all that is found."""
    lay(case)
    code = main(line(case, which))
    return code, json.loads(capsys.readouterr().out)["diagnostics"]
