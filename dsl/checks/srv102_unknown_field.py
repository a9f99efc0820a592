"""Unknown field.

Checks: every name in a block is a field that the block has.
Because: a misspelt field would be dropped, and what its author asked for would not hold.
Wrong: precision { wieghts = fp8 }
Right: precision { weights = fp8 }
Source: language reference, "Blocks and fields"
"""

from __future__ import annotations

from servec.dsl.checks.other_names import portable as portable_name
from servec.dsl.checks.srv101_unknown_block import holder
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label
from servec.dsl.nearest import nearest
from servec.dsl.schema.language import blocks, field, fields
from servec.dsl.values import read_value
from servec.dsl.wording import clipped, code, codes, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.reader import Reader
    from servec.dsl.tree import Relation


MAIN = (".p95", ".weights", ".tensor", ".context", ".kind")
"""What the name of a block alone is most often meant for: a promise of latency for the slowest in
twenty, a precision of the weights, a split of every layer."""
COUNTED = "hardware"
SECRET = "api.key_env"
NEVER_NATIVE = ("workload.", "slo.", "hardware", "replicas", "target")
"""What no runtime has an option for: it is promised, or counted, or where a launch runs."""
OUTSIDE = Fix("write it in the deployment, outside of this block")


def meant(reader: Reader, name: str, here: str) -> tuple[str, ...]:
    """The paths that a name which the block `here` does not have may stand for."""
    near, others, portable = _near(reader, name, here)
    if near:
        return tuple(here + each for each in near)
    if others or portable:
        return tuple(others) or (portable,)
    last = name.rpartition(".")[2]
    if last != name:
        return tuple(f.path for f in fields(reader.place) if f.path.endswith("." + last))
    return (here + "*",)


def _near(reader: Reader, name: str, here: str) -> tuple[tuple[str, ...], list[str], str]:
    """Fields of the block near to a name, those of other blocks that have it, and the field that
    a runtime calls so."""
    paths = [f.path for f in fields(reader.place) if f.role or not reader.role]
    near = nearest(name, [p.removeprefix(here) for p in paths if p.startswith(here)])
    others = [p for p in paths if p.endswith("." + name)]
    return near, others, "" if near or others else portable_name(name, paths)


def unknown_field(reader: Reader, node: Relation, path: str) -> tuple[Diagnostic, tuple[str, ...]]:
    """A name that its block does not have, and the paths that it may stand for.

    `path` is its place and name.
    """
    here = path[: len(path) - len(node.name)]
    if path in blocks(reader.place) or (reader.role and field("deployment", path)):
        return _unknown(reader, node, path), (path,)
    return _unknown(reader, node, path), meant(reader, node.name, here)


def _unknown(reader: Reader, node: Relation, path: str) -> Diagnostic:
    span = reader.span(node.start, node.start + len(node.name))
    here = path[: len(path) - len(node.name)]
    if reader.role and field("deployment", path):
        title = f"{code(path)} is said in the deployment, not in a role"
        return _finding(title, span, "both roles share it")
    paths = [f.path for f in fields(reader.place) if f.role or not reader.role]
    if path in blocks(reader.place):
        return _block(reader, node, path, span)
    own = [p.removeprefix(here) for p in paths if p.startswith(here)]
    near, others, portable = _near(reader, node.name, here)
    title = f"{holder(reader, here)} has no field {code(node.name)}"
    if others and not near:
        return _elsewhere(title, span, here, others)
    if here and node.name in paths and not near:
        return _finding(title, span, "a field of the deployment", (), (OUTSIDE,))
    if portable:
        return _native(title, span, portable, here)
    one = path.removesuffix("s")
    if one in blocks(reader.place) and not near:
        written = code(f'{one.removeprefix(here)} "name" {{ ... }}')
        return _finding(title, span, f"a block for each: {written}")
    text = f"did you mean {codes(near)}?" if near else "unknown"
    figures: tuple[Figure, ...] = ()
    if others:
        figures = (Figure("also", None, f"also a field: {codes(others)}"),)
    elif not near and own:
        names = [name for name in own if "." not in name] or own
        figures = (Figure("fields", None, clipped(f"fields here: {', '.join(names)}", 240)),)
    fixes = tuple(Fix("correct the name", (Edit(span, n),), len(near) == 1) for n in near[:1])
    return _finding(title, span, clipped(text, 60), figures, fixes)


def _elsewhere(title: str, span: Span, here: str, others: list[str]) -> Diagnostic:
    """The name is a field of other blocks."""
    owners = [other.rpartition(".")[0] for other in others]
    names = listed([code(owner) for owner in owners]) if len(owners) < 3 else "several blocks"
    text = clipped(f"a field of {names}", 60)
    if here or len(others) > 1:
        fix = Fix(f"write it in {listed([code(owner) for owner in owners])}")
    else:
        fix = Fix(f"write it as {code(others[0])}", (Edit(span, others[0]),), True)
    return _finding(title, span, text, (), (fix,))


def _native(title: str, span: Span, meant: str, here: str) -> Diagnostic:
    """A runtime's name for what the language has a field of its own."""
    alone = meant.startswith(NEVER_NATIVE)
    fix = Fix(f"say it as {code(meant)}" + ("" if alone else ", or under `on` for one runtime"))
    if meant == SECRET:  # the value is the key itself, which a spec never holds
        fix = Fix(f'name the variable that holds it: `{SECRET} = "API_KEY"`')
    elif meant == COUNTED:
        fix = Fix("say kind and number in one, as in `hardware = h100 x 8`")
    elif meant.startswith(here):
        fix = Fix(fix.title, (Edit(span, meant.removeprefix(here)),))
    return _finding(title, span, clipped(f"another name for {code(meant)}", 60), (), (fix,))


def _block(reader: Reader, node: Relation, path: str, span: Span) -> Diagnostic:
    """A block's name with a value: one of its fields that takes the value may be meant."""
    inside = [f for f in fields(reader.place) if f.path.startswith(path + ".")]
    name, figures, fixes = node.name, tuple[Figure, ...](), tuple[Fix, ...]()
    if inside:
        names = ", ".join(name + f.path.removeprefix(path) for f in inside[:8])
        figures = (Figure("fields", None, clipped(f"its fields: {names}", 240)),)
    able = [f for f in inside if read_value(node.value, f) is not None]
    meant = next((f for f in able if f.path.endswith(MAIN)), able[0] if len(able) == 1 else None)
    if meant is not None:
        written = name + meant.path.removeprefix(path)
        fixes = (Fix(f"say it as {code(written)}", (Edit(span, written),)),)
    title = f"{code(name)} is a block, not a field"
    head = f'{name} "name"' if blocks(reader.place)[path].get("label") else name
    return _finding(title, span, clipped(f"written {code(head + ' { ... }')}", 60), figures, fixes)


def _finding(
    title: str,
    span: Span,
    text: str,
    figures: tuple[Figure, ...] = (),
    fixes: tuple[Fix, ...] = (),
) -> Diagnostic:
    return Diagnostic("SRV102", "error", title, Label(span, text), (), figures, fixes)
