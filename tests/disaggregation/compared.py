"""An expert's launch in roles, and what servec writes for the spec that stands for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servec import api
from servec.targets.shared.importing.compare import filled, normal, shown
from servec.targets.shared.importing.options_file import with_file
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.said import said, same
from servec.targets.shared.table import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.compiler.target import Launch, Process

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def case(name: str) -> dict[str, Any]:
    """`source`, `processes`, `files`, and the `differences` with a reason each."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def launched(name: str) -> Launch:
    """What servec starts for the spec of a case."""
    return launch_of((FOLDER / f"{name}.srv").read_text())


def launch_of(text: str) -> Launch:
    """What servec starts for the one deployment of a spec."""
    found = api.compile({"x.srv": text})
    assert not found.failed, found.diagnostics
    (emission,) = found.emissions
    return emission.launch


def differences(name: str) -> dict[str, str]:
    """`role option` (or `role env NAME`) to what differs, over all processes of both sides."""
    expert, launch = case(name), launched(name)
    own = {(p.role, p.node_rank): p for p in launch.processes}
    theirs = {(p["role"], p["node_rank"]): p for p in expert["processes"]}
    files = {each.path: each.text for each in launch.configs}
    found: dict[str, str] = {}
    for key in [*theirs, *(key for key in own if key not in theirs)]:
        role, rank = key
        if key not in theirs or key not in own:
            side = "servec" if key in own else "the expert"
            found[f"{role}-{rank}"] = f"only {side} starts it"
        elif role != "router":
            made = _process(launch, expert, theirs[key], own[key], files)
            found |= {f"{role} {what}": text for what, text in made}
    return found


def _process(
    launch: Launch,
    expert: Mapping[str, Any],
    their: Mapping[str, Any],
    own: Process,
    files: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    before = options(launch, their["argv"], {}, expert["files"])
    after = options(launch, own.argv, own.env, files)
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield name, f"{shown(before[name])}, here left alone"
        elif name not in before:
            yield name, f"left alone, here {shown(after[name])}"
        elif not same(before[name], after[name]):
            yield name, f"{shown(before[name])}, here {shown(after[name])}"
    old, new = their["env"], {n: v for n, v in own.env.items() if not n.startswith("SERVEC_")}
    for name in dict.fromkeys((*old, *new)):
        late = new.get(name, "").startswith("${SERVEC_") and name in old
        if old.get(name) != new.get(name) and not late:
            yield f"env {name}", f"{old.get(name, 'not set')}, here {new.get(name, 'not set')}"


def options(
    launch: Launch, argv: Sequence[str], env: Mapping[str, str], files: Mapping[str, str]
) -> dict[str, Any]:
    """The options of a command by name, each in one spelling; an address is any address."""
    table = load_table(launch.runtime, launch.version)
    words = command(_behind(argv)).words
    found = with_file(table, said(table, [filled(word, env) for word in words]), files)
    assert not found.unknown, found.unknown
    made = normal(launch.runtime, launch.version, dict(found.options))
    for name in ("data-parallel-address", "dist-init-addr", "master-addr"):
        if name in made:
            made[name] = "an address"
    return {name: value for name, value in made.items() if name not in ("model", "model-path")}


def _behind(argv: Sequence[str]) -> Sequence[str]:
    """The server's own command behind the launcher of MPI ranks."""
    at = list(argv).index("trtllm-llmapi-launch") + 1 if "trtllm-llmapi-launch" in argv else 0
    return argv[at:]
