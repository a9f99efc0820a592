"""Reads flags, dictionaries and class fields out of Python source without running it."""

from __future__ import annotations

import ast
import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SWITCHES = ("store_true", "store_false", "store_const")
DTYPES = {"half": "float16", "float": "float32"}
NUMBERS = {"int": "int", "float": "float", "human_readable_int": "size", "positive_int": "int"}


def text(path: str) -> str:
    """The text of a file, "" where there is none."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def parse(path: str) -> ast.Module:
    """The syntax tree of a file, an empty one where there is none."""
    return ast.parse(text(path))


def flags(tree: ast.AST, fields: dict[str, str], named: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each `add_argument` that declares flags, as a row: `flags`, `type`, `arity`, `choices`.

    `fields`: annotations of the argument class by field, for what is declared through it. `named`:
    lists that `choices` may name, as far as they can be told.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not _adds(node):
            continue
        words = [n.value for n in node.args if isinstance(n, ast.Constant)]
        spelt = [word for word in words if isinstance(word, str) and word.startswith("-")]
        if spelt:
            yield {"flags": spelt, **_row(node, spelt, fields, named)}


def _adds(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument"


def _row(
    node: ast.Call, spelt: list[str], fields: dict[str, str], named: dict[str, Any]
) -> dict[str, Any]:
    given = {word.arg: word.value for word in node.keywords if word.arg}
    row: dict[str, Any] = {}
    action = ast.unparse(given["action"]).strip("'\"") if "action" in given else ""
    if action in SWITCHES or action.endswith(("BooleanOptionalAction", "StoreBoolean")):
        row["type"] = "flag" if action in SWITCHES else "switch"
    elif "Deprecated" in action and "type" not in given:
        row["type"] = "flag"
    elif "type" in given:
        row["type"] = NUMBERS.get(ast.unparse(given["type"]), _json(ast.unparse(given["type"])))
    elif any(word.arg is None for word in node.keywords):
        longest = max(spelt, key=len).lstrip("-").replace("-", "_")
        row["type"] = kind(fields.get(longest, ""))
    if "nargs" in given:
        row["arity"] = str(ast.unparse(given["nargs"])).strip("'\"")
    choices = literal(given["choices"], named) if "choices" in given else None
    if choices:
        row["choices"] = choices
    return row


def kind(annotation: str) -> str:
    """The type of a flag that is made from a field of this annotation."""
    plain = re.sub(r"Optional\[(.*)\]$", r"\1", annotation).replace("| None", "").strip()
    if plain == "bool":
        return "switch"
    if plain in ("int", "float"):
        return plain
    return "json" if re.match(r"(dict|Dict|Mapping)\b|\w*Config$", plain) else "str"


def _json(text: str) -> str:
    return "json" if "json.loads" in text else "str"


def literal(node: ast.AST, named: dict[str, Any]) -> list[Any] | None:
    """The members of a list as written, or of one that `named` knows; None where untold."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        members = [literal_of(item, named) for item in node.elts]
        return None if any(m is None for m in members) else [x for m in members for x in m or ()]
    found = ast.unparse(node)
    for name, held in named.items():
        if re.search(rf"\b{re.escape(name)}\b", found):
            return list(held)
    return None


def literal_of(node: ast.AST, named: dict[str, Any]) -> list[Any] | None:
    """One member of a list: a constant, or another list spread into it."""
    if isinstance(node, ast.Constant):
        return [node.value]
    return literal(node.value, named) if isinstance(node, ast.Starred) else None


def class_fields(tree: ast.AST, *names: str) -> dict[str, str]:
    """The annotated fields of the classes named, with their annotations."""
    return {
        item.target.id: ast.unparse(item.annotation)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in names
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }


def assigned(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each name that is given a value, with the value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((t.id, node.value) for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value


def keys(tree: ast.AST, pattern: str) -> dict[str, ast.AST]:
    """The text keys of the dictionaries whose names match, with what they map to."""
    return {
        key.value: value
        for name, held in assigned(tree)
        if re.fullmatch(pattern, name) and isinstance(held, ast.Dict)
        for key, value in zip(held.keys, held.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def keywords(tree: ast.AST, pattern: str) -> dict[str, ast.AST]:
    """The names that `NAME = dict(name=value, …)` gives, for the names that match."""
    return {
        word.arg: word.value
        for name, held in assigned(tree)
        if re.fullmatch(pattern, name) and isinstance(held, ast.Call)
        for word in held.keywords
        if word.arg and ast.unparse(held.func) == "dict"
    }


def functions(tree: ast.AST) -> dict[str, ast.AST]:
    """The functions and methods of a module by name."""
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def lists(tree: ast.AST) -> dict[str, list[Any]]:
    """The lists of constants that a module names, those that spread earlier ones too."""
    found: dict[str, list[Any]] = {}
    for name, held in assigned(tree):
        if isinstance(held, ast.Subscript) and ast.unparse(held.value) == "Literal":
            held = held.slice
        members = literal(held, found) if isinstance(held, (ast.List, ast.Tuple)) else None
        if members:
            found[name] = members
    return found


def registered(tree: ast.AST) -> Iterator[str]:
    """The names that classes are registered under by `@….register_module(…)`."""
    for node in ast.walk(tree):
        for deco in node.decorator_list if isinstance(node, ast.ClassDef) else ():
            if isinstance(deco, ast.Call) and ast.unparse(deco.func).endswith("register_module"):
                for item in [*deco.args, *(word.value for word in deco.keywords)]:
                    yield from (
                        part.value
                        for part in ast.walk(item)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    )


def bases(tree: ast.AST) -> dict[str, list[str]]:
    """The classes of a module with the names of their bases."""
    return {
        node.name: [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def returned(node: ast.ClassDef, name: str) -> object:
    """The constant that a method of a class returns, None where it is none."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == name:
            ends = [part.value for part in ast.walk(item) if isinstance(part, ast.Return)]
            if len(ends) == 1 and isinstance(ends[0], ast.Constant):
                return ends[0].value
    return None


def dtypes(node: ast.ClassDef, name: str) -> object:
    """The dtypes of PyTorch in the list that a method of a class returns, None where it is none."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == name:
            ends = [part.value for part in ast.walk(item) if isinstance(part, ast.Return)]
            if len(ends) == 1 and isinstance(ends[0], ast.List):
                found = (ast.unparse(part).rpartition(".")[2] for part in ends[0].elts)
                return sorted({DTYPES.get(part, part) for part in found})
    return None


def having(tree: ast.AST, field: str) -> Iterator[str]:
    """The classes of a module that set a field in their body, or as they are made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            targets = (n for item in node.body for n in assigned_here(item))
            if field in targets or f"self.{field} =" in ast.unparse(node):
                yield node.name


def assigned_here(item: ast.AST) -> Iterator[str]:
    """The names that one statement gives a value, or that of a method."""
    if isinstance(item, ast.FunctionDef):
        yield item.name
    targets = item.targets if isinstance(item, ast.Assign) else ()
    for target in (item.target,) if isinstance(item, ast.AnnAssign) else targets:
        if isinstance(target, ast.Name):
            yield target.id
