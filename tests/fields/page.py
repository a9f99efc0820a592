"""The matrix as pages of `generated/fields/`: one for each runtime, one for servec itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import load_table, versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fields.matrix import Cell

SHOWN = 4
ABOUT = """Made by the tests: each field is written into a spec, which is compiled with and without;
what changed is named here. An option, a variable or a file: it is emitted. A form: a file around
the command has it. `decided`: plan, memory or figures change. A code: it is refused (in brackets:
of some values), or left out with that warning. No field is dropped in silence."""


def ends(runtime: str) -> tuple[str, ...]:
    """The oldest and the newest version of a runtime."""
    return tuple(dict.fromkeys((versions(runtime)[0], versions(runtime)[-1])))


def runtime_page(runtime: str, found: Mapping[str, Sequence[Cell]]) -> str:
    """The page of a runtime; `found`: version to its cells, in the same order of fields."""
    heads = [f"{runtime} {version}" for version in found]
    lines = [f"# Fields on {runtime}", "", ABOUT, "", *_head(heads)]
    for row in zip(*found.values(), strict=True):
        texts = [cell_text(cell, runtime, v) for cell, v in zip(row, found, strict=True)]
        lines.append(f"| `{row[0].path}` | {' | '.join(texts)} |")
    return "\n".join(lines) + "\n"


def own_page(found: Sequence[Cell], runtime: str) -> str:
    """The page of the fields that servec acts on whatever the runtime."""
    lines = ["# Fields that servec itself acts on", "", ABOUT, "", *_head(["what changes"])]
    lines += [f"| `{cell.path}` | {cell_text(cell, runtime, '')} |" for cell in found]
    return "\n".join(lines) + "\n"


def _head(names: Sequence[str]) -> list[str]:
    return [f"| field | {' | '.join(names)} |", "|" + " --- |" * (len(names) + 1)]


def cell_text(cell: Cell, runtime: str, version: str) -> str:
    """What one cell says."""
    kind, names = cell.effect.kind, cell.effect.names
    if kind == "emitted":
        return _listed(_claimed(cell, runtime, version) or _without_lines(names))
    if kind == "written":
        return "files: " + ", ".join(names)
    if kind == "judged":
        return f"[{', '.join(names)}]"
    if kind == "told":
        return "left out: " + ", ".join(names) if "SRV318" in names else ", ".join(names)
    return ", ".join(names) if kind == "refused" else kind


def _listed(names: Sequence[str]) -> str:
    more = ", …" if len(names) > SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:SHOWN]) + more


def _claimed(cell: Cell, runtime: str, version: str) -> list[str]:
    """The names that the portable table claims for the field, of those that were seen."""
    if not version:
        return []
    table, row = load_table(runtime, version), load_portable(runtime, version).rows
    own = {path for path in row if path == cell.path}
    claimed = set()
    for name, paths in load_portable(runtime, version).options().items():
        option = table.option(name)
        if own & set(paths):
            flags = (*option.flags, *option.off) if option else ()
            claimed |= {f"${name[4:]}"} if name.startswith("env:") else {f"--{name}", *flags}
    return [name for name in cell.effect.names if name in claimed]


def _without_lines(names: Sequence[str]) -> list[str]:
    """The names; a line of a file is named by what stands before its value."""
    made = [
        name.partition(": ")[2].partition(":")[0].strip(' "-[]{},') if ": " in name else name
        for name in names
    ]
    return list(dict.fromkeys(name for name in made if name))
