"""What an unpacked release of LMDeploy says of itself, read from its source; see shared/past.

Those up to 0.1.0 are left out: their command is made by Fire, which takes any flag.
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

SYNTAX = ""
SERVE, SHARED = "cli/serve.py", "cli/utils.py"
PARSERS = {"tool_parsers": "tool_parser", "reasoning_parsers": "reasoning_parser"}


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags of `api_server` and `sets` of one release; `folder` holds the package."""
    root = os.path.join(folder, "lmdeploy")
    shared = source.functions(source.parse(os.path.join(root, SHARED)))
    made = source.functions(source.parse(os.path.join(root, SERVE))).get("add_parser_api_server")
    rows = list(_rows(made, shared)) if made is not None else []
    return {"rows": rows, "sets": {name: found for name, found in _sets(root) if found}}


def _rows(made: ast.AST, shared: dict[str, ast.AST]) -> Iterator[dict[str, Any]]:
    """The flags that a function adds itself, and those of the helpers that it calls."""
    yield from source.flags(made, {}, {})
    for node in ast.walk(made):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            helper = shared.get(node.func.attr)
            if helper is not None and ast.unparse(node.func.value) == "ArgumentHelper":
                yield from _rows(helper, shared)


def _sets(root: str) -> Iterator[tuple[str, list[str]]]:
    turbomind = set(_known(root, "turbomind/supported_models.py", r"_?SUPPORTED_ARCHS"))
    pytorch = set(_known(root, "pytorch/supported_models.py", r"_?SUPPORTED_ARCHS"))
    mapped = source.parse(os.path.join(root, "pytorch/models/module_map.py"))
    rewritten = {key for key in _updates(mapped) if "." not in key}
    pytorch |= rewritten
    yield "turbomind_architectures", sorted(turbomind)
    own = os.path.exists(os.path.join(root, "pytorch/nn"))  # or it runs the class of transformers
    yield "rewritten", sorted(rewritten) if own else []
    yield "architectures", sorted(turbomind | pytorch) if turbomind and pytorch else []
    for name, folder in PARSERS.items():
        paths = glob.glob(os.path.join(root, "serve/**", f"*{folder}*/*.py"), recursive=True)
        paths += glob.glob(os.path.join(root, "serve/parsers/*.py"))
        trees = [source.parse(path) for path in sorted(set(paths))]
        found = {word for tree in trees for word in source.registered(tree)}
        yield name, sorted(found | {w for tree in trees for w in _legacy(tree, name)})


def _legacy(tree: ast.Module, kind: str) -> list[str]:
    """Names that are still taken where no class is registered under them."""
    found = source.lists(tree)
    return [
        word
        for name in found
        if name.lower() == f"legacy_{kind[:-1]}_names"
        for word in found[name]
    ]


def _known(root: str, place: str, name: str) -> Iterator[str]:
    """The classes of a table of an engine that are not said to be missing."""
    for key, value in source.keywords(source.parse(os.path.join(root, place)), name).items():
        if not (isinstance(value, ast.Constant) and value.value is False):
            yield key


def _updates(tree: ast.AST) -> Iterator[str]:
    """The text keys that `MODULE_MAP.update({…})` adds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "MODULE_MAP.update":
            for given in node.args:
                for key in given.keys if isinstance(given, ast.Dict) else ():
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value
