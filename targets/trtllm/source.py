"""What an unpacked release of TensorRT-LLM says of itself, read from its source; see shared/past.

A folder without the package is a release of which `dated.json` tells what the vendor's release
notes and documentation pages do: its flags where a page lists them, and which classes it lacks.
"""

from __future__ import annotations

import ast
import glob
import os
import re

from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.targets.shared.past import source
from servec.targets.shared.table import FOLDER, load_table, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

SYNTAX = ""
NAME = "trtllm"
TYPES = {"int": "int", "float": "float", "str": "str"}
STANDING = {
    "defaults": [
        [program, "--backend", "tensorrt", last]
        for program, last in (
            ("trtllm-serve", "..0.21.0"),
            ("tensorrt_llm.LLM", "..0.21.0"),
            ("convert_checkpoint.py", "..0.21.0"),
            ("build.py", "..0.21.0"),
            ("quantize.py", "..0.17.0.dev2024121700"),
        )
    ],
    "class_sets": {
        "tensorrt": "engine_architectures",
        "trt": "engine_architectures",
        "_autodeploy": "",
    },
}
"""What served where a line did not say: TensorRT-LLM docs/source/release-notes.md of 1.2.0, 1.0:
PyTorch became the default back end of trtllm-serve; and which set tells what it serves."""
CLASSES = ("architectures", "engine_architectures")


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags of `trtllm-serve` and `sets` of one release, from its package."""
    root = os.path.join(folder, "tensorrt_llm")
    if not os.path.isdir(root):
        return _told(os.path.basename(os.path.normpath(folder)))
    served = source.parse(os.path.join(root, "commands/serve.py"))
    sets = {
        "architectures": sorted(_architectures(root)),
        "engine_architectures": sorted(engine_architectures(root)),
        "programs": sorted(_programs(os.path.join(folder, "setup.py"))),
        "gone": [],
        "keys": [],
    }
    return {"rows": list(_options(served)), "sets": sets}


def _options(tree: ast.AST) -> Iterator[dict[str, Any]]:
    """Each `@click.option` as a row: `flags`, `type`, `choices`."""
    yield from clicked(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def clicked(calls: Iterable[ast.Call]) -> Iterator[dict[str, Any]]:
    """The calls that declare an option of click, in a group of them or alone, as rows."""
    for node in calls:
        if ast.unparse(node.func) not in ("click.option", "optgroup.option"):
            continue
        spelt = [str(word.value) for word in node.args if isinstance(word, ast.Constant)]
        given = {word.arg: word.value for word in node.keywords if word.arg}
        row: dict[str, Any] = {"flags": [word for word in spelt if word.startswith("-")]}
        if "is_flag" in given:
            row["type"] = "flag"
        elif "type" in given:
            row["type"] = TYPES.get(ast.unparse(given["type"]), "str")
            listed = re.match(r"click\.Choice\((\[.*\])\)$", ast.unparse(given["type"]))
            if listed:
                row["choices"] = ast.literal_eval(listed[1])
        yield row


def _architectures(root: str) -> Iterator[str]:
    """What the model files register for the PyTorch back end."""
    for path in glob.glob(os.path.join(root, "_torch/models/*.py")):
        for node in ast.walk(source.parse(path)):
            for call in node.decorator_list if isinstance(node, ast.ClassDef) else ():
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "register_auto_model":
                    yield from (str(a.value) for a in call.args if isinstance(a, ast.Constant))


def engine_architectures(root: str) -> Iterator[str]:
    """What engines are built of: the keys of MODEL_MAP, some of them named elsewhere."""
    named = {
        name: held.value
        for path in glob.glob(os.path.join(root, "models/*/config.py"))
        for name, held in source.assigned(source.parse(path))
        if isinstance(held, ast.Constant)
    }
    for name, held in source.assigned(source.parse(os.path.join(root, "models/__init__.py"))):
        for key in held.keys if name == "MODEL_MAP" and isinstance(held, ast.Dict) else ():
            word = (
                key.value if isinstance(key, ast.Constant) else named.get(ast.unparse(key or held))
            )
            if isinstance(word, str):
                yield word


def _programs(path: str) -> Iterator[str]:
    """The commands that the package installs."""
    for node in ast.walk(source.parse(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = re.match(r"(trtllm-[\w-]+)\s*=\s*tensorrt_llm\.", node.value)
            if found:
                yield found[1]


def _told(version: str) -> dict[str, Any]:
    """What is known of a release that was not read: nothing is missing unless it is said to be."""
    told = load_json(os.path.join(FOLDER, NAME, "dated.json"))
    table = load_table(NAME, versions(NAME)[0])
    flags = _listed(told["flags"], version) or sorted(
        {*table.flags(), *(flag for row in told["flags"].values() for flag in row["flags"])}
    )
    rows = [{"flags": [flag], **_took(table, flag)} for flag in flags]
    sets = {kind: _present(told["absent"][kind], table.values(kind), version) for kind in CLASSES}
    sets["programs"] = told["programs"]
    for kind in ("gone", "keys"):
        sets[kind] = [name for name, row in told[kind].items() if _from(row[0], version)]
    return {"rows": rows, "sets": sets}


def _listed(rows: Mapping[str, Any], version: str) -> list[str]:
    """The flags of a release by the first list from it on, as flags stay; empty behind the last."""
    found = [row["flags"] for name, row in rows.items() if _from(version, name)]
    return list(found[0]) if found else []


def _took(table: Any, flag: str) -> dict[str, Any]:
    """The kind of a flag, and the back ends there ever were, as the next table has them."""
    found = table.flag(flag)
    if found and found[0].name == "backend":
        return {"choices": list(found[0].choices)}
    return {"type": "flag"} if found and found[0].boolean and found[0].type == "flag" else {}


def _present(absent: Mapping[str, Any], known: tuple[str, ...], version: str) -> list[str]:
    """The members of a set less those that later releases brought."""
    return [name for name in known if name not in absent or _from(absent[name][0], version)]


def _from(first: str, version: str) -> bool:
    return order(first) <= order(version)
