"""After a syntax error: repairs what the parser holds, so that it goes on at the next statement.

The error is translated by `servec.dsl.syntax_errors`, which also says which repair goes with it.
What cannot be read as a statement becomes one ERROR token, which the grammar takes for one; a `{`
behind it opens a block whose statements are read as usual.
"""

from __future__ import annotations

from servec.dsl.checks.srv006_bracket import closed_early, guilty
from servec.dsl.limits import MAX_RESTARTS, MAX_SYNTAX_ERRORS
from servec.dsl.unexpected import Unexpected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.parser import Parser

COMPARED = {
    **dict.fromkeys(("==", "!=", ":=", "~=", "~", "->", "\u2248"), "="),
    **dict.fromkeys(("=<", "<", "\u2264"), "<="),
    **dict.fromkeys(("=>", ">", "\u2265"), ">="),
}
"""What other languages and people write for a relation."""


def recover(parser: Parser) -> bool:
    """Report the error at the current token and get past it; false where reading stops."""
    from servec.dsl.syntax_errors import translate

    if len(parser.diagnostics) >= MAX_SYNTAX_ERRORS:
        parser.whole = False
        return False
    here = Unexpected(parser)
    diagnostic, repair = translate(here)
    parser.diagnostics.append(diagnostic)
    repair(here)
    return True


def read_as_string(here: Unexpected) -> None:
    """Take a string that is not well formed for a string, if one may stand here."""
    if "STRING" in here.row:
        here.tokens.kinds[here.at] = "STRING"
    else:
        skip_statement(here)


def read_as_word(here: Unexpected) -> None:
    """Take a number and all that touches it for one word."""
    last = here.at + here.run_end()
    here.tokens.ends[here.at] = here.tokens.ends[last]
    here.tokens.remove(here.at + 1, last + 1)
    here.tokens.kinds[here.at] = "WORD" if "WORD" in here.row else "STRING"


def read_as_relation(here: Unexpected) -> None:
    """Take `==`, `<` or `:` for the relation that was meant, if one may stand here."""
    meant = COMPARED.get(here.word(), "=")
    if meant not in here.row and "=" in here.row:
        meant = "="
    here.tokens.kinds[here.at] = meant


def read_as_semicolon(here: Unexpected) -> None:
    """Take a comma between two statements for the `;` that parts them."""
    here.tokens.kinds[here.at] = ";"


def skip_object(here: Unexpected) -> None:
    """Give up a statement whose value is an object of JSON, to the brace that closes it."""
    from servec.dsl.checks.json_value import closing

    here.tokens.remove(here.at + 1, here.at + closing(here) + 1)
    here.tokens.kinds[here.at] = "BAD"
    skip_statement(here)


def drop_extends(here: Unexpected) -> None:
    """Read a block's head without the `extends name` behind its label."""
    end = here.at
    while here.tokens.kinds[end] not in ("{", "NL", "END"):
        end += 1
    here.tokens.remove(here.at, end)


def drop_dashes(here: Unexpected) -> None:
    """Read what stands behind one or two dashes."""
    here.tokens.remove(here.at, here.at + (2 if here.word(1) == "-" else 1))


def insert_relation(here: Unexpected) -> None:
    """Read on as if `=` stood before the token."""
    here.tokens.insert(here.at, "=")


def skip_pinned(here: Unexpected) -> None:
    """Read the head of a block without the version behind its label."""
    here.tokens.remove(here.at, here.at + here.run_end() + 1)


def skip_line(here: Unexpected) -> None:
    """Read on behind the line, as behind a comment."""
    end = here.at
    while here.tokens.kinds[end] not in ("NL", "END"):
        end += 1
    here.tokens.remove(here.at, end)


def drop_token(here: Unexpected) -> None:
    """Read on as if the token were not there."""
    here.tokens.remove(here.at)


def drop_bracket(here: Unexpected) -> None:
    """Leave out a bracket that closes nothing, or the one by which a block was closed too early."""
    early = closed_early(here)
    if early is not None and here.parser.restarts < MAX_RESTARTS:
        here.tokens.remove(early)
        here.parser.restart()
        return
    here.parser.strays.append(here.tokens.starts[here.at])
    here.tokens.remove(here.at)


def end_statement(here: Unexpected) -> None:
    """Let the second of two statements on one line begin at this token."""
    here.tokens.insert(here.at, ";")


def end_statement_before(here: Unexpected) -> None:
    """The same where its first word was taken for a unit."""
    parser = here.parser
    del parser.states[-1], parser.values[-1]
    parser.at -= 1
    here.tokens.insert(parser.at, ";")


def close_list(here: Unexpected) -> None:
    """Give up a list that was not closed; the statement behind it is read."""
    here.tokens.insert(here.at, "NL")
    skip_statement(here)


def close_blocks(here: Unexpected) -> None:
    """Close a block above the line that seems to follow it, and read anew; else at the end.

    At the end of the file it is not known what belongs to which block.
    """
    parser = here.parser
    _, below = guilty(here)
    if below is not None and not here.list_open() and parser.restarts < MAX_RESTARTS:
        here.tokens.insert(below, ";")
        here.tokens.insert(below, "}")
        parser.restart()
        return
    parser.whole = False
    if "}" not in here.row:
        skip_statement(here)
    end = parser.at
    while here.tokens.kinds[end] != "END":
        end += 1
    for opened in parser.open:
        if here.tokens.kinds[opened] == "{":
            here.tokens.insert(end, "}")


def skip_statement(here: Unexpected) -> None:
    """Put one ERROR for the statement that holds the token, up to where the next may begin."""
    parser, tokens = here.parser, here.tokens
    row = parser.rows[parser.states[-1]]
    complete = tokens.kinds[parser.at - 1] == "}" or row.get(";", 0) > 0
    if complete and ";" in row and "ERROR" not in row:
        tokens.insert(parser.at, ";")
        tokens.insert(parser.at + 1, "ERROR")
        first = parser.at + 1
        in_list = 0
    else:
        start, in_list = _unwind(parser)
        first = parser.at
        tokens.insert(first, "ERROR")
        tokens.starts[first] = min(start, tokens.starts[first])
    end = _statement_end(here, first + 1, in_list)
    tokens.ends[first] = max(tokens.starts[first], tokens.ends[end - 1])
    tokens.remove(first + 1, end)


def _unwind(parser: Parser) -> tuple[int, int]:
    """Drop what was read of the statement; its start, and how many lists it had open."""
    tokens = parser.tokens
    start = tokens.starts[parser.at]
    lists = 0
    while "ERROR" not in parser.rows[parser.states[-1]]:
        parser.states.pop()
        value = parser.values.pop()
        if isinstance(value, int):
            start = tokens.starts[value]
            if parser.open and parser.open[-1] == value:
                parser.open.pop()
                lists += tokens.kinds[value] == "["
        elif hasattr(value, "start"):
            start = value.start
    return start, lists


def _statement_end(here: Unexpected, at: int, lists: int) -> int:
    """The first token from `at` on that may stand behind a statement: line end, `;`, `{`, `}`."""
    kinds = here.tokens.kinds
    while kinds[at] not in ("END", "{", "}"):
        kind = kinds[at]
        if kind == ";" and not lists:
            break
        if kind == "NL" and (not lists or _begins(here, at + 1)):
            break
        lists += (kind == "[") - (kind == "]" and lists > 0)
        at += 1
    return at


def _begins(here: Unexpected, at: int) -> bool:
    return here.starts_statement(at - here.at)
