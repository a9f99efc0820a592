"""Unknown reference.

Checks: `$name` is a `let` of the same file that stands above, and `$alias.name` one of an imported
    file.
Because: a value without a source cannot be deployed; and values are read from top to bottom, so
    that a reader finds them in one pass.
Wrong: parallel { tensor = $gpus }
Right: parallel { tensor = 8 }
Source: language reference, "Lexical rules" and "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.nearest import nearest
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.scope import Scope
    from servec.dsl.tree import Reference


def unknown_reference(scope: Scope, ref: Reference) -> Diagnostic:
    """A reference that names nothing above it."""
    span = Span(scope.file.path, ref.start, ref.end)
    below = scope.let_nodes.get(ref.name)
    if below is not None:
        let = Span(scope.file.path, below.start, below.end)
        return Diagnostic(
            "SRV103",
            "error",
            f"{code('$' + ref.name)} is used above its `let`",
            Label(span, "used here"),
            (Label(let, "said here, and must stand above its use"),),
            fixes=(Fix("move the `let` to the top of the file"),),
        )
    near = nearest(ref.name, _names(scope, ref))
    text = f"did you mean {codes(['$' + name for name in near])}?" if near else "no such `let`"
    edits = [Edit(span, f"${name}") for name in near[:1]]
    return Diagnostic(
        "SRV103",
        "error",
        f"{code('$' + ref.name)} stands for nothing",
        Label(span, clipped(text, 60)),
        fixes=tuple(Fix("correct the name", (edit,), len(near) == 1) for edit in edits),
    )


def _names(scope: Scope, ref: Reference) -> list[str]:
    """What may be meant: the lets above, and those of the imported files."""
    names = [name for name, let in scope.let_nodes.items() if let.end <= ref.start]
    for alias, other in scope.imports.items():
        if other is not None:
            names.extend(f"{alias}.{name}" for name in other.let_nodes)
    return names
