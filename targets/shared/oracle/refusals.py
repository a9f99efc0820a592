"""What the source of a release may refuse after the arguments are parsed, as lines to read.

`python -m servec.targets.shared.oracle.refusals NEW [OLD]`, each the folder of an unpacked or
installed package: prints every `raise`, `assert` and `sys.exit` in it with what has to hold for it
to be reached; beside OLD only those that OLD has not. A maintainer reads them for a new version:
which of them a launch can meet becomes a row of `constraints.json`. Nothing of the package is run.
"""

from __future__ import annotations

import ast
import os
import sys

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REFUSING = {
    *("ValueError", "NotImplementedError", "RuntimeError", "AssertionError", "ImportError"),
    *("TypeError", "KeyError", "Exception", "ModuleNotFoundError", "FileNotFoundError", "OSError"),
}
"""Errors that end a start."""
SERVING = (
    *(
        "forward",
        "apply",
        "execute",
        "__call__",
        "call",
        "run_",
        "step",
        "generate",
        "process_input",
    ),
    *("embed_multimodal", "get_multimodal", "_parse_and_validate", "sample", "compute_logits"),
)
"""Beginnings of functions that a request runs, not a start."""
TENSORS = (
    *(
        "hidden_states",
        ".shape",
        ".ndim",
        ".dim()",
        ".numel",
        ".is_cuda",
        ".is_contiguous",
        "input_",
    ),
    *("request", "loaded_weight", "output", "pixel_values", "seq_len", "positions", ".stride"),
)
"""Words of a condition that rests on what is loaded or computed."""


@record
class Refusal:
    """One place: its file and line, the class and function around it, its kind (`ValueError`,
    `assert`, `exit`), the conditions it is reached under, outermost first, and its message."""

    file: str
    line: int
    where: str
    kind: str
    when: Sequence[str]
    message: str

    @property
    def at_start(self) -> bool:
        """Whether options, config, version and hardware alone seem to decide it."""
        name = self.where.rpartition(".")[2].lstrip("_")
        told = " ".join(self.when)
        return not name.startswith(SERVING) and not any(word in told for word in TENSORS)

    @property
    def key(self) -> tuple[str, str, str, tuple[str, ...], str]:
        """What is the same in another release, where lines have moved."""
        return (self.file, self.where, self.kind, tuple(self.when), self.message)


def refusals(folder: str) -> Iterator[Refusal]:
    """All of a package, in order of path and line."""
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                path = os.path.join(base, name)
                with open(path, encoding="utf-8-sig", errors="replace") as file:
                    yield from in_text(file.read(), os.path.relpath(path, folder))


def in_text(text: str, file: str) -> Iterator[Refusal]:
    """Those of one file's text; none where it is not of this Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    yield from _in_body(tree.body, file, "", ())


def _in_body(
    body: Sequence[ast.stmt], file: str, where: str, when: tuple[str, ...]
) -> Iterator[Refusal]:
    for node in body:
        if isinstance(node, ast.Assert):
            told = ast.unparse(node.msg) if node.msg is not None else ""
            yield Refusal(file, node.lineno, where, "assert", (*when, _denied(node.test)), told)
        elif (kind := _kind(node)) is not None:
            yield Refusal(file, node.lineno, where, kind, when, _message(node))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from _in_body(node.body, file, f"{where}.{node.name}".lstrip("."), ())
        else:
            yield from _below(node, file, where, when)
        if isinstance(node, ast.If) and not node.orelse and _leaves(node.body):
            when = (*when, _denied(node.test))


def _below(node: ast.stmt, file: str, where: str, when: tuple[str, ...]) -> Iterator[Refusal]:
    """Those in the parts of a compound statement."""
    if isinstance(node, ast.If):
        yield from _in_body(node.body, file, where, (*when, ast.unparse(node.test)))
        yield from _in_body(node.orelse, file, where, (*when, _denied(node.test)))
    elif isinstance(node, ast.Match):
        for case in node.cases:
            told = f"{ast.unparse(node.subject)} matches {ast.unparse(case.pattern)}"
            yield from _in_body(case.body, file, where, (*when, told))
    elif isinstance(node, (ast.Try, ast.TryStar)):
        for body in (node.body, node.orelse, node.finalbody):
            yield from _in_body(body, file, where, when)
        for handler in node.handlers:
            told = ast.unparse(handler.type) if handler.type is not None else "anything"
            yield from _in_body(handler.body, file, where, (*when, f"on {told}"))
    elif isinstance(node, (ast.For, ast.While, ast.With, ast.AsyncWith, ast.AsyncFor)):
        yield from _in_body(node.body, file, where, when)


def _kind(node: ast.stmt) -> str | None:
    """The error that a statement raises, `exit` for one that ends the process, else None."""
    if isinstance(node, ast.Raise) and node.exc is not None:
        called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = ast.unparse(called)
        return name if name in REFUSING or name.endswith("Error") else None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return "exit" if ast.unparse(node.value.func) in ("sys.exit", "os._exit", "exit") else None
    return None


def _message(node: ast.stmt) -> str:
    called = node.exc if isinstance(node, ast.Raise) else getattr(node, "value", None)
    return ", ".join(map(ast.unparse, called.args)) if isinstance(called, ast.Call) else ""


def _denied(test: ast.expr) -> str:
    """The opposite of a condition."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return ast.unparse(test.operand)
    return f"not ({ast.unparse(test)})"


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return isinstance(body[-1], (ast.Return, ast.Continue, ast.Break))


def main(folders: Sequence[str]) -> int:
    """Print those of the first folder that the second has not, a block each."""
    if not 1 <= len(folders) <= 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    old = {found.key for found in refusals(folders[1])} if len(folders) == 2 else set()
    for found in refusals(folders[0]):
        if found.at_start and found.key not in old:
            where = f"{found.file}:{found.line} {found.where} {found.kind}\n"
            when = "".join(f"  when {told}\n" for told in found.when)
            sys.stdout.write(f"{where}{when}  says {found.message}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
