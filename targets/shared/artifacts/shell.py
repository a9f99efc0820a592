"""`launch.sh`: one process per role and node rank, built from lists of words."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.ranks import shared
from servec.targets.shared.artifacts.words import known, quote, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.ranks import Ranks
    from servec.targets.shared.artifacts.subject import Subject

SHEBANG = "#!/usr/bin/env bash\n"
# Quoted `$` is data from the spec, never an expansion that was forgotten.
DIRECTIVE = "# shellcheck disable=SC2016\n"


_made: list[tuple[Subject, Artifact]] = []
"""The last script: the manifests mount it, too, and with a thousand nodes it is long."""


def launch_script(subject: Subject) -> Artifact:
    """The script that runs any one process of the launch: `launch.sh [ROLE [NODE_RANK]]`."""
    if not _made or _made[0][0] is not subject:
        _made[:] = [(subject, _launch_script(subject))]
    return _made[0][1]


def _launch_script(subject: Subject) -> Artifact:
    processes = subject.launch.processes
    first = processes[0]
    text = [SHEBANG, comment(subject), DIRECTIVE, "set -euo pipefail\n\n"]
    text.append(usage(subject, processes))
    if any(process.files for process in processes):
        text.append('here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)\n')
    text.append(f"role=${{1:-{first.role}}}\nrank=${{2:-{first.node_rank}}}\n\n")
    text.append('case "$role $rank" in\n')
    labels = iter(keys(processes))
    for each in shared(processes):
        own = [next(labels) for _ in each.processes]
        text.append(f"  {pattern(own)})\n")
        text.append(indent(devices(subject, each.first) + body(each.first, each), 4))
        text.append("    ;;\n")
    text.append('  *)\n    printf \'%s\\n\' "no process \\"$role $rank\\"; one of: $known" >&2\n')
    text.append("    exit 2\n    ;;\nesac\n")
    return Artifact("launch.sh", "shell", "".join(text), executable=True)


def devices(subject: Subject, process: Process) -> str:
    """Which devices a role has on a machine that it shares with the other one; "" on its own."""
    case = next((case for case in subject.cases if case.role == process.role), None)
    if case is None or case.first_device is None or not process.gpus:
        return ""
    numbers = range(case.first_device, case.first_device + process.gpus)
    return f"export CUDA_VISIBLE_DEVICES={','.join(map(str, numbers))}\n"


def keys(processes: Iterable[Process]) -> tuple[str, ...]:
    """For each process `role rank`, or the name where several share role and rank."""
    processes = tuple(processes)
    count: dict[tuple[str, int], int] = {}
    for p in processes:
        count[p.role, p.node_rank] = count.get((p.role, p.node_rank), 0) + 1
    return tuple(
        f"{p.role if count[p.role, p.node_rank] == 1 else p.name} {p.node_rank}" for p in processes
    )


def usage(subject: Subject, processes: tuple[Process, ...]) -> str:
    """What the script starts, as comments, and the list of what it accepts."""
    known = ", ".join(keys(processes))
    lines = ["# usage: bash launch.sh [ROLE [NODE_RANK]], run from the project's root\n"]
    if subject.launch.steps:
        lines.append("# run build.sh first: it makes the files this launch reads\n")
    lines.append(f"known={quote(known)}\n")
    return "".join(lines)


def pattern(labels: list[str]) -> str:
    """What a body is chosen by; ranks that share one are listed, so that no other is taken."""
    lines = [labels[at : at + 6] for at in range(0, len(labels), 6)]
    return " | \\\n    ".join(" | ".join(f'"{label}"' for label in line) for line in lines)


def body(process: Process, ranks: Ranks | None = None) -> str:
    """Exports, then the command that replaces the shell."""
    argv, env = (ranks.argv, ranks.env) if ranks else ({}, {})
    lines = [f"{name_check(name)}\n" for name in process.secrets]
    for name, value in sorted(process.env.items(), key=order):
        if name.startswith("SERVEC_") and value in process.files:
            lines.append(f'export {name}="${{{name}:-$here/{default(value)}}}"\n')
        elif name.startswith("SERVEC_"):
            lines.append(f'export {name}="${{{name}:-{default(value)}}}"\n')
        else:
            lines.append(f"export {name}={env.get(name) or word(value, process)}\n")
    words = [argv.get(at) or word(w, process) for at, w in enumerate(process.argv)]
    lines.append("exec " + wrap(words) + "\n")
    return "".join(lines)


def order(item: tuple[str, str]) -> tuple[bool, str]:
    """By name, but what stands for one of servec's variables after all that do not."""
    name, value = item
    return (value.startswith("${SERVEC_") and value.endswith("}"), name)


def name_check(name: str) -> str:
    """Stop with a sentence where a secret is not in the environment."""
    return f': "${{{name}:?set {name} in the environment}}"'


def word(text: str, process: Process) -> str:
    """One word of a script: a known reference expanded, everything else quoted."""
    name = known(text, process)
    if name:
        return f'"${{{name}}}"'
    return quote(text)


def default(value: str) -> str:
    """A default inside `"${NAME:-…}"`, with what the shell would expand or end on escaped."""
    for sign in ("\\", '"', "$", "`", "}"):
        value = value.replace(sign, "\\" + sign)
    return value


def indent(text: str, by: int) -> str:
    """Every line moved right by `by` spaces; quoted words never span lines."""
    return "".join(" " * by + line for line in text.splitlines(keepends=True))
