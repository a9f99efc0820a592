"""An assert names a path that does not exist.

Checks: the path of an assert is a field of the language, `predicted.…` or `role.NAME.…`.
Because: an assert on a misspelt path would never be judged and never fail.
Wrong: assert paralel.tensor = 8 else "one replica for each host"
Right: assert parallel.tensor = 8 else "one replica for each host"
Source: language reference, statements
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Assert


def diagnose(line: Assert) -> Diagnostic:
    """The finding on an assert, with the paths that are nearest in spelling."""
    from servec.dsl.nearest import nearest
    from servec.dsl.schema.language import fields

    prefix, path = "", line.path
    if path.startswith("role.") and path.count(".") > 1:
        prefix, path = path[: path.index(".", 5) + 1], path.split(".", 2)[2]
    names = [found.path for place in ("deployment", "predicted") for found in fields(place)]
    near = [prefix + name for name in nearest(path, names)]
    fixes: tuple[Fix, ...] = (Fix("name a field of the language, `predicted.…` or `role.NAME.…`"),)
    if near:
        fixes = (Fix(f"write `{near[0]}`", (Edit(line.path_span, near[0]),), safe=len(near) == 1),)
    shown = ", ".join(near) if near else "none is spelt like it"
    return Diagnostic(
        "SRV119",
        "error",
        f"assert names `{line.path}`, which does not exist"[:100],
        Label(line.path_span, "not a path of the language"),
        (),
        (Figure("nearest", None, f"nearest: {shown}"),),
        fixes,
    )
