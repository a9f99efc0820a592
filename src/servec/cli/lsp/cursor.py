"""Where in a spec a cursor stands: the scope and block around it, and the statement before it.

Read from the tokens before the cursor alone, so that it holds while the statement is half written.
"""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.scan import Tokens
    from servec.dsl.schema.language import Place

SCOPES: dict[str, Place] = {
    "deployment": "deployment",
    "profile": "deployment",
    "role": "deployment",
    "fleet": "fleet",
    "pool": "pool",
    "place": "place",
    "on": "on",
    "adapter": "adapter",
}
ENDS = ("NL", ";", "{", "}")
WORDS = ("WORD", "REF", "STRING", "servec", "import", "let", "unset", "assert", "as", "else", "x")


@record
class Cursor:
    """`place`: the scope; `block`: the path of the blocks in it (`slo`, `cache.offload`, or "").

    `runtime`: that of an `on` block. `name`: the name of the statement, "" where the cursor is
    in it or before it; `sign`: its relation, once written. `word`: what of a word stands before
    the cursor, from byte `start` on; `whole`, the word under it, to byte `end`.
    """

    place: Place
    block: str
    runtime: str
    name: str
    sign: str
    word: str
    whole: str
    start: int
    end: int

    @property
    def path(self) -> str:
        """The path of the statement's field within its scope."""
        return f"{self.block}.{self.name}" if self.block and self.name else self.name or self.block

    def path_of(self, name: str) -> str:
        """The path of a field of the block."""
        return f"{self.block}.{name}" if self.block else name


def cursor(data: bytes, offset: int) -> Cursor:
    """The cursor at a byte offset of a file."""
    from servec.dsl.scan import Tokens

    tokens = Tokens(data.decode("latin-1"), 0)
    stack: list[list[str]] = []
    words: list[str] = []
    count = len(tokens.kinds) - 1
    at = 0
    while at < count and tokens.ends[at] < offset:
        kind = tokens.kinds[at]
        if kind == "{":
            stack.append(words)
        elif kind == "}" and stack:
            stack.pop()
        words = [] if kind in ENDS else [*words, tokens.word(at)]
        at += 1
    word, whole, start, end = _word(tokens, at, count, offset)
    place, block, runtime = _around(stack)
    name = words[0] if words else ""
    sign = next((w for w in words[1:] if w in ("=", "<=", ">=")), "")
    return Cursor(place, block, runtime, name, sign, word, whole, start, end)


def _word(tokens: Tokens, at: int, count: int, offset: int) -> tuple[str, str, int, int]:
    """The word that the cursor touches, or nothing at the cursor."""
    if at < count and tokens.starts[at] <= offset and tokens.kinds[at] in WORDS:
        start, end = tokens.starts[at], tokens.ends[at]
        return tokens.text[start:offset], tokens.text[start:end], start, end
    return "", "", offset, offset


def _around(stack: list[list[str]]) -> tuple[Place, str, str]:
    place: Place = "top"
    path: list[str] = []
    runtime = ""
    for words in stack:
        name = words[0] if words else ""
        if name in SCOPES and (name != "role" or len(words) > 1):
            place, path = SCOPES[name], []
            runtime = words[1] if name == "on" and len(words) > 1 else ""
        elif name:
            path.append(name)
    return place, ".".join(path), runtime
