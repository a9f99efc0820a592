"""What the parser of an unpacked release of vLLM lists for flags that are made from annotations.

From 0.8.5 on a flag is made from a field of a configuration: `choices` are what its `Literal` has,
unless it takes any text beside them (vllm 0.10.2 vllm/engine/arg_utils.py literal_to_kwargs; before
that a text beside them changed nothing).
"""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

FILES = (
    "config.py",
    "config/*.py",
    "entrypoints/chat_utils.py",
    "entrypoints/openai/cli_args.py",
    "model_executor/layers/quantization/__init__.py",
    "model_executor/model_loader/__init__.py",
)
WRAPPERS = ("Optional", "Union", "Annotated", "InitVar", "SkipValidation", "ClassVar")
LISTS = ("list", "List", "tuple", "Tuple", "set", "Set")
ADDED = ("collect_detailed_traces",)
"""Fields whose choices the parser adds to by hand."""


def choices(root: str, tree: ast.AST) -> dict[str, list[str]]:
    """The words that the parser lists, by flag; `tree` is that of engine/arg_utils.py."""
    paths = sorted(path for name in FILES for path in glob.glob(os.path.join(root, name)))
    trees = [source.parse(path) for path in paths]
    names = {name: value for each in trees for name, value in source.assigned(each)}
    texts = "metavar" not in "".join(ast.unparse(f) for f in _functions(tree, "literal_to_kwargs"))
    made = {
        name: ast.unparse(value.args[0])
        for name, value in source.assigned(tree)
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "get_kwargs" and value.args
    }
    fields = {
        (node.name, item.target.id): item.annotation
        for each in trees
        for node in ast.walk(each)
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    found: dict[str, list[str]] = {}
    for flags, var, field in _made(tree):
        annotation = fields.get((made.get(var, ""), field))
        listed = _listed(annotation, names, texts) if annotation and field not in ADDED else None
        found.update(dict.fromkeys(flags, listed) if listed else {})
    for name, field in fields:
        if name in ("FrontendArgs", "BaseFrontendArgs"):
            listed = _listed(fields[name, field], names, texts)
            found.update({"--" + field.replace("_", "-"): listed} if listed else {})
    return found


def sizes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The flags of fields whose numbers may have a suffix, `size`, or be `auto`, `str`."""
    names = dict(source.assigned(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "human_readable_int" in ast.unparse(node.body[0]):
            kind = "str" if "_or_auto" in ast.unparse(node.body[0]) else "size"
            listed = (names.get(n.id, n) for n in ast.walk(node.test) if isinstance(n, ast.Name))
            for part in (part for each in (node.test, *listed) for part in ast.walk(each)):
                if isinstance(part, ast.Constant) and str(part.value).isidentifier():
                    yield "--" + str(part.value).replace("_", "-"), kind


def _functions(tree: ast.AST, name: str) -> Iterator[ast.AST]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)


def _made(tree: ast.AST) -> Iterator[tuple[list[str], str, str]]:
    """The flags that are made by `**names["field"]` alone, with the name and the field."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("add_argument"):
            continue
        flags = [str(n.value) for n in node.args if isinstance(n, ast.Constant)]
        own = {word.arg for word in node.keywords if word.arg}
        for word in node.keywords:
            held = word.value
            if word.arg or own & {"choices", "type"} or not isinstance(held, ast.Subscript):
                continue
            if isinstance(held.value, ast.Name) and isinstance(held.slice, ast.Constant):
                yield flags, held.value.id, str(held.slice.value)


def _listed(annotation: ast.AST, names: dict[str, ast.AST], texts: bool) -> list[str] | None:
    """The members of the one `Literal` of an annotation, None where the parser lists none."""
    parts = list(_parts(annotation, names))
    held = [part for part in parts if isinstance(part, list)]
    words = {part for part in parts if isinstance(part, str)}
    open_ended = ("str" in words and not texts) or "bool" in words
    if len(held) != 1 or open_ended or any(word.endswith("Config") for word in words):
        return None
    return [*sorted(set(map(str, held[0]))), *(["None"] if "None" in words else [])]


def _parts(node: ast.AST, names: dict[str, ast.AST], depth: int = 0) -> Iterator[str | list[Any]]:
    """What an annotation is made of: the members of its literals, and other types by name."""
    if depth > 8:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _parts(ast.parse(node.value, mode="eval").body, names, depth + 1)
    elif isinstance(node, ast.BinOp):
        yield from _parts(node.left, names, depth + 1)
        yield from _parts(node.right, names, depth + 1)
    elif isinstance(node, ast.Subscript):
        head = ast.unparse(node.value).rpartition(".")[2]
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head == "Literal":
            yield from _members(inner, names)
        elif head in (*WRAPPERS, *LISTS):
            yield from (["None"] if head == "Optional" else ())
            for part in inner[:1] if head == "Annotated" else inner:
                yield from _parts(part, names, depth + 1)
        else:
            yield head
    elif isinstance(node, ast.Name) and isinstance(names.get(node.id), (ast.Subscript, ast.BinOp)):
        yield from _parts(names[node.id], names, depth + 1)
    else:
        yield ast.unparse(node).rpartition(".")[2]


def _members(inner: list[ast.expr], names: dict[str, ast.AST]) -> Iterator[str | list[Any]]:
    """The members of a literal, those of others that it is made of too; untold ones as a type."""
    found: list[Any] = []
    for part in inner:
        if isinstance(part, ast.Constant):
            found.append(part.value)
            continue
        held = [each for each in _parts(part, names, 1) if isinstance(each, list)]
        if len(held) != 1:
            return
        found += held[0]
    yield found
