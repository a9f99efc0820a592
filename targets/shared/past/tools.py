"""Makes `targets/<name>/tools.json`: what the programs of a runtime that serve nothing take.

`python -m servec.targets.shared.past.tools NAME FOLDER` where `FOLDER/<version>/` holds the sources
of each release, read and never run. The runtime's `source_tools.py` has `tools(folder)`, for each
program (its words as one text) the rows of its flags: `flags`, `type`, `arity`, `choices`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from servec.compiler.options.versions import order
from servec.targets.shared.past.source import SWITCHES
from servec.targets.shared.past.spans import span
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

ABOUT = "What programs that serve nothing take, read by targets/shared/past/tools.py."
KINDS = {"flag": "switch", "switch": "switch"}


def document(runtime: str, folder: str) -> dict[str, Any]:
    """The table of a runtime out of the releases that lie in `folder`."""
    module = importlib.import_module(f"servec.targets.{runtime}.source_tools")
    names = sorted(os.listdir(folder), key=order)
    found = [module.tools(os.path.join(folder, name)) for name in names]
    programs = sorted({program for each in found for program in each})
    made = {program: _program([each.get(program) for each in found], names) for program in programs}
    for program, flags in module.TOLD.items():
        for flag, there in flags.items():
            made[program]["flags"][flag][0] = f"={there}"
    return {"about": ABOUT, "source": module.SOURCE, "syntax": module.SYNTAX, "programs": made}


def _program(tables: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """The releases in which a program was read, and each of its flags with its span and kind."""
    read = [name for name, table in zip(names, tables, strict=True) if table]
    held = [{flag: row for row in table for flag in row["flags"]} for table in tables if table]
    flags = sorted({flag for each in held for flag in each})
    return {"versions": read, "flags": {flag: _flag(flag, held, read) for flag in flags}}


def _flag(flag: str, held: Sequence[Mapping[str, Any]], read: Sequence[str]) -> list[Any]:
    """`[span, kind]`, and the values of the last release that has it, where it lists them; the kind
    is `any` where it was of several."""
    kinds = {_kind(each[flag]) for each in held if flag in each}
    last = next(each[flag] for each in reversed(held) if flag in each)
    kind = _kind(last) if len(kinds) == 1 else "any"
    row = [span([flag in each for each in held], read), kind]
    return [*row, [str(c) for c in last["choices"]]] if last.get("choices") else row


def _kind(row: Mapping[str, Any]) -> str:
    """`word`, `switch`, or `list` of words, none among them."""
    if row.get("type") in (*KINDS, *SWITCHES):
        return "switch"
    return "list" if "arity" in row else "word"


def main(runtime: str, folder: str) -> int:
    """Write the table of a runtime, a flag a line."""
    made = document(runtime, folder)
    programs = made.pop("programs")
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in made.items()]
    parts = []
    for name, table in programs.items():
        flags = [f"{json.dumps(flag)}: {json.dumps(row)}" for flag, row in table["flags"].items()]
        head = f'"versions": {json.dumps(table["versions"])}'
        parts.append(f'{json.dumps(name)}: {{\n{head},\n"flags": {{\n' + ",\n".join(flags) + "\n}}")
    body = ",\n".join([*lines, '"programs": {\n' + ",\n".join(parts) + "\n}"])
    with open(os.path.join(FOLDER, runtime, "tools.json"), "w", encoding="utf-8") as file:
        file.write("{\n" + body + "\n}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
