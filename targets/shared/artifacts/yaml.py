"""A YAML writer for what the forms hold: maps, lists and scalars, nothing else.

PyYAML takes 20 ms to import and quotes by rules of its own; a manifest is written with the same
few shapes each time, so the writer is small and its one rule is strict: a string is bare only where
no YAML reader can take it for anything else.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    Node: TypeAlias = "Mapping[str, Node] | Sequence[Node] | str | int | float | bool | None"

# Starts with a letter or a slash, holds no sign with a meaning, and is no word of YAML 1.1.
BARE = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
RESERVED = frozenset(["y", "yes", "n", "no", "true", "false", "on", "off", "null"])
UNPLAIN = re.compile(r"[^ !#-\[\]-~]")
"""All but the signs of ASCII that stand for themselves: scripts of megabytes are quoted too."""
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Block(str):
    """A text of several lines that stands as such, for a document within a document."""

    __slots__ = ()


def dump(node: Node) -> str:
    """The document as block-style YAML with a final line end."""
    return "".join(f"{line}\n" for line in lines(node))


def lines(node: Node) -> list[str]:
    """The lines of a node that stands on lines of its own."""
    if isinstance(node, str) or not isinstance(node, (dict, list, tuple)):
        return [scalar(node)]
    if not node:
        return ["{}" if isinstance(node, dict) else "[]"]
    out: list[str] = []
    if isinstance(node, dict):
        for name, value in node.items():
            out.extend(entry(f"{scalar(name)}:", value))
    else:
        for value in node:
            out.extend(item(value))
    return out


def entry(head: str, value: Node) -> list[str]:
    """`head` and the value after it, on its line or indented below."""
    if isinstance(value, (dict, list, tuple)) and value:
        return [head, *("  " + line for line in lines(value))]
    if isinstance(value, Block) and all(line.isprintable() for line in value.splitlines()):
        return [f"{head} |", *("  " + line if line else "" for line in value.splitlines())]
    return [f"{head} {lines(value)[0]}"]


def item(value: Node) -> list[str]:
    """A list item: a dash, then the value with its later lines below the first."""
    inner = lines(value)
    return [f"- {inner[0]}", *("  " + line for line in inner[1:])]


def scalar(value: object) -> str:
    """A scalar: numbers and booleans as they are, strings bare only where that is safe."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Never with an exponent: `1e-05` is a text to YAML 1.1, which wants a dot in the mantissa.
        digits = f"{value:.12f}".rstrip("0")
        return digits + "0" if digits.endswith(".") else digits
    text = str(value)
    if BARE.fullmatch(text) and text.lower() not in RESERVED:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A double-quoted YAML string; what is not printable is escaped."""
    return '"' + UNPLAIN.sub(_escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return ESCAPES.get(sign) or shown(sign)


def shown(sign: str) -> str:
    """One character as it may stand between double quotes."""
    code = ord(sign)
    if sign == " " or (sign.isprintable() and code not in (0xFEFF,)):
        return sign
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
