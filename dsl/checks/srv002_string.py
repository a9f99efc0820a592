"""String not closed, or bad escape.

Checks: a string ends on the line on which it begins, and a backslash in it is followed by `"`,
    `\\\\`, `n` or `t`.
Because: a string that runs on would swallow the rest of the file, and an unknown escape is more
    often a Windows path or a regular expression than what its author meant.
Wrong: checkpoint { repo = "Qwen/Qwen3-8B }
Right: checkpoint { repo = "Qwen/Qwen3-8B" }
Source: language reference, "Lexical rules"
"""

from __future__ import annotations

import re

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.tree import shown
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.unexpected import Unexpected

_ESCAPE = re.compile(r'\\(?!["\\nt]).?')


def bad_string(here: Unexpected) -> Diagnostic:
    """A string in single quotes, with an escape that does not exist, or without its end."""
    text, span = here.tokens.word(here.at), here.span()
    if text[0] == "'":
        return _single_quotes(text, span)
    escape = _ESCAPE.search(text)
    closed = len(text) > 1 and text[-1] == '"' and not text.endswith('\\"')
    if escape is not None and closed:
        return _bad_escape(escape, span)
    end = span.start + len(text.rstrip())
    opening = Span(span.file, span.start, end)
    return Diagnostic(
        "SRV002",
        "error",
        "the string is not closed on its line",
        Label(opening, 'no closing `"` before the line ends'),
        fixes=(Fix("close the string", (Edit(Span(span.file, end, end), '"'),)),),
    )


def _bad_escape(escape: re.Match[str], span: Span) -> Diagnostic:
    at = Span(span.file, span.start + escape.start(), span.start + escape.end())
    start = Span(span.file, at.start, at.start)
    return Diagnostic(
        "SRV002",
        "error",
        f"{code(shown(escape[0]))} is no escape",
        Label(at, r"escapes are `\"`, `\\`, `\n` and `\t`"),
        fixes=(Fix("write the backslash twice", (Edit(start, "\\"),)),),
    )


def _single_quotes(text: str, span: Span) -> Diagnostic:
    inner = shown(text[1:-1]).replace("\\", "\\\\").replace('"', '\\"')
    return Diagnostic(
        "SRV002",
        "error",
        "strings stand in double quotes",
        Label(span, "single quotes mean nothing here"),
        fixes=(Fix("use double quotes", (Edit(span, f'"{inner}"'),)),),
    )
