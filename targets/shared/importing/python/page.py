"""The Python in a file: a program, the code of a Markdown page, the cells of a notebook."""

from __future__ import annotations

import ast
import json
import re
import warnings

from servec.targets.shared.importing.scripts.fenced import FENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("python", "py", "python3", "ipython", "pycon")
MAGIC = re.compile(r"^(\s*)([!%].*)$")
PROMPT = re.compile(r"^\s*(>>> ?|\.\.\. ?|In \[\d*\]: )")
CELLS = 2_000
"""Cells of a notebook that are read."""


class Page:
    """The code of a file. `data`: the text that is shown, of which `starts` holds the byte offset
    of each line of code; `trees`: the parts of it; `magic`: what stands on a line behind `!` or
    `%`, by line; `wrong`: the first line that is no Python, and why."""

    def __init__(self, data: str) -> None:
        """Without code yet."""
        self.data = data
        self.starts: list[int] = []
        self.lines: list[str] = []
        self.trees: list[ast.Module] = []
        self.magic: dict[int, str] = {}
        self.wrong: tuple[int, str] | None = None
        self.name = ""

    def add(self, lines: list[tuple[int, str]]) -> None:
        """A part: its lines, each with the byte offset at which it begins."""
        first = len(self.lines)
        told: list[str] = []
        for start, line in lines:
            found = MAGIC.match(line)
            if found:
                self.magic[len(self.lines) + 1] = found[2]
            self.starts.append(start)
            self.lines.append(line)
            told.append(f"{found[1]}pass" if found else line)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the program's own escapes and literals
                tree = ast.parse("\n".join(told))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            at = first + (getattr(error, "lineno", 0) or 1)
            why = getattr(error, "msg", "") or type(error).__name__
            self.wrong = self.wrong or (self.line_of(at), why)
            return
        if first:
            ast.increment_lineno(tree, first)
        self.trees.append(tree)

    def at(self, line: int, column: int) -> int:
        """The byte offset of a place of the code."""
        return self.starts[line - 1] + column

    def line_of(self, line: int) -> int:
        """The line of the shown text in which a line of the code stands."""
        at = self.starts[min(line, len(self.starts)) - 1] if self.starts else 0
        return self.data.encode()[:at].count(b"\n") + 1

    def said(self, node: ast.AST) -> str:
        """An expression as it is written, on one line and not too long."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        lines = [line.encode() for line in self.lines[first - 1 : last]]
        if not lines:
            return "?"
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        text = " ".join(line.decode("utf-8", "replace").strip() for line in lines)
        return text if len(text) <= 60 else text[:57] + "..."


def page_of(text: str, name: str) -> Page:
    """The Python in the text of a file, by the ending of its name."""
    lower = name.lower()
    if lower.endswith(".ipynb"):
        return _notebook(text)
    if lower.endswith((".md", ".mdx", ".markdown")):
        return _fenced(text)
    page = Page(text)
    lines = _bare(list(_placed(text, 0)))
    page.add(lines)
    return page


def _placed(text: str, start: int) -> Iterator[tuple[int, str]]:
    for line in text.split("\n"):
        yield start, line.removesuffix("\r")
        start += len(line.encode()) + 1


def _bare(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without prompts and the indentation of all; of a session, what was typed alone."""
    session = any(PROMPT.match(line) for _, line in lines)
    made: list[tuple[int, str]] = []
    for start, line in lines:
        found = PROMPT.match(line)
        cut = found.end() if found else 0
        made.append((start + len(line[:cut].encode()), line[cut:] if found or not session else ""))
    full = [line for _, line in made if line.strip() and not line.lstrip().startswith("#")]
    depth = min((len(line) - len(line.lstrip(" \t")) for line in full), default=0)
    return [
        (start + min(depth, len(line) - len(line.lstrip(" \t"))), line[depth:])
        if line[:depth].isspace() or not depth
        else (start, line.lstrip(" \t") if not line.strip() else line)
        for start, line in made
    ]


def _fenced(text: str) -> Page:
    page = Page(text)
    for found in FENCE.finditer(text):
        if found[3].lower() in LANGUAGES:
            start = len(text[: found.start(4)].encode())
            page.add(_bare(list(_placed(found[4].removesuffix("\n"), start))))
    return page


def _notebook(text: str) -> Page:
    """`ValueError` where the text is no notebook."""
    held = json.loads(text)
    cells = held.get("cells") if isinstance(held, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it holds no cells")
    codes: list[str] = []
    for cell in cells[:CELLS]:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        code = "".join(map(str, source)) if isinstance(source, list) else str(source)
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            codes.append(code)
    page = Page("\n\n".join(codes))
    start = 0
    for code in codes:
        page.add(list(_placed(code, start)))
        start += len(code.encode()) + 2
    return page
