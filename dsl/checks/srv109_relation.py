"""Relation that the field does not accept.

Checks: a field is related to its value by one of the signs it accepts.
Because: a promise is a bound (`<=` or `>=`), never an exact figure; and most other fields cannot
    be left between two values.
Wrong: slo { ttft.p95 = 400ms }
Right: slo { ttft.p95 <= 400ms }
Source: language reference, "Blocks and fields", the names marked with bounds
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.wording import code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.reader import Reader
    from servec.dsl.schema.field import Field
    from servec.dsl.tree import Relation


def relation_refused(reader: Reader, node: Relation, field: Field) -> Diagnostic:
    """The field accepts other relations."""
    return _finding(reader, node, field.path, field.ops)


def only_pins(reader: Reader, node: Relation) -> Diagnostic:
    """A native option or template argument, which is a value and no bound."""
    return _finding(reader, node, node.name, ("=",))


def _finding(reader: Reader, node: Relation, path: str, ops: tuple[str, ...]) -> Diagnostic:
    start = reader.text.index(node.op, node.start + len(node.name))
    span = Span(reader.path, start, start + len(node.op))
    meant = ops[0]
    fix = Fix(f"write {code(meant)}", (Edit(span, meant),))
    return Diagnostic(
        "SRV109",
        "error",
        f"{code(path)} does not accept {code(node.op)}",
        Label(span, f"accepts {codes(ops, 'and')}"),
        fixes=(fix,),
    )
