"""What an unpacked release of vLLM says of itself, read from its source; see shared/past."""

from __future__ import annotations

import ast
import glob
import os
import re

from servec.targets.shared.past import source

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
MAPPING = "get_expert_mapping"
WRAPPING = "init_vllm_registered_model"
REGISTRY = r"_(?!ROCM|PREVIOUSLY|OOT|NEURON)\w*MODELS\w*|_\w*BACKENDS?\w*|_MODEL_REGISTRY"


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags, `sets`, the `least` capability and the `dtypes` by quantisation.

    `folder` holds the package `vllm`.
    """
    root = os.path.join(folder, "vllm")
    trees = {name: source.parse(os.path.join(root, name)) for name in (*FILES, PLAIN)}
    fields = source.class_fields(trees[FILES[0]], "EngineArgs", "AsyncEngineArgs")
    rows = [row for name in FILES for row in source.flags(trees[name], fields, {})]
    rows += list(_front(trees[FRONT]))
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
    yield "pipeline", sorted(_pipeline(root, known))
    yield "lora", sorted(_adapted(root, known))
    yield "eagle3", sorted(_mixed(root, known, "SupportsEagle3"))
    yield "eplb", sorted(_mixed(root, known, "MixtureOfExperts"))
    yield "bitsandbytes", sorted(_bitsandbytes(root, known))
    yield "experts", sorted(_experts(root, known))
    yield "quantizations", sorted(_methods(root))
    yield "fields", sorted(_fields(root))
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
    for path in sorted(glob.glob(os.path.join(root, "model_executor/layers/quantization/*.py"))):
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
        found.update(source.keys(tree, r"_?QUANTIZATION_\w*"))
        for named, held in source.lists(tree).items():
            found.update(held if named in ("QUANTIZATION_METHODS", "QuantizationMethods") else ())
    return found


def _fields(root: str) -> Iterator[str]:
    """The fields of the objects that flags take, as `flag.field`."""
    for path in (os.path.join(root, "config.py"), *glob.glob(os.path.join(root, "config/*.py"))):
        tree = source.parse(path)
        for name, flags in OBJECTS.items():
            for field in () if _lax(tree, name) else source.class_fields(tree, name):
                yield from (f"{flag}.{field}" for flag in flags)


def _lax(tree: ast.AST, name: str) -> bool:
    """Whether a class passes over the fields that it does not have, as pydantic's models do."""
    held = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name)
    return any(
        "BaseModel" in source.bases(n)[name] and "forbid" not in ast.unparse(n) for n in held
    )


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


def _pipeline(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures whose class can be split into stages, and those of which none is told."""
    listed = source.lists(source.parse(os.path.join(root, "config.py")))
    if "_PP_SUPPORTED_MODELS" in listed:
        return set(listed["_PP_SUPPORTED_MODELS"])
    return _mixed(root, known, "SupportsPP")


def _adapted(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures whose class takes adapters, and those of which none is told.

    None at all in releases from before adapters.
    """
    named = _mixed(root, known, "SupportsLoRA", "supported_lora_modules")
    return set() if named == set(known) else named


def _bitsandbytes(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures whose class has the field that the loader of these weights asks for."""
    folder = os.path.join(root, "model_executor/model_loader")
    asked = re.compile(r"hasattr\(\w+, '(\w+)'\)[^:]*:\n[^\n]*raise [^\n]*BitsAndBytes")
    for name in ("loader.py", "bitsandbytes_loader.py"):
        fields = asked.findall(ast.unparse(source.parse(os.path.join(folder, name))))
        if fields:
            return _mixed(root, known, "", fields[-1])
    return set(known)


def _experts(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures that tell adapters where their experts are; all where none is asked to."""
    if f"'{MAPPING}' must be" not in source.text(os.path.join(root, "lora/utils.py")):
        return set(known)
    paths = glob.glob(os.path.join(root, "model_executor/models/*.py"))
    trees = [source.parse(path) for path in paths]
    telling = {name for tree in trees for name in source.having(tree, MAPPING)}
    bodies = {n.name: n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)}
    names = {held: _class_of(value).rpartition(".")[2] for held, value in known.items()}
    return {held for held, name in names.items() if _tells(name, names, bodies, telling)}


def _tells(
    name: str, names: dict[str, str], bodies: dict[str, ast.ClassDef], telling: set[str]
) -> bool:
    """Whether a class, one that it is made of or wraps has the method; true where none is told."""
    if name not in bodies:
        return True
    parts = list(ast.walk(bodies[name]))
    made = {node.id for node in parts if isinstance(node, ast.Name)}
    if any(_inherits(other, bodies, telling) for other in {*made, name}):
        return True
    words = {str(node.value) for node in parts if isinstance(node, ast.Constant)}
    wrapped = {names[word] for word in words if word in names} - {name}
    based = {base for base in source.bases(bodies[name])[name] if base in bodies} - {name}
    if WRAPPING in made and not wrapped:
        return True
    return any(_tells(other, names, bodies, telling) for other in wrapped | based)


def _inherits(name: str, bodies: dict[str, ast.ClassDef], telling: set[str]) -> bool:
    held = source.bases(bodies[name])[name] if name in bodies else []
    return name in telling or any(_inherits(base, bodies, telling) for base in held if base != name)


def _mixed(root: str, known: dict[str, ast.AST], mixin: str, field: str = "") -> set[str]:
    """Those whose class has a mixin, or in releases without it a field; all where none has."""
    every: dict[str, list[str]] = {}
    placed: dict[str, list[str]] = {}
    for path in glob.glob(os.path.join(root, "model_executor/models/*.py")):
        tree = source.parse(path)
        found = source.bases(tree)
        for name in source.having(tree, field) if field else ():
            found[name] = [*found[name], mixin]
        every.update(found)
        stem = os.path.basename(path).removesuffix(".py")
        placed.update((f"{stem}.{name}", held) for name, held in found.items())
    if not any(mixin in found for found in every.values()):
        return set(known)
    names = {architecture: _class_of(value) for architecture, value in known.items()}
    return {
        architecture
        for architecture, name in names.items()
        if name not in placed
        or any(base == mixin or _has(base, mixin, every) for base in placed[name])
    }


def _class_of(value: ast.AST) -> str:
    """`module.class` of what a registry maps an architecture to."""
    parts = value.elts if isinstance(value, ast.Tuple) else []
    words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    return ".".join(words[-2:]) if len(words) == len(parts) > 1 else ""


def _has(name: str, mixin: str, every: dict[str, list[str]], depth: int = 0) -> bool:
    found = every.get(name, [])
    return depth < 8 and any(
        base == mixin or _has(base, mixin, every, depth + 1) for base in found if base != name
    )
