"""Words of a shell command: the only way a value enters a script."""

from __future__ import annotations

import re
from functools import lru_cache
from shlex import quote as shell_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.target import Process

REFERENCE = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")


@lru_cache(maxsize=4096)
def quote(text: str) -> str:
    """`text` as one word of bash, always on one line."""
    if text.isprintable() and "\\" not in text:
        return shell_quote(text)
    return "$'" + "".join(ansi(sign) for sign in text) + "'"


def ansi(sign: str) -> str:
    """One character inside `$'…'`."""
    if sign in "\\'":
        return "\\" + sign
    if sign == "\n":
        return "\\n"
    if sign == "\t":
        return "\\t"
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x80 else f"\\U{code:08x}"


def reference(text: str) -> str:
    """The name in a word that is `${NAME}` and nothing else; "" for any other word."""
    found = REFERENCE.fullmatch(text)
    return found.group(1) if found else ""


def known(text: str, process: Process) -> str:
    """The name that a word of a process refers to; "" where the word is data.

    References are the process's own `SERVEC_` variables and its secrets; `${ANYTHING}` else that a
    spec says is text.
    """
    if not text.startswith("${"):
        return ""
    name = reference(text)
    own = name.startswith("SERVEC_") and name in process.env
    return name if own or name in process.secrets else ""


def at_host(address: str, host: str) -> str:
    """`address` on another host: its port stays, if it has one."""
    _, colon, port = address.rpartition(":")
    return f"{host}:{port}" if colon and port.isdigit() else host


def wrap(words: Sequence[str]) -> str:
    """Quoted words as a command: an option and its value a line, joined by backslashes."""
    lines: list[list[str]] = [[]]
    for word in words:
        if word.startswith("--") or (
            len(word) == 2 and word[0] == "-" and word[1].isalpha() and len(lines) > 1
        ):
            lines.append([])
        lines[-1].append(word)
    return " \\\n  ".join(" ".join(line) for line in lines if line)
