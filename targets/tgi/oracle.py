"""TGI's options and registries, read from a checkout of its repository.

The launcher is a Rust program, which is not built here: its options are the fields of one struct in
`launcher/src/main.rs`, whose attributes say flags, variables and defaults as clap reads them. The
models are those of `server/text_generation_server/models/__init__.py`, and of the transformers that
the server pins, for which TGI has no class of its own.

Any Python runs it: `TGI_SRC` is the checkout (a git checkout of a tag), `TRANSFORMERS_SRC` the
unpacked sources of the pinned transformers. Commands are judged by the option table alone.
"""

from __future__ import annotations

import ast
import os
import re

from servec.targets.shared.oracle.judge import Refused
from servec.targets.shared.oracle.sources import python_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

LAUNCHER = "launcher/src/main.rs"
MODELS = "server/text_generation_server/models/__init__.py"
KINDS = {"usize": "int", "u16": "int", "u32": "int", "u64": "int", "f32": "float", "f64": "float"}
LIMITS = {"u16": 65535}
FIELD = re.compile(r"((?:\s*#\[clap\([^\]]*\)\])+)\s*(?:pub )?(\w+): ([\w<>]+),")
VARIANT = re.compile(r"(?:#\[clap\(name = \"([^\"]+)\"\)\]\s*)?(\w+),")
VARIABLE = re.compile(
    r"(?:(?:getenv|environ\.get|env::var|environ)[(\[]\s*|varname = )\"([A-Z][A-Z0-9_]{3,})\""
)
# Model types that get_model only names to refuse them, or that are no model.
NOT_SERVED = ("ssm", "mlp_speculator")


def load() -> None:
    """Nothing is imported; the checkout has to be there."""
    if not os.path.exists(_path(LAUNCHER)):
        raise Refused("TGI_SRC names no checkout of text-generation-inference")


def version() -> str:
    """The tag of the checkout, as `TGI_VERSION` says it, or the version of the server package."""
    stated = os.environ.get("TGI_VERSION", "")
    return stated.removeprefix("v") or _version_of(_read("Cargo.toml"))


def _version_of(text: str) -> str:
    found = re.search(r'\[workspace.package\]\s*version = "([^"]+)"', text)
    return found[1].partition("-")[0] if found else ""


def describe() -> dict[str, Any]:
    """The options of `text-generation-launcher`, and what the server has."""
    rows = option_rows(_read(LAUNCHER))
    return {
        "runtime": "tgi",
        "version": version(),
        "source": f"text-generation-inference v{version()} {LAUNCHER} struct Args",
        "syntax": ["equals", "whole"],
        "prefixes": ["TGI_"],
        "options": rows,
        "sets": _sets(rows),
        "fields": {},
    }


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """There is no launcher to ask."""
    raise Refused(f"{job['argv'][:1]}: the launcher is a program that is not built here ({stage})")


def _path(name: str) -> str:
    return os.path.join(os.environ.get("TGI_SRC", ""), name)


def _read(name: str) -> str:
    with open(_path(name), encoding="utf-8") as file:
        return file.read()


def option_rows(text: str) -> dict[str, Any]:
    """The fields of the launcher's arguments as rows of a table."""
    plain = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    body = plain[plain.index("struct Args {") :]
    body = body[: body.index("\n}")]
    enums = _enums(plain)
    rows = dict(_row(found[1], found[2], found[3], enums) for found in FIELD.finditer(body))
    taken: set[str] = set()
    for row in rows.values():  # of two options with one letter the first has it
        short = row.get("flags", [""])[0]
        if short and short in taken:
            del row["flags"]
        taken.add(short)
    return rows


def _row(
    attributes: str, field: str, kind: str, enums: dict[str, list[str]]
) -> tuple[str, dict[str, Any]]:
    """The name and the row of one field."""
    said = ",".join(re.findall(r"#\[clap\(([^\]]*)\)\]", attributes))
    name = field.replace("_", "-")
    inner = re.sub(r"^(?:Option|Vec)<(.*)>$", r"\1", kind)
    inner = re.sub(r"^Vec<(.*)>$", r"\1", inner)
    row: dict[str, Any] = {}
    if re.search(r"\bshort\b", said):
        row["flags"] = [f"-{field[0]}", f"--{name}"]
    if kind == "bool":
        row["type"] = "flag"
    elif inner == "bool":
        row["type"] = "bool"
    elif "value_delimiter" not in said and inner in KINDS:
        row["type"] = KINDS[inner]
    if inner in LIMITS:
        row |= {"low": 0, "high": LIMITS[inner]}
    if inner in enums:
        row["choices"] = sorted(enums[inner])
    if kind.startswith("Vec<"):
        row["repeat"] = True
    if re.search(r"\benv\b", said):
        row["env"] = field.upper()
    default = re.search(r'default_value = "([^"]*)"', said)
    if default:
        row["default"] = _default(default[1], row.get("type", ""))
    return name, row


def _default(text: str, kind: str) -> Any:
    return {"int": int, "float": float}.get(kind, str)(text)


def _enums(text: str) -> dict[str, list[str]]:
    """The words of every enum that clap reads: the variant in small letters with dashes."""
    made = {}
    for found in re.finditer(r"enum (\w+) \{(.*?)\n\}", text, re.DOTALL):
        made[found[1]] = [word or _kebab(name) for word, name in VARIANT.findall(found[2])]
    return made


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _sets(rows: dict[str, Any]) -> dict[str, list[str]]:
    """Models by type, quantisations, cache types and variables."""
    own, library = _own_types(), {}
    folder = os.environ.get("TRANSFORMERS_SRC", "")
    if folder:
        library = dict(_library_types(folder))
    flash = set(own) | {kind for kind, (fits, _) in library.items() if fits}
    split = set(own) | {kind for kind, (fits, planned) in library.items() if fits and planned}
    server = os.path.join(os.environ["TGI_SRC"], "server", "text_generation_server")
    texts = (*python_files(server), _read(LAUNCHER))
    named = {name for text in texts for name in VARIABLE.findall(text)}
    return {
        "architectures": sorted(flash),
        "own_types": sorted(own),
        "split_types": sorted(split),
        "flag_words": ["false", "true"],
        "quantizations": list(rows["quantize"]["choices"]),
        "kv_dtypes": list(rows["kv-cache-dtype"]["choices"]),
        "env": sorted(named | {str(row["env"]) for row in rows.values() if "env" in row}),
    }


def _own_types() -> list[str]:
    return sorted(model_types(_read(MODELS)) - set(NOT_SERVED))


def model_types(text: str) -> set[str]:
    """The model types that `get_model` compares with, by the enum that names them."""
    tree = ast.parse(text)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "ModelType":
            for item in node.body:
                if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                    names[item.targets[0].id] = str(ast.literal_eval(item.value)["type"])
    (model,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "get_model")
    return {word for node in ast.walk(model) for word in _compared(node, names)}


def _compared(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """The types in `model_type == LLAMA` and `model_type in ["RefinedWeb", FALCON]`."""
    if not isinstance(node, ast.Compare) or ast.unparse(node.left) != "model_type":
        return
    for right in node.comparators:
        for item in right.elts if isinstance(right, (ast.List, ast.Tuple)) else [right]:
            if isinstance(item, ast.Name) and item.id in names:
                yield names[item.id]
            elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield item.value


def _library_types(folder: str) -> Iterator[tuple[str, tuple[bool, bool]]]:
    """Types of transformers: whether their attention can be replaced, whether they say a split."""
    for kind, cls in _causal(folder).items():
        place = os.path.join(folder, "transformers", "models", _module(folder, kind))
        models = "".join(_texts(place, "modeling_"))
        configs = "".join(_texts(place, "configuration_"))
        if re.search(rf"^class {cls}\b", models, re.MULTILINE):
            fits = "_supports_attention_backend = True" in models
            yield kind, (fits, "base_model_tp_plan = {" in configs)


def _texts(folder: str, begin: str) -> Iterator[str]:
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.startswith(begin) and name.endswith(".py"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield file.read()


def _causal(folder: str) -> dict[str, str]:
    return _mapping(folder, "modeling_auto.py", "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES")


def _module(folder: str, kind: str) -> str:
    """The folder of a model type, which is its name but for a few."""
    special = _mapping(folder, "configuration_auto.py", "SPECIAL_MODEL_TYPE_TO_MODULE_NAME")
    return special.get(kind, kind.replace("-", "_"))


def _mapping(folder: str, file: str, name: str) -> dict[str, str]:
    """An `OrderedDict([...])` of an auto file, read without importing it."""
    path = os.path.join(folder, "transformers", "models", "auto", file)
    with open(path, encoding="utf-8") as text:
        tree = ast.parse(text.read())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            assert isinstance(node.value, ast.Call)
            pairs = ast.literal_eval(node.value.args[0])
            return {str(kind): str(cls) for kind, cls in pairs}
    return {}
