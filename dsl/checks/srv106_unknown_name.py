"""Unknown profile or deployment.

Checks: `extends` names profiles, and `place` a deployment, of this file or as `alias.name` of an
    imported one.
Because: what is not found cannot be merged or placed.
Wrong: profile "agentic" { extends = [bace] }
Right: profile "agentic" { extends = [base] }
Source: language reference, "Statements", "deployment" and "fleet"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.limits import MAX_BODIES
from servec.dsl.nearest import nearest
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.scope import Scope
    from servec.dsl.tree import Text, Word


def unknown_profile(scope: Scope, name: tuple[str, int, int]) -> Diagnostic:
    """A name in `extends` that is no profile."""
    text, start, end = name
    if scope.block("deployments", text):
        span = Span(scope.file.path, start, end)
        title = f"{code(text)} is a deployment, and only profiles are extended"
        return Diagnostic("SRV106", "error", title, Label(span, "no profile"))
    names = list(scope.profiles)
    for alias, other in scope.imports.items():
        names.extend(f"{alias}.{profile}" for profile in (other.profiles if other else ()))
    return _unknown("profile", scope, text, (start, end), names)


def too_many_profiles(body: Body) -> Diagnostic:
    """More profiles behind one deployment than are merged."""
    label = body.block.label
    assert label is not None
    span = Span(body.scope.file.path, label.start, label.end)
    title = f"{code(label.text)} extends more than {MAX_BODIES} profiles"
    return Diagnostic("SRV106", "error", title, Label(span, "too many to merge"))


def unknown_deployment(scope: Scope, label: Word | Text) -> Diagnostic:
    """A `place` of a deployment that does not exist."""
    names = list(scope.deployments)
    for alias, other in scope.imports.items():
        names.extend(f"{alias}.{name}" for name in (other.deployments if other else ()))
    return _unknown("deployment", scope, label.text, (label.start, label.end), names)


def _unknown(
    kind: str, scope: Scope, name: str, place: tuple[int, int], names: list[str]
) -> Diagnostic:
    span = Span(scope.file.path, *place)
    near = nearest(name, names) or tuple(n for n in names if n.endswith("." + name))
    text = f"did you mean {codes(near)}?" if near else f"no {kind} of that name"
    fixes = tuple(Fix("correct the name", (Edit(span, n),), len(near) == 1) for n in near[:1])
    return Diagnostic(
        "SRV106",
        "error",
        f"there is no {kind} {code(name)}",
        Label(span, clipped(text, 60)),
        fixes=fixes,
    )
