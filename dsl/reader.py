"""What reading one body needs at hand: names, the schema scope, and where findings go."""

from __future__ import annotations

from servec.dsl.diagnostic import Span
from servec.dsl.spec import Bound
from servec.dsl.tree import Reference, shown
from servec.dsl.values import read_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl import spec
    from servec.dsl.body import Body
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.program import Program
    from servec.dsl.schema.field import Field
    from servec.dsl.schema.language import Place
    from servec.dsl.scope import Scope
    from servec.dsl.tree import Relation, Value


class Reader:
    """The context of one body. `place` is its schema scope; `role` the role it is of, or ""."""

    __slots__ = ("body", "path", "place", "program", "role", "scope", "text")

    def __init__(self, body: Body, place: Place, role: str, program: Program) -> None:
        """Read into `body`; findings go to `program`."""
        self.body = body
        self.scope: Scope = body.scope
        self.place: Place = place
        self.role = role
        self.program = program
        self.path = body.scope.file.path
        self.text = body.scope.file.text

    def report(self, diagnostic: Diagnostic, doubts: Iterable[str] = ()) -> None:
        """Pass a finding on; an error leaves the body broken, and the paths `doubts` unknown."""
        if diagnostic.severity == "error":
            self.body.broken = True
            self.body.doubts.update(doubts)
        self.program.report(diagnostic)

    def span(self, start: int, end: int) -> Span:
        """A place in the file that is read."""
        return Span(self.path, start, end)

    def follow(self, node: Value) -> tuple[Value, Scope] | None:
        """The value itself, or what a reference stands for; None (and SRV103) for nothing."""
        if type(node) is not Reference:
            return node, self.scope
        found = self.scope.find(node, self.report)
        if found is None:
            self.body.broken = True
        return found

    def bound(self, node: Relation, field: Field, path: str = "") -> Bound | None:
        """The relation typed by its field; None, and a finding, where the field refuses it.

        `path` is what is then in doubt, if that is not the field's own.
        """
        bound = None if self.is_guessed(node.value) else self._bound(node, field)
        if bound is None:
            self.body.broken = True
            self.body.doubts.add(path or field.path)
        return bound

    def is_guessed(self, node: Value) -> bool:
        """Whether a value holds a syntax error: what the recovery read is not what was meant."""
        found = self.scope.file.diagnostics
        return bool(found) and any(
            node.start <= item.primary.span.start < node.end for item in found
        )

    def _bound(self, node: Relation, field: Field) -> Bound | None:
        if node.op not in field.ops:
            if self.is_written(node):
                from servec.dsl.checks.srv109_relation import relation_refused

                self.report(relation_refused(self, node, field))
            return None
        found = self.follow(node.value)
        if found is None:
            return None
        value = read_value(found[0], field)
        if value is None:
            from servec.dsl.refusal import refusal

            self.report(refusal(self, node.value, found, field, node.start, node.name))
            return None
        return self.made(node, value, found)

    def is_written(self, node: Relation) -> bool:
        """Whether the sign stands in the file, and was not put for one that does not exist."""
        between = self.text[node.start + len(node.name) : node.value.start]
        return between.strip() == node.op

    def made(self, node: Relation, value: spec.Value, found: tuple[Value, Scope]) -> Bound:
        """The bound of a relation, with the place of each of its parts."""
        written, scope = found
        path, start, raw = self.path, node.start, node.value
        return Bound(
            node.op,
            value,
            shown(scope.file.text[written.start : written.end]),
            Span(path, start, node.end),
            Span(path, start, start + len(node.name)),
            Span(path, raw.start, raw.end),
            None if written is raw else Span(scope.file.path, written.start, written.end),
        )
