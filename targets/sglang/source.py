"""What an unpacked release of SGLang says of itself, read from its source; see shared/past."""

from __future__ import annotations

import ast
import glob
import os

from servec.targets.sglang.quantised import quantised
from servec.targets.sglang.staged import unstaged
from servec.targets.shared.oracle.sources import variables
from servec.targets.shared.past import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SYNTAX = ""
PARSERS = {
    "tool_parsers": (r"ToolCallParserEnum", "srt/function_call*"),
    "reasoning_parsers": (r"DetectorMap", "srt/*reasoning_parser*"),
}


def release(folder: str) -> dict[str, Any]:
    """`rows` of the flags and `sets` of one release, and of its quantisations the `least` compute
    capability and the `dtypes`; `folder` holds the package `sglang`."""
    root = os.path.join(folder, "sglang")
    storage = quantised(root)
    tree = source.parse(os.path.join(root, "srt/server_args.py"))
    sets = {**dict(_sets(root)), **{name: storage[name] for name in ("quantizations", "rocm")}}
    named: dict[str, Any] = {name: sets[kind] for kind, (name, _) in PARSERS.items()}
    named["tool_call_parser_choices"] = sets["tool_parsers"]
    named.update(source.lists(tree))
    fields = source.class_fields(tree, "ServerArgs")
    rows = list(source.flags(tree, fields, {k: v for k, v in named.items() if v}))
    told = {name: found for name, found in sets.items() if found}
    return {"rows": rows, "sets": told, "least": storage["least"], "dtypes": storage["dtypes"]}


def _sets(root: str) -> Iterator[tuple[str, list[str]]]:
    entries = sorted(set(_architectures(root)))
    yield "architectures", entries
    stopped = set(unstaged(map(source.parse, _models(root)), entries))
    yield "pipeline", [name for name in entries if name not in stopped]
    environ = source.parse(os.path.join(root, "srt/environ.py"))
    declared = {name for name, _ in source.assigned(environ)}
    named = variables(root, "SGLANG_") | variables(root, "SGL_")
    yield "env", sorted(named | {name for name in declared if name.startswith("SGLANG_")})
    for kind, (name, place) in PARSERS.items():
        paths = glob.glob(os.path.join(root, place)) + glob.glob(os.path.join(root, place, "*.py"))
        paths += glob.glob(os.path.join(root, "srt/parser", os.path.basename(place) + ".py"))
        files = [path for path in sorted(paths) if path.endswith(".py")]
        yield kind, sorted({key for path in files for key in source.keys(source.parse(path), name)})


def _architectures(root: str) -> Iterator[str]:
    for path in _models(root):
        for name, value in source.assigned(source.parse(path)):
            if name == "EntryClass":
                yield from (n.id for n in ast.walk(value) if isinstance(n, ast.Name))


def _models(root: str) -> list[str]:
    return sorted(glob.glob(os.path.join(root, "srt/models/**/*.py"), recursive=True))
