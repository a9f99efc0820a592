"""`unset` of nothing.

Checks: something at or under the path was inherited.
Because: an `unset` that removes nothing is a misspelt path, or is left over from a profile that
    changed.
Wrong: unset features.tools
Right: unset precision.kv
Source: language reference, "Statements" and "Resolution order"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span
from servec.dsl.removal import removal
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.tree import Unset


def unset_of_nothing(source: Body, path: str, node: Unset, deployment: Body) -> Diagnostic:
    """`source` is the body that holds the `unset`, of a deployment or a profile it extends."""
    file = source.scope.file
    span = Span(file.path, node.start, node.end)
    labels: list[Label] = []
    own = source.relations.get(path)
    if own:
        bound = next(iter(own.values()))
        labels.append(Label(bound.span, "said in the same body, not inherited"))
    if deployment is not source and deployment.block.label:
        label = deployment.block.label
        at = Span(deployment.scope.file.path, label.start, label.end)
        labels.append(Label(at, "in this deployment"))
    fix = Fix("delete the line", (removal(file, node.start, node.end),))
    title = f"nothing at {code(path)} was inherited, so there is nothing to unset"
    primary = Label(span, "removes nothing")
    return Diagnostic("SRV107", "error", title, primary, tuple(labels), fixes=(fix,))
