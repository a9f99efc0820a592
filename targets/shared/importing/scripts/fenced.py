"""The code blocks of a text in Markdown."""

from __future__ import annotations

import re

FENCE = re.compile(r"^([ \t]*)(```+|~~~+)[ \t]*([A-Za-z]*)[^\n`]*\n(.*?)^[ \t]*\2", re.M | re.S)
SHELLS = ("", "bash", "sh", "shell", "console", "zsh", "shellsession")
PROMPT = re.compile(r"^\$ ", re.MULTILINE)


def blocks(text: str, languages: tuple[str, ...] = SHELLS) -> tuple[str, ...]:
    """The blocks in one of the languages, without their indentation and prompts."""
    made: list[str] = []
    for before, _, language, body in FENCE.findall(text):
        if language.lower() in languages:
            lines = (line.removeprefix(before) for line in body.splitlines(True))
            made.append(PROMPT.sub("", "".join(lines)))
    return tuple(made)
