"""The words of one shell command before they are expanded: assignments, arrays, redirections."""

from __future__ import annotations

import re
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.targets.shared.importing.scripts.pieces import Word

ASSIGNED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=(.*)", re.DOTALL)
KEYWORDS = ("do", "done", "esac", "while", "until", "!", "{", "}", "time")
DECLARE = ("export", "declare", "local", "readonly", "typeset")


def follows(text: str) -> bool:
    """Whether an assignment may follow a word."""
    return text in (*DECLARE, *KEYWORDS, "then", "else") or bool(
        re.match(r"-|[A-Za-z_]\w*\+?=", text)
    )


def opens(word: Word) -> bool:
    """Whether a word is `NAME=`, behind which an array may stand."""
    text = word.pieces[0].text if len(word.pieces) == 1 else ""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*\+?=", text) is not None


def declares(words: Sequence[Word]) -> bool:
    """Whether nothing but `local -a` or the like stands before an array."""
    texts = [word.pieces[0].text if len(word.pieces) == 1 else "" for word in words]
    return all(text in (*DECLARE, *KEYWORDS, "then", "else") or text[:1] == "-" for text in texts)


def without_files(held: list[Word]) -> list[Word]:
    """The words less what is redirected: `> server.log`, `2> x`."""
    kept: list[Word] = []
    skip = False
    for word in held:
        if word.operator:
            skip = word.operator != "<<"
            if word.pieces and kept and kept[-1].pieces == word.pieces:
                kept.pop()
        elif skip:
            skip = False
        else:
            kept.append(word)
    return kept


def targets(held: list[Word], expand: Callable[[Word], list[str]]) -> list[tuple[str, bool]]:
    """Where the here documents of a command go: `cat > FILE`, `tee FILE`; "" elsewhere."""
    count = sum(word.operator == "<<" for word in held)
    if not count:
        return []
    plain = [text for word in without_files(held) for text in expand(word)]
    path, more = plain[-1] if plain[:1] == ["tee"] and len(plain) > 1 else "", "-a" in plain
    for at, (before, word) in enumerate(pairwise(held)):
        if before.operator == ">" and not word.operator and plain[:1] == ["cat"]:
            path = "".join(expand(word))
            more = at > 0 and held[at - 1].operator == ">"
    return [*[("", False)] * (count - 1), (path, more)]
