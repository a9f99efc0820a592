"""Makes `targets/<name>/constructors.json` from unpacked releases: what their classes take.

`python -m servec.targets.shared.past.constructors NAME FOLDER...` where `FOLDER/<version>/` holds
the package of a release; nothing of them is run. `python.json` of the target names the classes.
"""

from __future__ import annotations

import ast
import glob
import os
import sys

from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.targets.shared.past.extract import written
from servec.targets.shared.past.source import parse
from servec.targets.shared.past.spans import span
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

ABOUT = "The fields of what a program constructs, read from its source by targets/shared/past."


def fields(folder: str, files: Sequence[str], bases: Sequence[str]) -> list[str]:
    """The keywords that a class takes, `bases` being its name and those it inherits them from; a
    file with `*` stands for a folder whose classes all have some."""
    found: list[str] = []
    for name in files:
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), name))):
            for node in ast.walk(parse(path)):
                if isinstance(node, ast.ClassDef) and (node.name in bases or "*" in name):
                    found += [field for field in _fields(node) if field not in found]
    return found


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """Annotated names, and the parameters of `__init__`."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            own = item.target.id.startswith("_") or "ClassVar" in ast.unparse(item.annotation)
            yield from () if own else (item.target.id,)
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            yield from (arg.arg for arg in (*item.args.args[1:], *item.args.kwonlyargs))


def document(runtime: str, folders: Mapping[str, str]) -> dict[str, Any]:
    """The table of all releases, `folders` by version."""
    told = load_json(FOLDER, runtime, "python.json")["classes"]
    versions = sorted(folders, key=order)
    classes: dict[str, dict[str, str]] = {}
    for name, row in told.items():
        held = [fields(folders[each], row["files"], row["bases"]) for each in versions]
        every = sorted({field for each in held for field in each})
        classes[name] = {field: span([field in each for each in held], versions) for field in every}
    return {"about": ABOUT, "runtime": runtime, "versions": versions, **classes}


def main(words: Sequence[str]) -> None:
    """Write the table of a runtime."""
    runtime, *places = words
    folders = {
        version: os.path.join(place, version)
        for place in places
        for version in os.listdir(place)
        if os.path.isdir(os.path.join(place, version))
    }
    path = os.path.join(FOLDER, runtime, "constructors.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(written(document(runtime, folders)))


if __name__ == "__main__":
    main(sys.argv[1:])
