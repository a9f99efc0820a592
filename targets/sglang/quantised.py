"""The quantisations that SGLang's source registers, and what each asks of a launch.

sglang 0.4.6 srt/layers/quantization/__init__.py: names with the class of each;
srt/model_loader/loader.py compares `get_min_capability` and `get_supported_act_dtypes` of it;
srt/configs/model_config.py lists those of ROCm.
"""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

PLACE = "srt/layers/quantization"
REGISTRY = r"(BASE_|VLLM_)?QUANTIZATION_METHODS"
WHOLE = "modelopt"
"""A checkpoint says this of its FP8, FP4 or mixed weights, which are registered apart."""


def quantised(root: str) -> dict[str, Any]:
    """`quantizations` and `rocm`, names; `least` and `dtypes`, by name, where they are told."""
    methods = _methods(source.parse(os.path.join(root, PLACE, "__init__.py")))
    known = dict(_classes(root))
    names = {*methods, *(WHOLE for name in methods if name.startswith(WHOLE))}
    return {
        "quantizations": sorted(names),
        "rocm": sorted(_rocm(root)),
        "least": dict(_stated(methods, known, "get_min_capability", source.returned)),
        "dtypes": dict(_stated(methods, known, "get_supported_act_dtypes", source.dtypes)),
    }


def _methods(tree: ast.AST) -> dict[str, str]:
    """The class of each name, as far as it is written out; what is added to the registry later."""
    found = {name: ast.unparse(held) for name, held in source.keys(tree, REGISTRY).items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("METHODS.update"):
            held = node.args[0] if node.args else None
            for key in held.keys if isinstance(held, ast.Dict) else ():
                if isinstance(key, ast.Constant):
                    found.setdefault(str(key.value), "")
    return found


def _classes(root: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for path in sorted(glob.glob(os.path.join(root, PLACE, "**/*.py"), recursive=True)):
        for node in ast.walk(source.parse(path)):
            if isinstance(node, ast.ClassDef):
                yield node.name, node


def _stated(
    methods: Mapping[str, str],
    known: Mapping[str, ast.ClassDef],
    asked: str,
    read: Callable[[ast.ClassDef, str], object],
) -> Iterator[tuple[str, object]]:
    """What the class of each name returns, or the first of its bases that has the method."""
    for name, held in sorted(methods.items()):
        node = known.get(held)
        while node is not None and asked not in {getattr(part, "name", "") for part in node.body}:
            bases = [ast.unparse(base) for base in node.bases]
            node = next((known[base] for base in bases if base in known), None)
        found = read(node, asked) if node is not None else None
        if found is not None:
            yield name, found


def _rocm(root: str) -> set[str]:
    listed = source.lists(source.parse(os.path.join(root, "srt/configs/model_config.py")))
    return set(listed.get("rocm_supported_quantization", ()))
