"""`assert path op value else "why"`: typed by what its path has, judged after planning."""

from __future__ import annotations

from servec.dsl.free import free_value
from servec.dsl.schema.language import field
from servec.dsl.spec import Assert
from servec.dsl.tree import shown
from servec.dsl.values import read_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl import tree
    from servec.dsl.reader import Reader
    from servec.dsl.schema.field import Field


def assert_field(path: str, fleet: bool = False) -> Field | None:
    """The field that types an assert on `path`: predicted, of a role, or of the body itself.

    In a fleet, paths are those of the fleet and `predicted`.
    """
    if path.startswith("predicted."):
        return field("predicted", path)
    parts = path.split(".")
    if parts[0] == "role" and len(parts) > 2:
        rest = ".".join(parts[2:])
        return field("predicted" if parts[2] == "predicted" else "deployment", rest)
    return field("fleet" if fleet else "deployment", path)


def read_assert(reader: Reader, node: tree.Assert) -> None:
    """Add the assert to the body, unless its value does not fit its path."""
    path = node.path.text
    found = reader.follow(node.value)
    if found is None:
        return
    known = assert_field(path, reader.place == "fleet")
    value = read_value(found[0], known) if known else free_value(found[0])
    if value is None:
        from servec.dsl.refusal import free_refusal, refusal

        if known:
            start, name = node.path.start, path
            reader.report(refusal(reader, node.value, found, known, start, name))
        else:
            reader.report(free_refusal(reader, node.value, found, path))
        return
    written, scope = found
    reader.body.asserts.append(
        Assert(
            path,
            node.op,
            value,
            shown(scope.file.text[written.start : written.end]),
            node.why.text,
            reader.span(node.start, node.end),
            reader.span(node.path.start, node.path.end),
            reader.role,
        )
    )
