"""What a rule returns and a renderer prints: labels, figures and fixes, never text alone."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Literal

    Severity = Literal["error", "warning", "note"]
    About = Literal["", "experts", "layers", "variable", "field", "parser", "unnamed"]


@record
class Span:
    """A range of a file: path as given, start and end as byte offsets into its UTF-8 text."""

    file: str
    start: int
    end: int


@record
class Label:
    """A place and what is to be said of it: at most 60 characters, no full stop."""

    span: Span
    text: str


@record
class Figure:
    """One number of the proof, and the line of the sum it stands in (printed after `=`).

    `name` and `value` go to JSON; `text` is the printed line, "" where another figure's line has
    the number too. A figure without a number (a sentence of help) has the value None and is left
    out of JSON.
    """

    name: str
    value: Fraction | int | str | None
    text: str


@record
class Edit:
    """Replace the bytes of `span` by `insert`."""

    span: Span
    insert: str


@record
class Fix:
    """What to write instead. `safe`: may be applied unasked (`check --fix`)."""

    title: str
    edits: tuple[Edit, ...] = ()
    safe: bool = False


@record
class Diagnostic:
    """One finding. `title`: one sentence, at most 100 characters, no full stop.

    `doubts`: the paths that an error leaves unknown, if its code alone does not say; `hangs`: what
    it hangs on beside the paths of its code, by the names of `servec.compiler.options.named`. Both
    tell which rules can be judged further. `about`: which of the things that its code stands for,
    where whoever judges it further tells them apart: `experts` or prediction `layers` that the
    model has not, a `variable` that is not read, a `field` of an option, what the `parser` of a
    line takes exception to, a model that is `unnamed`.
    """

    code: str
    severity: Severity
    title: str
    primary: Label
    secondary: tuple[Label, ...] = ()
    figures: tuple[Figure, ...] = ()
    fixes: tuple[Fix, ...] = ()
    deployment: str = ""
    doubts: tuple[str, ...] = ()
    hangs: tuple[str, ...] = ()
    about: About = ""

    @property
    def order(self) -> tuple[str, int, str, int, str]:
        """Sort key: file, offset, code."""
        span = self.primary.span
        return (span.file, span.start, self.code, span.end, self.title)
