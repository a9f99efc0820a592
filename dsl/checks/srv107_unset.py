"""`unset` of nothing.

Checks: something at or under the path was inherited.
Because: an `unset` that removes nothing is a misspelt path, or is left over from a profile that
    changed.
Wrong: unset features.tools
Right: unset precision.kv
Source: language reference, "Statements" and "Resolution order"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.nearest import nearest
from servec.dsl.removal import removal
from servec.dsl.schema.language import blocks, field
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.body import Body
    from servec.dsl.tree import Unset


def unset_of_nothing(
    source: Body, path: str, node: Unset, deployment: Body, known: Iterable[str]
) -> Diagnostic:
    """`source` is the body that holds the `unset`, of a deployment or a profile it extends.

    `known` are the paths of which something is said.
    """
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
    near = (
        ()
        if own or _is_path(path)
        else nearest(path, _with_blocks(known, path[: -len(node.path.text)]))
    )
    text = f"did you mean {codes(near)}?" if near else "removes nothing"
    fixes: tuple[Fix, ...] = (Fix("delete the line", (removal(file, node.start, node.end),)),)
    if near:
        at = Span(file.path, node.path.start, node.path.end)
        name = near[0][len(path) - len(node.path.text) :]
        fixes = (Fix("correct the name", (Edit(at, name),)), *fixes)
    title = f"nothing at {code(path)} was inherited, so there is nothing to unset"
    primary = Label(span, clipped(text, 60))
    return Diagnostic("SRV107", "error", title, primary, tuple(labels), fixes=fixes)


def _is_path(path: str) -> bool:
    """Whether the language has the path, so that it is no slip of the pen."""
    return field("deployment", path) is not None or path in blocks("deployment")


def _with_blocks(known: Iterable[str], inside: str) -> list[str]:
    """The paths and the blocks that hold them, in one block."""
    found: dict[str, None] = {}
    for path in known:
        parts = path.split(".")
        for depth in range(len(parts), 0, -1):
            found[".".join(parts[:depth])] = None
    return [path for path in found if path.startswith(inside)]
