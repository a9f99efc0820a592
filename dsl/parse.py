"""Text of one file to its tree: decoding, the pragma, then the drive over the tables."""

from __future__ import annotations

from servec.dsl.limits import MAX_BYTES, MAX_DEPTH, MAX_STATEMENTS
from servec.dsl.parser import Parser
from servec.dsl.scan import Tokens
from servec.dsl.tree import File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic

LANGUAGE = "1"
_BOM = b"\xef\xbb\xbf"
_PLAIN = bytes([9, 10, *range(32, 127)])


def parse(path: str, data: bytes) -> File:
    """The tree of `data` with every syntax error found in it (SRV001 to SRV009).

    Never raises; time and memory grow with the length, which is bounded.
    """
    diagnostics: list[Diagnostic] = []
    if len(data) > MAX_BYTES:
        from servec.dsl.checks.srv009_unexpected import file_too_large

        diagnostics.append(file_too_large(path, len(data)))
        return _file(path, Tokens("", 0), None, diagnostics)
    text = data.decode("latin-1")
    if data.translate(None, _PLAIN):
        from servec.dsl.decode import cleaned

        cleaned_text = cleaned(path, data, diagnostics)
        if cleaned_text is None:
            return _file(path, Tokens("", 0), None, diagnostics)
        text = cleaned_text
    tokens = Tokens(text, 3 if data.startswith(_BOM) else 0)
    if not _is_bounded(path, tokens, diagnostics):
        return _file(path, tokens, None, diagnostics)
    if not _pragma_is_good(tokens):
        from servec.dsl.pragma import repair

        if not repair(path, tokens, diagnostics):
            return _file(path, tokens, None, diagnostics)
    parser = Parser(path, tokens, diagnostics)
    parser.run()
    return _file(path, tokens, parser, diagnostics)


def _is_bounded(path: str, tokens: Tokens, found: list[Diagnostic]) -> bool:
    """Whether the file has few enough tokens, statements and levels; reports it if not."""
    kinds = tokens.kinds
    if tokens.full or kinds.count("NL") + kinds.count(";") > MAX_STATEMENTS:
        from servec.dsl.checks.srv009_unexpected import too_many

        found.append(too_many(path, tokens))
        return False
    if kinds.count("{") + kinds.count("[") <= MAX_DEPTH:
        return True
    depth = 0
    for index, kind in enumerate(kinds):
        if kind in ("{", "["):
            depth += 1
        elif kind in ("}", "]"):
            depth -= 1
        if depth > MAX_DEPTH:
            from servec.dsl.checks.srv009_unexpected import nested_too_deep

            found.append(nested_too_deep(path, tokens, index))
            return False
    return True


def _pragma_is_good(tokens: Tokens) -> bool:
    """Whether the file begins with `servec 1` and the end of that statement."""
    kinds = tokens.kinds
    at = 0
    while kinds[at] in ("NL", ";"):
        at += 1
    return (
        kinds[at] == "servec"
        and kinds[at + 1] == "NUMBER"
        and tokens.word(at + 1) == LANGUAGE
        and kinds[at + 2] in ("NL", ";", "END")
    )


def _file(path: str, tokens: Tokens, parser: Parser | None, found: list[Diagnostic]) -> File:
    pragma = (0, 0)
    if "servec" in tokens.kinds:
        first = tokens.kinds.index("servec")
        pragma = (tokens.starts[first], tokens.ends[min(first + 1, len(tokens.ends) - 1)])
    return File(
        path=path,
        text=tokens.text,
        statements=parser.build.statements if parser else (),
        comments=tuple(tokens.comments),
        pragma=pragma,
        diagnostics=tuple(found),
        whole=parser is not None and parser.whole,
        strays=tuple(parser.strays) if parser else (),
    )
