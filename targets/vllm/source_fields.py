"""The fields of the JSON objects that flags of an unpacked release of vLLM take."""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

OBJECTS = {
    "AttentionConfig": ("attention-config",),
    "CompilationConfig": ("compilation-config",),
    "EPLBConfig": ("eplb-config",),
    "KVEventsConfig": ("kv-events-config",),
    "KVTransferConfig": ("kv-transfer-config",),
    "PoolerConfig": ("override-pooler-config", "pooler-config"),
    "ProfilerConfig": ("profiler-config",),
    "SpeculativeConfig": ("speculative-config",),
    "StructuredOutputsConfig": ("structured-outputs-config",),
}
"""The flags whose JSON object makes an instance of a class, by the class."""
BY_KEYWORD = "SpeculativeConfig"
"""The class that is made by keywords: what it passes over, its own dataclass does."""
PYDANTIC = "from pydantic.dataclasses import dataclass"


def fields(root: str) -> Iterator[str]:
    """The fields of the objects that flags take, as `flag.field`."""
    for _, tree, name, flags in _classes(root):
        for field in () if _lax(tree, name) else source.class_fields(tree, name):
            yield from (f"{flag}.{field}" for flag in flags)


def passed_over(root: str) -> Iterator[str]:
    """The flags whose objects may have fields that their class does not: pydantic leaves them out.

    vllm 0.9.0 to 0.15.1 engine/arg_utils.py parse_dataclass: TypeAdapter(…).validate_json, which
    forbids nothing by itself; from 0.16.0 on config/utils.py forbids what is not a field.
    """
    made = source.text(os.path.join(root, "engine/arg_utils.py"))
    forbids = "forbid" in source.text(os.path.join(root, "config/utils.py"))
    for text, tree, name, flags in () if forbids else _classes(root):
        adapted = "validate_json" in made and name != BY_KEYWORD
        if (PYDANTIC in text or adapted) and not _lax(tree, name) and not _forbids(tree, name):
            yield from flags


def _classes(root: str) -> Iterator[tuple[str, ast.Module, str, tuple[str, ...]]]:
    """Text and tree of each file that has one of the classes, with its name and flags."""
    for path in (os.path.join(root, "config.py"), *glob.glob(os.path.join(root, "config/*.py"))):
        text, tree = source.text(path), source.parse(path)
        for name, flags in OBJECTS.items():
            if f"class {name}" in text:
                yield text, tree, name, flags


def _lax(tree: ast.AST, name: str) -> bool:
    """Whether a class passes over the fields that it does not have, as pydantic's models do."""
    held = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name)
    return any(
        "BaseModel" in source.bases(n)[name] and "forbid" not in ast.unparse(n) for n in held
    )


def _forbids(tree: ast.AST, name: str) -> bool:
    """Whether a class says itself that it takes no other fields."""
    held = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name)
    return any("forbid" in ast.unparse(part) for n in held for part in n.decorator_list)
