"""Cycle of imports or of profiles.

Checks: no file imports itself, directly or through others, and no profile extends itself.
Because: what a name stands for would have no beginning.
Wrong: import "example.srv" as me
Right: import "profiles.srv" as house
Source: language reference, "Statements" and "Resolution order"
"""

from __future__ import annotations

from itertools import pairwise

from servec.dsl.diagnostic import Diagnostic, Figure, Label, Span
from servec.dsl.record import replace
from servec.dsl.sources import normal, parent
from servec.dsl.tree import Import
from servec.dsl.wording import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.tree import File


def import_cycle(files: list[File], node: Import) -> Diagnostic:
    """The last of `files` imports the first by `node`."""
    names = [file.path for file in files] + [files[0].path]
    labels = []
    for file, after in pairwise(files):
        link = _link(file, after.path)
        if link is not None:
            span = Span(file.path, link.start, link.end)
            labels.append(Label(span, clipped(f"imports {after.path.rpartition('/')[2]}", 60)))
    span = Span(files[-1].path, node.start, node.end)
    what = "the file imports itself" if len(files) == 1 else "the imports form a cycle"
    found = _finding(what, span, [name.rpartition("/")[2] for name in names], tuple(labels[:3]))
    return replace(found, figures=(Figure("cycle", None, clipped(" -> ".join(names), 400)),))


def _link(file: File, target: str) -> Import | None:
    folder = parent(file.path)
    for node in file.statements:
        if type(node) is Import:
            path = f"{folder}/{node.path.text}" if folder else node.path.text
            if normal(path) == normal(target):
                return node
    return None


def extends_cycle(bodies: list[Body]) -> Diagnostic:
    """Each of `bodies` extends the next, and the last of them the first."""
    names = [body.block.label.text if body.block.label else "" for body in bodies]
    labels = []
    for body, wanted in zip(bodies, [*names[1:], names[0]], strict=True):
        for text, start, end in body.extends:
            if wanted in (text, text.partition(".")[2]):
                span = Span(body.scope.file.path, start, end)
                labels.append(Label(span, clipped(f"extends {wanted}", 60)))
                break
    what = "the profile extends itself" if len(bodies) == 1 else "the profiles form a cycle"
    return _finding(what, labels[-1].span, [*names, names[0]], tuple(labels[:-1][:3]))


def _finding(what: str, span: Span, names: list[str], labels: tuple[Label, ...]) -> Diagnostic:
    chain = " -> ".join(names)
    return Diagnostic(
        "SRV105",
        "error",
        clipped(f"{what}: {chain}", 100),
        Label(span, "closes the cycle"),
        labels,
        (Figure("cycle", None, clipped(chain, 400)),),
    )
