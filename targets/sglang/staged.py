"""Which model classes of SGLang's source can be cut into pipeline stages, or go by another name.

sglang 0.5.23 srt/model_executor/model_runner.py: a class can where its `forward` takes
`pp_proxy_tensors`, else "Pipeline Parallel is not compatible with this model."; 0.4.6 the same.
"""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MARK = "pp_proxy_tensors"


def unstaged(trees: Iterable[ast.Module], entries: Iterable[str]) -> list[str]:
    """Those of the registered classes that surely cannot."""
    known: dict[str, list[ast.ClassDef]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                known.setdefault(node.name, []).append(node)
    return sorted(name for name in entries if _staged(name, known, ()) is False)


def _staged(
    name: str, known: Mapping[str, list[ast.ClassDef]], seen: tuple[str, ...]
) -> bool | None:
    """Whether a class can be cut, None where its `forward` is not found."""
    if name in seen:
        return None
    found = {_own(node, known, (*seen, name)) for node in known.get(name, ())}
    return True if True in found else False if found == {False} else None


def _own(
    node: ast.ClassDef, known: Mapping[str, list[ast.ClassDef]], seen: tuple[str, ...]
) -> bool | None:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "forward":
            return MARK in {arg.arg for arg in (*part.args.args, *part.args.kwonlyargs)}
        if isinstance(part, ast.Assign) and "forward" in {*_names(part)}:
            return None
    held = (_staged(base, known, seen) for base in _bases(node))
    return next((answer for answer in held if answer is not None), None)


def _names(node: ast.Assign) -> Iterator[str]:
    return (target.id for target in node.targets if isinstance(target, ast.Name))


def _bases(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        yield base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")


def renamed(tree: ast.Module) -> set[str]:
    """The classes that a config of SGLang's own takes for another: `architectures == ["Name"]`."""
    compared = (node for node in ast.walk(tree) if isinstance(node, ast.Compare))
    lists = (
        node.comparators[0]
        for node in compared
        if "architectures" in ast.unparse(node.left) and isinstance(node.ops[0], ast.Eq)
    )
    items = (item for found in lists if isinstance(found, ast.List) for item in found.elts)
    return {str(item.value) for item in items if isinstance(item, ast.Constant)}
