"""`build.sh`: the steps before a launch, one after another; what is there already is not redone."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.shell import DIRECTIVE, SHEBANG, default, indent
from servec.targets.shared.artifacts.words import quote, reference, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Step
    from servec.targets.shared.artifacts.subject import Subject

PART = ".part"
"""What a file or folder is called until it is whole; a killed step leaves only that behind."""


def build_script(subject: Subject) -> Artifact:
    """The script of all steps. A second run does only what is missing."""
    steps = subject.launch.steps
    text = [SHEBANG, comment(subject), DIRECTIVE, "set -euo pipefail\n\n"]
    text.append("# usage: bash build.sh, run from the project's root, before launch.sh\n\n")
    for number, step in enumerate(steps, 1):
        text.append(_step(step, f"{number}/{len(steps)} {step.name}"))
    text.append("printf 'all steps are done\\n' >&2\n")
    return Artifact("build.sh", "build", "".join(text), executable=True)


def _step(step: Step, title: str) -> str:
    """One step: skipped where all it makes is there, else made aside and renamed."""
    if not step.makes:
        return f"printf '%s\\n' {quote(title)} >&2\n{_command(step, {})}\n"
    there = " && ".join(f"[ -e {quote(path)} ]" for path in step.makes)
    aside = {path: path + PART for path in step.makes if path in step.argv}
    lines = [f"printf '%s\\n' {quote(title)} >&2\n"]
    folders = sorted({path.rpartition("/")[0] for path in step.makes} - {""})
    lines += [f"mkdir -p -- {quote(folder)}\n" for folder in folders]
    if step.kind != "download":  # a download goes on where it was cut off
        lines += [f"rm -rf -- {quote(part)}\n" for part in aside.values()]
    lines.append(_command(step, aside))
    lines += [f"mv -- {quote(part)} {quote(path)}\n" for path, part in aside.items()]
    done = f"  printf '%s\\n' {quote(title + ': is there')} >&2\n"
    return f"if {there}; then\n{done}else\n{indent(''.join(lines), 2)}fi\n\n"


def _command(step: Step, aside: dict[str, str]) -> str:
    """The variables of a step and its command, with what it makes under another name."""
    lines = []
    for name, value in sorted(step.env.items()):
        if name.startswith("SERVEC_"):
            lines.append(f'export {name}="${{{name}:-{default(value)}}}"\n')
        else:
            lines.append(f"export {name}={quote(value)}\n")
    words = [_word(aside.get(word, word)) for word in step.argv]
    return "".join(lines) + wrap(words) + "\n"


def _word(text: str) -> str:
    name = reference(text)
    return f'"${{{name}}}"' if name.startswith("SERVEC_") else quote(text)
