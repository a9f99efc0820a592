"""Where a parse stopped, and what can be asked about the place."""

from __future__ import annotations

from servec.dsl.diagnostic import Span
from servec.dsl.scan import KEYWORDS
from servec.dsl.tree import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.parser import Parser

RELATIONS = frozenset(("=", "<=", ">="))
STARTS = frozenset(("import", "let", "unset", "assert", "servec"))
GLUE = frozenset(("NUMBER", "UNIT", "WORD", "BAD", *KEYWORDS))


class Unexpected:
    """The token that the grammar could not go on with."""

    def __init__(self, parser: Parser) -> None:
        """Look at the parser's current token."""
        self.parser = parser
        self.tokens = parser.tokens
        self.at = parser.at
        self.row = parser.rows[parser.states[-1]]

    def kind(self, step: int = 0) -> str:
        """The kind of the token `step` further on; END past the end, "" before the start."""
        index = self.at + step
        kinds = self.tokens.kinds
        return "" if index < 0 else kinds[min(index, len(kinds) - 1)]

    def word(self, step: int = 0) -> str:
        """The text of that token, as people read it."""
        index = min(self.at + step, len(self.tokens.kinds) - 1)
        return shown(self.tokens.word(index)) if index >= 0 else ""

    def span(self, step: int = 0, last: int | None = None) -> Span:
        """From the token `step` on to the token `last` on (the same one if None)."""
        top = len(self.tokens.kinds) - 1
        first, end = min(self.at + step, top), min(self.at + (step if last is None else last), top)
        return Span(self.parser.path, self.tokens.starts[first], self.tokens.ends[end])

    def touching(self, step: int = 0) -> bool:
        """Whether no space stands between that token and the one before."""
        index = self.at + step
        return index > 0 and self.tokens.starts[index] == self.tokens.ends[index - 1]

    def is_word(self, step: int = 0) -> bool:
        """Whether that token is a word, reserved ones among them."""
        kind = self.kind(step)
        return kind == "WORD" or kind in KEYWORDS

    def starts_statement(self, step: int = 0) -> bool:
        """Whether a statement seems to begin at that token."""
        kind, after = self.kind(step), self.kind(step + 1)
        if kind in STARTS and (self.is_word(step + 1) or after in ("STRING", "NUMBER")):
            return True
        if not self.is_word(step) and not (kind == "UNIT" and self.word(step).isalpha()):
            return False
        if after in RELATIONS or after in ("{", "BADOP"):
            return True
        return (self.is_word(step + 1) or after == "STRING") and self.kind(step + 2) == "{"

    def run_start(self) -> int:
        """How many tokens before this one it is glued to, by words, numbers and odd characters."""
        step = 0
        while self.touching(step) and self.kind(step - 1) in GLUE:
            step -= 1
        return step

    def run_end(self) -> int:
        """How many tokens after this one are glued to it."""
        step = 0
        while self.touching(step + 1) and self.kind(step + 1) in GLUE:
            step += 1
        return step

    def statement_word(self) -> str:
        """The first word of the statement that holds the token."""
        step = 0
        while self.kind(step - 1) not in ("NL", ";", "{", "}", ""):
            step -= 1
        return self.kind(step)

    def list_open(self) -> bool:
        """Whether the innermost bracket is a list's."""
        opened = self.parser.open
        return bool(opened) and self.tokens.kinds[opened[-1]] == "["

    def opening(self) -> Span:
        """The innermost bracket that is open."""
        token = self.parser.open[-1]
        return Span(self.parser.path, self.tokens.starts[token], self.tokens.ends[token])
