"""What an unpacked release of vLLM says of itself, read from its source; see shared/past."""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.shared.oracle.sources import variables
from servec.targets.shared.past import source
from servec.targets.vllm.source_choices import choices, sizes
from servec.targets.vllm.source_classes import able
from servec.targets.vllm.source_fields import fields, passed_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
BACKENDS = (
    "v1/attention/backends/registry.py",
    "attention/backends/registry.py",
    "platforms/interface.py",
    "attention/selector.py",
)
FRONT = "entrypoints/openai/cli_args.py"
FRONTS = (FRONT, "entrypoints/openai/api_server.py")
PLAIN = "entrypoints/api_server.py"
SYNTAX = "underscores"
REGISTRY = r"_(?!ROCM|PREVIOUSLY|OOT|NEURON)\w*MODELS\w*|_\w*BACKENDS?\w*|_MODEL_REGISTRY"


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags, `sets`, the `least` capability and the `dtypes` by quantisation.

    `folder` holds the package `vllm`.
    """
    root = os.path.join(folder, "vllm")
    trees = {name: source.parse(os.path.join(root, name)) for name in (*FILES, PLAIN)}
    held = source.class_fields(trees[FILES[0]], "EngineArgs", "AsyncEngineArgs")
    rows = [row for name in FILES for row in source.flags(trees[name], held, {})]
    rows += list(_front(trees[FRONT]))
    sized = dict(sizes(trees[FILES[0]]))
    listed = choices(root, trees[FILES[0]])
    for row in rows:
        for flag in row["flags"]:
            row.update({"choices": listed[flag]} if flag in listed else {})
            row.update({"type": sized[flag]} if flag in sized else {})
    sets = {**dict(_sets(root)), "front": sorted(_front_flags(trees))}
    quantisations = list(_quantisations(root))
    return {
        "rows": rows,
        "sets": sets,
        "least": dict(_stated(quantisations, "get_min_capability", source.returned)),
        "dtypes": dict(_stated(quantisations, "get_supported_act_dtypes", source.dtypes)),
    }


def _front(tree: ast.AST) -> Iterator[dict[str, Any]]:
    """The flags that are made from the fields of a class in a loop."""
    for name, annotation in source.class_fields(tree, "FrontendArgs", "BaseFrontendArgs").items():
        yield {"flags": ["--" + name.replace("_", "-")], "type": source.kind(annotation)}


def _front_flags(trees: dict[str, ast.Module]) -> set[str]:
    """The flags that the OpenAI front end has, beside those that the plain one has, too."""
    rows = [row for name in FRONTS for row in source.flags(trees[name], {}, {})]
    plain = source.flags(trees[PLAIN], {}, {})
    found = {flag for row in [*rows, *_front(trees[FRONT])] for flag in row["flags"]}
    return found - {flag for row in plain for flag in row["flags"]}


def _sets(root: str) -> Iterator[tuple[str, list[str]]]:
    registry = source.parse(os.path.join(root, "model_executor/models/registry.py"))
    for name in ("models/__init__.py", "model_loader.py"):
        if not source.keys(registry, REGISTRY):
            registry = source.parse(os.path.join(root, "model_executor", name))
    known = source.keys(registry, REGISTRY)
    yield "architectures", sorted(known)
    yield from able(root, known)
    yield "quantizations", sorted(_methods(root))
    yield "fields", sorted(fields(root))
    yield "passed_over", sorted(passed_over(root))
    yield "env", sorted(variables(root, "VLLM_"))
    yield "rocm", sorted(_rocm(root))
    yield "connectors", sorted(_connectors(root))
    yield "backends", sorted(_backends(root))
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


def _quantisations(root: str) -> Iterator[ast.ClassDef]:
    for folder in ("quantization_utils", "layers/quantization"):
        for path in sorted(glob.glob(os.path.join(root, "model_executor", folder, "*.py"))):
            tree = source.parse(path)
            yield from (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _stated(
    classes: list[ast.ClassDef], method: str, read: Callable[[ast.ClassDef, str], object]
) -> Iterator[tuple[str, object]]:
    """What the classes of quantisation return from a method, by the name of each that says it."""
    for node in classes:
        name, found = source.returned(node, "get_name"), read(node, method)
        if isinstance(name, str) and found is not None:
            yield name, found


def _methods(root: str) -> set[str]:
    """The quantisations that a checkpoint may have."""
    folder = os.path.join(root, "model_executor")
    found: set[str] = set()
    for name in ("quantization_utils/__init__.py", "layers/quantization/__init__.py"):
        tree = source.parse(os.path.join(folder, name))
        found.update(source.keys(tree, r"_?QUANTIZATION_\w*|method_to_config"))
        for named, held in source.lists(tree).items():
            found.update(held if named in ("QUANTIZATION_METHODS", "QuantizationMethods") else ())
    return found


def _rocm(root: str) -> set[str]:
    """The quantisations that a release takes on ROCm."""
    listed = source.lists(source.parse(os.path.join(root, "platforms/rocm.py")))
    older = source.lists(source.parse(os.path.join(root, "config.py")))
    return {
        *listed.get("supported_quantization", ()),
        *older.get("rocm_supported_quantization", ()),
    }


def _connectors(root: str) -> set[str]:
    tree = source.parse(os.path.join(root, "distributed/kv_transfer/kv_connector/factory.py"))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("register_connector")
        and isinstance(node.args[0], ast.Constant)
    }


def _backends(root: str) -> set[str]:
    """The back ends of attention that a release names, by the enumeration of them."""
    for name in BACKENDS:
        for node in ast.walk(source.parse(os.path.join(root, name))):
            if isinstance(node, ast.ClassDef) and node.name in ("_Backend", "AttentionBackendEnum"):
                return {found for found, _ in source.assigned(node) if found.isupper()}
    return set()
