"""Unused `let`.

Checks: a file with deployments or fleets uses each of its `let`s.
Because: a value that nothing uses is often one that a line below should use. A file of profiles
    and `let`s alone is there for others to import, so its names are not judged.
Wrong: let gpus = 4
Right: let gpus = 4
    profile "wide" { parallel { tensor = $gpus } }
Source: language reference, "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span
from servec.dsl.nearest import nearest
from servec.dsl.parents import SHORT
from servec.dsl.removal import removal
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.program import Program
    from servec.dsl.scope import Scope
    from servec.dsl.tree import File


def unused_lets(program: Program, scope: Scope) -> None:
    """Report each `let` of the file whose name stands nowhere behind a `$`.

    A use in a line that could not be read counts, and so does one that is misspelt: both were
    reported.
    """
    if not scope.deployments and not scope.fleets:
        return
    file = scope.file
    mentioned = _mentioned(file)
    used = scope.used | mentioned
    for name in mentioned - scope.let_nodes.keys():
        if len(name) > SHORT:
            used.update(nearest(name, scope.let_nodes))
    for name, let in scope.let_nodes.items():
        if name in used or "." in name:
            continue
        span = Span(file.path, let.start, let.end)
        fix = Fix("delete the line", (removal(file, let.start, let.end),), True)
        title = f"nothing uses {code('$' + name)}"
        program.report(
            Diagnostic("SRV115", "warning", title, Label(span, "not used"), fixes=(fix,))
        )


def _mentioned(file: File) -> set[str]:
    """Every name behind a `$` outside comments."""
    import re

    parts, at = [], 0
    for start, end in file.comments:
        parts.append(file.text[at:start])
        at = end
    parts.append(file.text[at:])
    return {name.rstrip(".-") for name in re.findall(r"\$([A-Za-z_][\w.-]*+)", "".join(parts))}
