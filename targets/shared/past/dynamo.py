"""Makes `targets/shared/importing/programs/dynamo_flags.json` from unpacked wheels of `ai-dynamo`.

`python -m servec.targets.shared.past.dynamo FOLDER` where `FOLDER/<version>/` holds `dynamo` and
the wheel's metadata; they come from the package index, and nothing of them is run. The file has the
flags of each program beside those of the engine inside, by the releases that have them, and the
engine that each release was made for.
"""

from __future__ import annotations

import ast
import glob
import os
import re
import sys

from servec.compiler.options.versions import order
from servec.targets.shared.past.extract import written
from servec.targets.shared.past.source import SWITCHES, literal, parse, text
from servec.targets.shared.past.spans import span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

PROGRAMS = {
    "vllm": ("vllm/args.py",),
    "sglang": ("sglang/args.py",),
    "trtllm": ("trtllm/args.py", "trtllm/utils/trtllm_utils.py"),
    "frontend": ("frontend/frontend_args.py", "frontend/main.py"),
}
"""The files that make a program's parser; those of Dynamo that they import are read, too."""
PINS = {"vllm": "vllm", "sglang": "sglang", "trtllm": "tensorrt-llm"}
ABOUT = (
    "What Dynamo's programs take beside the engine inside, read by targets/shared/past/dynamo.py."
)
SOURCE = "the wheels of ai-dynamo, dynamo/{vllm,sglang,trtllm,frontend,common}"
OUT = os.path.join(os.path.dirname(__file__), "..", "importing", "programs", "dynamo_flags.json")


def flags_of(folder: str, program: str) -> dict[str, dict[str, Any]]:
    """The flags of a program: whether each is a `switch` or takes a word or a `list`, `choices`."""
    seen: set[str] = set()
    wanted = [os.path.join(folder, "dynamo", file) for file in PROGRAMS[program]]
    found: dict[str, dict[str, Any]] = {}
    while wanted:
        path = os.path.normpath(wanted.pop())
        if path in seen or not os.path.exists(path):
            continue
        seen.add(path)
        tree = parse(path)
        for names, row in _rows(tree):
            found.update((name, row) for name in names)
        wanted += _imported(tree, path, folder, program)
    return found


def _imported(tree: ast.AST, path: str, folder: str, program: str) -> Iterator[str]:
    """The files of Dynamo's common part and of the program's own options that a file imports."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        parts = (node.module or "").split(".")
        if node.level:
            base = path
            for _ in range(node.level):
                base = os.path.dirname(base)
        elif parts[:2] in (["dynamo", "common"], ["dynamo", program]):
            base = folder
        else:
            continue
        at = os.path.join(base, *filter(None, parts))
        for name in (at, *(os.path.join(at, each.name) for each in node.names)):
            plain = name.rpartition("/")[2]
            if "/common/" in name or plain.endswith("args"):
                yield name + ".py"
                yield os.path.join(name, "__init__.py")


def _rows(tree: ast.AST) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """The flags of each call, or row of a dictionary, that makes an option."""
    made = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    twins = {name for name, node in made.items() if any(map(_negates, node.bases))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):  # {"flags": ["--endpoint"], "type": str}
            pairs = zip(node.keys, node.values, strict=True)
            given = {_text(key): value for key, value in pairs if _text(key)}
            names = literal(given["flags"], {}) if "flags" in given else None
        elif isinstance(node, ast.Call) and _called(node) in ("add_argument", *NEGATABLE):
            given = {word.arg: word.value for word in node.keywords if word.arg}
            extra = (given.get("flag_name"), given.get("obsolete_flag"))
            names = [_text(each) for each in (*node.args, *extra)]
        else:
            continue
        spelt = [name for name in names or () if name.startswith("-")]
        if spelt:
            switch = isinstance(node, ast.Call) and _called(node) in NEGATABLE
            yield spelt, _row(given, switch or ast.unparse(given.get("action", node)) in twins)


NEGATABLE = ("add_negatable_bool_argument", "add_negatable_bool")


def _negates(base: ast.AST) -> bool:
    return ast.unparse(base).endswith("OptionalAction")


def _text(node: ast.AST | None) -> str:
    """The text that a node is, "" for none."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def _row(given: dict[Any, ast.expr], negatable: bool) -> dict[str, Any]:
    action = ast.unparse(given["action"]).strip("'\"") if "action" in given else ""
    if negatable or action in (*SWITCHES, "version") or action.endswith("OptionalAction"):
        return {"kind": "switch"}
    row: dict[str, Any] = {"kind": "list" if "nargs" in given else "word"}
    choices = literal(given["choices"], {}) if "choices" in given else None
    return {**row, "choices": choices} if choices else row


def engines(folder: str) -> dict[str, str]:
    """The release of each engine that the wheel asks for."""
    (path,) = glob.glob(os.path.join(folder, "*.dist-info", "METADATA"))
    held = text(path)
    found = {
        name: re.search(rf"^Requires-Dist: {package}(?:\[[^]]*\])?==([^;\s]+)", held, re.MULTILINE)
        for name, package in PINS.items()
    }
    return {name: pin[1] for name, pin in found.items() if pin}


def document(folder: str) -> dict[str, Any]:
    """The table of all releases that lie in a folder."""
    versions = sorted(os.listdir(folder), key=order)
    pins = {version: engines(os.path.join(folder, version)) for version in versions}
    made: dict[str, Any] = {"about": ABOUT, "source": SOURCE, "versions": versions}
    made["engines"] = {
        name: {version: pins[version][name] for version in versions if name in pins[version]}
        for name in PINS
    }
    for program in PROGRAMS:
        held = [flags_of(os.path.join(folder, version), program) for version in versions]
        made[program] = {
            flag: _spans([each.get(flag) for each in held], versions)
            for flag in sorted({flag for each in held for flag in each})
        }
    return made


def _spans(rows: Sequence[dict[str, Any] | None], versions: Sequence[str]) -> list[Any]:
    """`[span, kind]`, and behind it what values it may have by stretch."""
    kind = next(row["kind"] for row in reversed(rows) if row)
    lists = [row.get("choices") if row else None for row in rows]
    each = {repr(held): held for held in lists if held}
    told = [[span([held == one for held in lists], versions), one] for one in each.values()]
    return [span([row is not None for row in rows], versions), kind, *told]


def main() -> None:
    """Write the table."""
    with open(OUT, "w", encoding="utf-8") as file:
        file.write(written(document(sys.argv[1])))


if __name__ == "__main__":
    main()
