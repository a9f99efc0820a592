"""What an unpacked release of mlx-lm says of itself, read from its source; see shared/past."""

from __future__ import annotations

import ast
import os

from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SYNTAX = ""


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags of the server and `sets` of one release; `folder` holds `mlx_lm`."""
    root = os.path.join(folder, "mlx_lm")
    rows = list(source.flags(source.parse(os.path.join(root, "server.py")), {}, {}))
    return {"rows": rows, "sets": {"architectures": sorted(_types(root))}}


def _types(root: str) -> set[str]:
    """The `model_type`s that have a module with a model, renamed ones included."""
    folder = os.path.join(root, "models")
    names = {name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py")}
    kept = {name for name in names if _serves(source.parse(os.path.join(folder, name + ".py")))}
    renamed = source.keys(source.parse(os.path.join(root, "utils.py")), r"MODEL_REMAPPING")
    for old, new in renamed.items():
        if isinstance(new, ast.Constant) and new.value in kept:
            kept.add(old)
    return kept


def _serves(tree: ast.AST) -> bool:
    named = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    return {"Model", "ModelArgs"} <= named
