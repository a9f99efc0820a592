"""Small pieces of the sentences in diagnostics."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 40  # characters of the user's own text in a sentence


def clipped(text: str, most: int = MOST) -> str:
    """The user's text on one line, control characters escaped, the middle of a long one cut."""
    if len(text) > 8 * most:
        text = text[: 4 * most] + text[-4 * most :]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    tail = most // 4
    return text if len(text) <= most else f"{text[: most - tail - 3]}...{text[-tail:]}"


def code(text: str, most: int = MOST) -> str:
    """The user's text between backticks."""
    return f"`{clipped(text, most)}`"


def listed(words: Sequence[str], last: str = "or") -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def codes(words: Sequence[str], last: str = "or") -> str:
    """The words between backticks, listed."""
    return listed([code(word) for word in words], last)


def in_quotes(text: str) -> str:
    """A text of one line as a spec writes a string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
