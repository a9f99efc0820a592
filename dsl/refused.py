"""A value that its field refuses, with its places: what the checks SRV110 to SRV114 look at."""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.record import record
from servec.dsl.tree import shown
from servec.dsl.wording import clipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Figure
    from servec.dsl.schema.field import Field
    from servec.dsl.scope import Scope
    from servec.dsl.tree import Value


@record
class Refused:
    """`node` is the value, or the item of a list, that is wrong; `scope` the file that writes it.

    `name` is the field as the author wrote it, `name_span` its place; `used` the place of the
    reference where the value stands in a `let`.
    """

    field: Field
    name: str
    name_span: Span
    node: Value
    scope: Scope
    used: Span | None

    @property
    def span(self) -> Span:
        """The place of the value."""
        return Span(self.scope.file.path, self.node.start, self.node.end)

    @property
    def text(self) -> str:
        """The value as written."""
        return shown(self.scope.file.text[self.node.start : self.node.end])

    def fix(self, title: str, insert: str, safe: bool = False) -> Fix:
        """Write something else for the value."""
        return Fix(title, (Edit(self.span, insert),), safe)

    def finding(
        self,
        code: str,
        title: str,
        text: str,
        fixes: tuple[Fix, ...] = (),
        figures: tuple[Figure, ...] = (),
        beside: tuple[Label, ...] = (),
    ) -> Diagnostic:
        """The diagnostic: points at the value, and at its use where a `let` holds it."""
        use = (Label(self.used, "used here"),) if self.used else ()
        return Diagnostic(
            code,
            "error",
            clipped(title, 100),
            Label(self.span, clipped(text, 60)),
            (*beside, *use),
            figures,
            fixes,
        )
