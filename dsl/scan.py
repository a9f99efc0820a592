"""The lexer: one compiled expression over a file, byte offsets kept.

The text holds one character for each byte (the bytes read as latin-1), so an offset into it is an
offset into the file. Outside strings and comments the language is ASCII; what a string holds is
decoded when the tree is built.
"""

from __future__ import annotations

import re
from itertools import islice

from servec.dsl.limits import MAX_TOKENS

KEYWORDS = frozenset(("servec", "import", "let", "unset", "assert", "as", "else", "x"))

_TOKEN = re.compile(
    r"[ \t]*+(?:"
    r"(?P<NL>\n|\r\n)"
    r"|(?P<COMMENT>\#[^\r\n]*+)"
    r"|(?P<UNIT>%|[A-Za-z]++/[A-Za-z]++)"
    r"|(?P<WORD>[A-Za-z_][A-Za-z0-9_]*+(?:[.-][A-Za-z0-9_]++)*+)"
    r"|(?P<NUMBER>-?[0-9]++(?:\.[0-9]++)?(?:(?:Ki|Mi|k|M)(?![A-Za-z/]))?)"
    r"|(?P<SIGN>[{}\[\],;]|[<>]=|=(?![=<>]))"
    r'|(?P<STRING>"[^"\\\r\n]*+(?:\\["\\nt][^"\\\r\n]*+)*+")'
    r"|(?P<REF>\$[A-Za-z_][A-Za-z0-9_]*+(?:[.-][A-Za-z0-9_]++)*+)"
    r"|(?P<BADOP>[=!:~]=|=[<>]|->|[<>]|~(?![A-Za-z_./])|\xe2\x89[\x88\xa4\xa5])"
    r"|(?P<BADTEXT>\"[^\"\\\r\n]*+(?:\\[^\r\n]?[^\"\\\r\n]*+)*+\"?|'[^'\r\n]*+')"
    r"|(?P<BAD>[\x80-\xff]++|[^ \t\r\n])"
    r"|(?P<END>\Z)"  # without it a run of spaces at the end would be tried from each of them
    r")"
)


class Tokens:
    """The tokens of a file in parallel lists; `kinds` holds the grammar's terminals.

    A run of line ends, with the comments between them, is one `NL`. `BADOP` (`==`, `<`, `~`, and
    in UTF-8 the signs of about, at most and at least), `BADTEXT` (a string not closed, with a bad
    escape, or in single quotes) and `BAD` (a character of no token) are no terminals: the parser
    meets and reports them. The last token is `END`; `full` says that the file has more than are
    read.
    """

    __slots__ = ("comments", "ends", "full", "kinds", "starts", "text")

    def __init__(self, text: str, start: int) -> None:
        """Scan `text` from `start` on."""
        self.text = text
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.comments: list[tuple[int, int]] = []
        self.full = False
        self._scan(start)
        self.kinds.append("END")
        self.starts.append(len(text))
        self.ends.append(len(text))

    def _scan(self, start: int) -> None:
        text, last, end = self.text, "", start
        kinds, starts, ends = self.kinds.append, self.starts.append, self.ends.append
        for match in islice(_TOKEN.finditer(text, start), MAX_TOKENS):
            kind = match.lastgroup or ""
            begin, end = match.span(kind)
            if kind == "WORD":
                if text[begin:end] in KEYWORDS:
                    kind = text[begin:end]
            elif kind == "SIGN":
                kind = text[begin:end]
            elif kind == "NL":
                if last == "NL":
                    continue
            elif kind == "COMMENT":
                self.comments.append((begin, end))
                continue
            elif kind == "END":
                break
            last = kind
            kinds(kind)
            starts(begin)
            ends(end)
        after = _TOKEN.match(text, end)
        self.full = after is not None and after.lastgroup != "END"

    def word(self, index: int) -> str:
        """The text of token `index`."""
        return self.text[self.starts[index] : self.ends[index]]

    def insert(self, index: int, kind: str) -> None:
        """Put a token without text before token `index`."""
        at = self.starts[index]
        self.kinds.insert(index, kind)
        self.starts.insert(index, at)
        self.ends.insert(index, at)

    def remove(self, first: int, end: int | None = None) -> None:
        """Take the tokens from `first` up to `end` out; only `first` without an `end`."""
        part = slice(first, first + 1 if end is None else end)
        del self.kinds[part], self.starts[part], self.ends[part]
