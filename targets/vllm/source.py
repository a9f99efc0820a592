"""What an unpacked release of vLLM says of itself, read from its source; see shared/past."""

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
    "engine/arg_utils.py",
    "entrypoints/openai/cli_args.py",
    "entrypoints/openai/api_server.py",
    "entrypoints/cli/serve.py",
    "scripts.py",
    "utils.py",
    "utils/__init__.py",
    "utils/argparse_utils.py",
)
FRONT = "entrypoints/openai/cli_args.py"
SYNTAX = "underscores"


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags, `sets` and the `least` capability by quantisation of one release.

    `folder` holds the package `vllm`.
    """
    root = os.path.join(folder, "vllm")
    trees = {name: source.parse(os.path.join(root, name)) for name in FILES}
    fields = source.class_fields(trees[FILES[0]], "EngineArgs", "AsyncEngineArgs")
    rows = [row for tree in trees.values() for row in source.flags(tree, fields, {})]
    rows += list(_front(trees[FRONT]))
    return {"rows": rows, "sets": dict(_sets(root)), "least": _least(root)}


def _front(tree: ast.AST) -> Iterator[dict[str, Any]]:
    """The flags that are made from the fields of a class in a loop."""
    for name, annotation in source.class_fields(tree, "FrontendArgs", "BaseFrontendArgs").items():
        yield {"flags": ["--" + name.replace("_", "-")], "type": source.kind(annotation)}


def _sets(root: str) -> Iterator[tuple[str, list[str]]]:
    registry = source.parse(os.path.join(root, "model_executor/models/registry.py"))
    if not registry.body:
        registry = source.parse(os.path.join(root, "model_executor/models/__init__.py"))
    known = source.keys(registry, r"_\w*MODELS\w*|_\w*BACKENDS?\w*")
    yield "architectures", sorted(known)
    yield "pipeline", sorted(_pipeline(root, known))
    for name, folders in (
        ("tool_parsers", ("entrypoints/openai/tool_parsers", "tool_parsers")),
        ("reasoning_parsers", ("entrypoints/openai/reasoning_parsers", "reasoning")),
    ):
        yield name, sorted(set(_parsers(root, folders)))


def _parsers(root: str, folders: tuple[str, ...]) -> Iterator[str]:
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(root, folder, "*.py"))):
            tree = source.parse(path)
            yield from source.registered(tree)
            yield from source.keys(tree, r"_\w+_TO_REGISTER")


def _least(root: str) -> dict[str, int]:
    """The compute capability that each quantisation asks for, where its class states a number."""
    found = {}
    for path in sorted(glob.glob(os.path.join(root, "model_executor/layers/quantization/*.py"))):
        for node in ast.walk(source.parse(path)):
            if isinstance(node, ast.ClassDef):
                name, least = (source.returned(node, f) for f in ("get_name", "get_min_capability"))
                if isinstance(name, str) and isinstance(least, int):
                    found[name] = least
    return found


def _pipeline(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures whose class can be split into stages, and those of which none is told."""
    listed = source.lists(source.parse(os.path.join(root, "config.py")))
    if "_PP_SUPPORTED_MODELS" in listed:
        return set(listed["_PP_SUPPORTED_MODELS"])
    every: dict[str, list[str]] = {}
    for path in glob.glob(os.path.join(root, "model_executor/models/*.py")):
        every.update(source.bases(source.parse(path)))
    if not any("SupportsPP" in found for found in every.values()):
        return set(known)
    names = {architecture: _class_of(value) for architecture, value in known.items()}
    return {a for a, name in names.items() if name not in every or _staged(name, every)}


def _class_of(value: ast.AST) -> str:
    parts = value.elts if isinstance(value, ast.Tuple) else []
    return str(parts[-1].value) if parts and isinstance(parts[-1], ast.Constant) else ""


def _staged(name: str, every: dict[str, list[str]], depth: int = 0) -> bool:
    found = every.get(name, [])
    return depth < 8 and any(
        base == "SupportsPP" or _staged(base, every, depth + 1) for base in found if base != name
    )
