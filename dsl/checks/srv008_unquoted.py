"""Version, date or name that begins with a digit, without quotes.

Checks: a word begins with a letter or `_`; what begins with a digit is a number and at most one
    unit.
Because: `0.33.0` and `70b-chat` would be cut into numbers, units and odd characters. In quotes
    they are one string.
Wrong: on vllm { version = 0.33.0 }
Right: on vllm { version = "0.33.0" }
Source: language reference, "Lexical rules"
"""

from __future__ import annotations

import re

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.tree import shown
from servec.dsl.unexpected import GLUE
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.unexpected import Unexpected

_COUNT = re.compile(r"(\d+)x([A-Za-z][A-Za-z0-9_.-]*)")
_RATE = re.compile(r"(\d+(?:\.\d+)?)/(?:s|sec|second)")
_GROUPED = re.compile(r"-?\d+([_,]\d+)+")


def is_glued(here: Unexpected) -> bool:
    """Whether the token touches a number that stands before it, directly or through others."""
    if not here.touching():
        return False
    if here.kind() == ",":
        return here.kind(-1) == here.kind(1) == "NUMBER" and _is_grouped(here)
    start = here.run_start()
    return here.kind() in GLUE and start < 0 and here.kind(start) == "NUMBER"


def _is_grouped(here: Unexpected) -> bool:
    """`1,000` where no list is open."""
    return here.touching(1) and len(here.word(1)) == 3 and not here.list_open()


def is_version(here: Unexpected) -> bool:
    """Whether a sign between digits belongs to a version or a date: `2025-01-31`, `0.5.3+cu12`."""
    if not is_glued(here):
        return False
    text = _run(here)[:200]
    return bool(re.fullmatch(r"\d+(\.\d+)*-\d+(-.*)|.*\.\d+\..*|.*[A-Za-z].*", text))


def _span(here: Unexpected) -> Span:
    if here.kind() != ",":
        return here.span(here.run_start(), here.run_end())
    last = 1
    while (
        here.kind(last + 1) == "," and here.kind(last + 2) == "NUMBER" and here.touching(last + 2)
    ):
        last += 2
    return here.span(-1, last)


def _run(here: Unexpected) -> str:
    span = _span(here)
    return shown(here.tokens.text[span.start : span.end])


def unquoted(here: Unexpected) -> Diagnostic:
    """A run of characters that begins with a digit and is no number."""
    span, text = _span(here), _run(here)
    count = _COUNT.fullmatch(text)
    if count is not None:
        return _other(span, text, f"{count[2]} x {count[1]}", "a count")
    rate = _RATE.fullmatch(text)
    if rate is not None:
        return _other(span, text, f"{rate[1]} req/s", "a rate")
    grouped = _GROUPED.fullmatch(text) is not None
    written = re.sub("[_,]", "", text) if grouped else f'"{text}"'
    title = "write the digits in one" if grouped else "quote what begins with a digit"
    return Diagnostic(
        "SRV008",
        "error",
        f"{code(text)} begins with a digit and is no number",
        Label(span, "digits are not grouped" if grouped else "a string needs quotes"),
        fixes=(Fix(title, (Edit(span, written),)),),
    )


def _other(span: Span, text: str, written: str, what: str) -> Diagnostic:
    """`8xh100`, `10/s`: what is written otherwise."""
    return Diagnostic(
        "SRV008",
        "error",
        f"{code(text)} begins with a digit and is no number",
        Label(span, f"{what} is written {code(written)}"),
        fixes=(Fix(f"write it as {what}", (Edit(span, written),)),),
    )
