"""Unexpected token, character or size.

Checks: the file is UTF-8 without control characters, within the bounds on size and depth, and
    every statement has one of the forms of the language.
Because: what cannot be read as a statement cannot be judged; the rest of the file still is.
Wrong: precision { weights: fp8 }
Right: precision { weights = fp8 }
Source: language reference, "Lexical rules" and "Statements"
"""

from __future__ import annotations

import re

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.limits import MAX_BYTES, MAX_DEPTH, MAX_STATEMENTS, MAX_TOKENS
from servec.dsl.tree import shown
from servec.dsl.unexpected import RELATIONS, STARTS
from servec.dsl.wording import code, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.scan import Tokens
    from servec.dsl.unexpected import Unexpected

_TYPOGRAPHIC = re.compile('[\u201c\u201e\u201d]([^"\u201c\u201d\\\\]*)[\u201c\u201d]')
NAMES = {"NL": "the end of the line", "END": "the end of the file"}


def finding(title: str, span: Span, text: str, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    """One finding of this code."""
    return Diagnostic("SRV009", "error", title, Label(span, text), fixes=fixes)


def unexpected(here: Unexpected) -> Diagnostic:
    """Any token that no other rule explains."""
    kind = here.kind()
    what = NAMES.get(kind) or code(here.word())
    expected = _expected(here)
    if here.row.keys() == {"{"} and here.is_word(-1) and kind != "{":
        return _relation_missing(here, what)
    if kind in ("NL", ";", "}", "END") and {"=", "<="} <= here.row.keys() and here.is_word(-1):
        return _no_value(here)
    if kind in STARTS and "ERROR" in here.row:
        return finding(f"{what} begins no statement of this form", here.span(), "a reserved word")
    if kind in RELATIONS and here.kind(-1) in STARTS:
        name = code(here.word(-1))
        return finding(f"{name} is reserved and names no field", here.span(-1), "a reserved word")
    if here.word() == "(" and here.is_word(-1):
        return finding(f"{what} is not expected here", _place(here), "a list stands in `[ ]`")
    return finding(f"{what} is not expected here", _place(here), f"expected {expected}")


def _place(here: Unexpected) -> Span:
    """The token; at the end of a line or file the place right behind what was read."""
    if here.kind() in ("NL", "END") and here.at:
        end = here.span(-1).end
        return Span(here.parser.path, end, end)
    return here.span()


def _relation_missing(here: Unexpected, what: str) -> Diagnostic:
    """`model qwen3-8b`: two words and nothing between."""
    gap = Span(here.parser.path, here.span(-2).end, here.span(-1).start)
    return finding(
        f"{what} is not expected here",
        _place(here),
        "expected `=` between the words, or `{`",
        (Fix("write `=` between the two", (Edit(gap, " = "),)),),
    )


def _no_value(here: Unexpected) -> Diagnostic:
    """`enable-prefix-caching` alone, as switches stand on a command line."""
    end = here.span(-1).end
    fix = Fix("switch it on", (Edit(Span(here.parser.path, end, end), " = true"),))
    text = "expected `=` and a value behind it"
    return finding(f"{code(here.word(-1))} has no value", here.span(-1), text, (fix,))


def _expected(here: Unexpected) -> str:
    """What was acceptable, in words."""
    row = here.row
    found = [
        words
        for words, kinds in (
            ("a value", {"NUMBER"}),
            ("a label", {"STRING"} if "NUMBER" not in row else set()),
            ("a relation (`=`, `<=` or `>=`)", RELATIONS & {"<="}),
            ("a statement", {"ERROR"}),
            ("`,`", {","} if here.list_open() else set()),
            ("`{`", {"{"}),
            ('`else "why"`', {"else"} if here.statement_word() == "assert" else set()),
            ("`as name`", {"as"}),
            ("the end of the line", set() if here.list_open() else {";"}),
        )
        if not kinds.isdisjoint(row)
    ]
    if "STRING" in row and "NUMBER" not in row and "WORD" not in row:
        found = ["a string"]
    elif "WORD" in row and "NUMBER" not in row and "ERROR" not in row:
        found = ["a name", *found[1:]] if "{" not in row else found
    elif "NUMBER" in row and "WORD" not in row:
        found = ["a number"]
    elif row.keys() == {"="} or ("=" in row and "<=" not in row):
        found = ["`=`"]
    if "ERROR" in row:
        found = ["a statement"]
    return listed(found[:3]) or "nothing more"


def path_unquoted(here: Unexpected) -> Diagnostic:
    """A repository id, path or address without quotes."""
    first, last = here.run_start(), here.run_end()
    span = here.span(first, last)
    text = here.tokens.text[span.start : span.end]
    return finding(
        f"{code(text)} is no word",
        span,
        "a path or repository id is a string",
        (Fix("quote it", (Edit(span, f'"{text}"'),)),),
    )


def not_ascii(here: Unexpected) -> Diagnostic:
    """A character outside ASCII where no string is: a quotation mark of a word processor, or é."""
    text, span = here.tokens.text, here.span()
    end = text.find("\n", span.start)
    rest = shown(text[span.start : end if end >= 0 else len(text)])
    quoted = _TYPOGRAPHIC.match(rest)
    if quoted:
        span = Span(span.file, span.start, span.start + len(quoted[0].encode()))
        fix = Fix("use straight quotes", (Edit(span, f'"{quoted[1]}"'),))
        return finding(
            "strings stand in straight double quotes", span, "typographic quotes", (fix,)
        )
    first, last = here.run_start(), here.run_end()
    run = here.span(first, last)
    word = shown(text[run.start : run.end])
    edit = Edit(run, f'"{word}"')
    fixes = (Fix("quote it", (edit,)),) if word.isprintable() and '"' not in word else ()
    return finding(
        f"{code(here.word())} stands outside a string",
        here.span(),
        "only ASCII outside strings and comments",
        fixes,
    )


def utf_16(path: str) -> Diagnostic:
    """The byte order mark of UTF-16."""
    return finding("the file is UTF-16, and a spec is UTF-8", Span(path, 0, 2), "save it as UTF-8")


def bad_bytes(path: str, at: int, text: str) -> Diagnostic:
    """A byte that is no UTF-8, or a control character."""
    return finding(text, Span(path, at, at + 1), "not allowed in a spec")


def file_too_large(path: str, size: int) -> Diagnostic:
    """More bytes than are read."""
    title = f"the file has {size} bytes, and at most {MAX_BYTES} are read"
    return finding(title, Span(path, 0, 0), "too large for a spec")


def too_many(path: str, tokens: Tokens) -> Diagnostic:
    """More tokens or statements than are read."""
    title = f"the file has more than {MAX_STATEMENTS} statements"
    if tokens.full:
        title = f"the file has more than {MAX_TOKENS} words, numbers and signs"
    return finding(title, Span(path, tokens.starts[0], tokens.ends[0]), "too many for a spec")


def name_too_deep(span: Span) -> Diagnostic:
    """A dotted name of more parts than blocks may nest."""
    return finding(f"the name has more than {MAX_DEPTH} parts", span, "nested too deep")


def nested_too_deep(path: str, tokens: Tokens, at: int) -> Diagnostic:
    """More brackets inside each other than are read."""
    title = f"brackets stand more than {MAX_DEPTH} deep inside each other"
    return finding(title, Span(path, tokens.starts[at], tokens.ends[at]), "nested too deep")
