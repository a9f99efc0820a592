"""The pragma when it is not `servec 1`: reports it and puts a good one, so that reading goes on."""

from __future__ import annotations

from servec.dsl.checks.srv001_pragma import no_spec, pragma_malformed, pragma_missing
from servec.dsl.checks.srv003_version import language_newer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.scan import Tokens

FIRST = frozenset(("import", "let", "deployment", "profile", "fleet"))
ENDS = ("NL", ";", "END")


def repair(path: str, tokens: Tokens, found: list[Diagnostic]) -> bool:
    """Report what is wrong; false where the rest is not to be read.

    That is a file of a newer language, and one that does not look like a spec at all.
    """
    at = 0
    while tokens.kinds[at] in ("NL", ";"):
        at += 1
    end = at
    while tokens.kinds[end] not in ENDS:
        end += 1
    if _is_newer(tokens, at, end):
        found.append(language_newer(path, tokens, at))
        return False
    meant = tokens.kinds[at] == "servec" or _is_misspelt(tokens, at, end)
    if meant:
        found.append(pragma_malformed(path, tokens, at, end))
        tokens.remove(at, end)
    elif tokens.kinds[at] == "END":
        found.append(pragma_missing(path, tokens, at))
        return False
    elif tokens.word(at) not in FIRST or tokens.word(at + 1) == ":":
        found.append(no_spec(path, tokens, at))
        return False
    else:
        found.append(pragma_missing(path, tokens, at))
    for kind in (";", "NUMBER", "servec"):
        tokens.insert(at, kind)
    return True


def _is_newer(tokens: Tokens, at: int, end: int) -> bool:
    digits = tokens.word(at + 1) if end - at == 2 else ""
    return tokens.kinds[at] == "servec" and digits.isdigit() and digits.lstrip("0") not in ("", "1")


def _is_misspelt(tokens: Tokens, at: int, end: int) -> bool:
    """A word and a number alone on the first line: `server 1`, `SERVEC 1`, `servec1`."""
    word = tokens.word(at).lower()
    meant = tokens.kinds[at] == "WORD" and word.startswith(("serv", "pragma"))
    return meant and (end - at == 1 or (end - at == 2 and tokens.word(at + 1) != ":"))
