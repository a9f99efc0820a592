"""Bracket not closed, or one too many.

Checks: every `{` and `[` is closed by its own kind, and nothing else is.
Because: a missing brace changes the block that every later line belongs to, so nothing behind it
    can be judged.
Wrong: features { modalities = [text, image }
Right: features { modalities = [text, image] }
Source: language reference, "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.unexpected import Unexpected


def open_at_end(here: Unexpected) -> Diagnostic:
    """The file ends inside a block or a list."""
    if here.list_open():
        return list_not_closed(here)
    opened, below = guilty(here)
    opening = _span(here, opened)
    line = None if below is None else here.tokens.starts[below]
    end = len(here.tokens.text.rstrip())
    fixes: tuple[Fix, ...] = ()
    if len(here.parser.open) == 1:
        fixes = (Fix("close the block", (_closing(here, opening, line, end),)),)
    return Diagnostic(
        "SRV006",
        "error",
        "the file ends inside a block",
        Label(Span(opening.file, end, end), "`}` expected before the end of the file"),
        (Label(opening, "this `{` is not closed"),),
        fixes=fixes,
    )


def _closing(here: Unexpected, opening: Span, below: int | None, end: int) -> Edit:
    """A `}` above the line that seems to follow the block, else at the end of the file."""
    text = here.tokens.text
    indent = " " * _indent(text, opening.start)
    if below is None:
        return Edit(Span(opening.file, end, end), f"\n{indent}}}")
    start = text.rfind("\n", 0, below) + 1
    return Edit(Span(opening.file, start, start), f"{indent}}}\n")


def list_not_closed(here: Unexpected) -> Diagnostic:
    """`}`, a new statement or the end of the file stands inside a list."""
    opening = here.opening()
    what = {"}": "the block ends", "END": "the file ends"}.get(here.kind(), "a statement begins")
    before = here.at - 1
    while here.tokens.kinds[before] in ("NL", ","):
        before -= 1
    at = here.tokens.ends[before]
    end = here.tokens.ends[here.at - 1] if here.kind(-1) == "," else at
    edit = Edit(Span(opening.file, at, end), "]")
    primary = here.span() if here.kind() != "END" else Span(opening.file, at, at)
    return Diagnostic(
        "SRV006",
        "error",
        f"{what} inside a list",
        Label(primary, "`]` expected before this"),
        (Label(opening, "this `[` is not closed"),),
        fixes=(Fix("close the list", (edit,)),),
    )


def closes_nothing(here: Unexpected) -> Diagnostic:
    """`}` or `]` without its opening bracket."""
    bracket = here.kind()
    opened = "{" if bracket == "}" else "["
    early = closed_early(here) if bracket == "}" else None
    span, title = here.span(), "delete it"
    labels: tuple[Label, ...] = ()
    if early is not None:
        span, title = _span(here, early), "delete the one before that line"
        labels = (Label(span, "the line below is deeper than its block"),)
    return Diagnostic(
        "SRV006",
        "error",
        f"`{bracket}` closes nothing",
        Label(here.span(), f"no `{opened}` is open here"),
        labels,
        fixes=(Fix(title, (Edit(span, ""),)),),
    )


def closed_early(here: Unexpected) -> int | None:
    """The `}` behind which a line stands deeper than the statements of the block it is then in.

    A token, None where the indentation tells nothing.
    """
    tokens = here.tokens
    depths: list[int | None] = [None]
    last: int | None = None
    lists = 0
    for index in range(here.at):
        kind = tokens.kinds[index]
        begins = index > 0 and tokens.kinds[index - 1] == "NL" and not lists
        if begins and kind not in ("}", "NL"):
            depth = _indent(tokens.text, tokens.starts[index])
            first = depths[-1]
            if first is None:
                depths[-1] = depth
            elif depth > first and last is not None:
                return last
        lists += (kind == "[") - (kind == "]" and lists > 0)
        if kind == "{":
            depths.append(None)
        elif kind == "}" and len(depths) > 1:
            depths.pop()
            last = index
    return None


def guilty(here: Unexpected) -> tuple[int, int | None]:
    """The open `{` whose block is followed by a line that is not indented deeper, and that line.

    Both are tokens. People indent: the first such block is most likely the one whose `}` is
    missing. Blocks closed since then do not count. Else the innermost open one.
    """
    tokens = here.tokens
    seen: list[int] = []
    for index, kind in enumerate(tokens.kinds):
        if seen and kind not in ("END", "}") and tokens.kinds[index - 1] == "NL":
            start = tokens.starts[seen[-1]]
            if _indent(tokens.text, tokens.starts[index]) <= _indent(tokens.text, start):
                return seen[-1], index
        if kind == "{":
            seen.append(index)
        elif kind == "}" and seen:
            seen.pop()
    return here.parser.open[-1], None


def _span(here: Unexpected, token: int) -> Span:
    return Span(here.parser.path, here.tokens.starts[token], here.tokens.ends[token])


def _indent(text: str, at: int) -> int:
    """How far the line that holds `at` is indented."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:at]
    return len(line) - len(line.lstrip(" \t"))
