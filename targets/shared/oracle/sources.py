"""Names that stand in the source of an installed package, read without importing it."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def python_files(folder: str) -> Iterator[str]:
    """The text of every Python file below a folder, in order of path."""
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                with open(os.path.join(base, name), encoding="utf-8-sig", errors="replace") as file:
                    yield file.read()


def variables(folder: str, prefix: str) -> set[str]:
    """The environment variables that the source names as whole strings, by prefix."""
    pattern = re.compile(rf"""["']({prefix}[A-Z0-9_]*[A-Z0-9])["']""")
    return {name for text in python_files(folder) for name in pattern.findall(text)}
