"""What the model classes of an unpacked release of vLLM can do, read from their source."""

from __future__ import annotations

import ast
import glob
import os
import re

from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAPPING = "get_expert_mapping"
WRAPPING = "init_vllm_registered_model"
ELDER = "SupportsV0Only"


def able(root: str, known: dict[str, ast.AST]) -> Iterator[tuple[str, list[str]]]:
    """Sets of the architectures `known`, by what their classes can do; all where none is told."""
    yield "pipeline", sorted(_pipeline(root, known))
    yield "lora", sorted(_adapted(root, known))
    yield "eagle3", sorted(_mixed(root, known, "SupportsEagle3"))
    yield "eplb", sorted(_mixed(root, known, "MixtureOfExperts"))
    yield "bitsandbytes", sorted(_bitsandbytes(root, known))
    yield "experts", sorted(_experts(root, known))
    yield "v0only", sorted(_elder(root, known))


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


def _elder(root: str, known: dict[str, ast.AST]) -> set[str]:
    """The architectures whose class is of the first engine alone, where there were two."""
    if f"class {ELDER}" not in source.text(
        os.path.join(root, "model_executor/models/interfaces.py")
    ):
        return set()
    held = dict(_held(root))
    names = {architecture: _class_of(value) for architecture, value in known.items()}
    every = {name.rpartition(".")[2]: bases for name, bases in held.items()}
    return {
        a for a, name in names.items() if ELDER in held.get(name, ()) or _has(name, ELDER, every)
    }


def _held(root: str) -> Iterator[tuple[str, list[str]]]:
    """`module.class` of each model and its bases."""
    for path in glob.glob(os.path.join(root, "model_executor/models/*.py")):
        stem = os.path.basename(path).removesuffix(".py")
        for name, bases in source.bases(source.parse(path)).items():
            yield f"{stem}.{name}", bases


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
