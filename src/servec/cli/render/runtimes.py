"""Option tables as text: the list of runtimes, options, and what changed."""

from __future__ import annotations

import json

from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from servec.cli.documents.runtimes import ChangeDocument, OptionDocument, RuntimeDocument
    from servec.compiler.options.table import OptionTable

TITLES = {
    "removed": "removed",
    "added": "added",
    "default": "changed defaults",
    "choices": "changed choices",
    "type": "changed types",
    "flags": "spellings that are gone",
    "deprecated": "newly deprecated",
}


def runtime_list(rows: Sequence[RuntimeDocument], color: bool) -> str:
    """One line a runtime."""
    head = ("runtime", "versions", "options", "value sets")
    cells = [
        (
            row.name,
            " ".join(row.versions),
            str(row.options),
            ", ".join(f"{name} {count}" for name, count in row.sets.items()),
        )
        for row in rows
    ]
    return render_table(head, cells, color, right="2")


def option_list(options: Iterable[OptionDocument], color: bool) -> str:
    """One line an option."""
    head = ("option", "type", "default", "field")
    cells = [
        (row.name, _kind(row), _value(row.default), ", ".join(row.portable)) for row in options
    ]
    return render_table(head, cells, color)


def option_pages(table: OptionTable, options: Iterable[OptionDocument]) -> str:
    """A few lines for each option."""
    return "\n".join("".join(f"{line}\n" for line in _page(table, row)) for row in options)


def _page(table: OptionTable, row: OptionDocument) -> list[str]:
    lines = [f"{row.name}  ({table.runtime} {table.version})"]
    flags = ", ".join((*row.flags, *row.off)) or "none: it is said in the runtime's options file"
    lines.append(f"  flags     {flags}")
    lines.append(f"  takes     {_kind(row)}")
    if row.default is not None:
        lines.append(f"  default   {_value(row.default)}")
    for label, words in (
        ("choices", row.choices or row.values),
        ("fields", row.fields),
        ("portable", row.portable),
        ("versions", row.versions),
    ):
        if words:
            lines.append(f"  {label:9} {', '.join(words)}")
    if row.env:
        lines.append(f"  variable  {row.env}")
    if row.deprecated:
        lines.append(f"  deprecated{'; use ' + ', '.join(row.use) if row.use else ''}")
    return lines


def _kind(row: OptionDocument) -> str:
    if row.type in ("flag", "switch"):
        return row.type
    many = "" if row.arity == "1" else f" x {row.arity}"
    limits = [f"from {row.low:g}" if row.low is not None else ""]
    limits.append(f"to {row.high:g}" if row.high is not None else "")
    return " ".join([row.type + many, *filter(None, limits)])


def change_text(name: str, old: str, new: str, found: Sequence[ChangeDocument]) -> str:
    """The changes by kind, options before value sets."""
    lines = [f"{name} {old} -> {new}"]
    for kind, title in TITLES.items():
        rows = [row for row in found if row.kind == kind and not row.set]
        if rows:
            lines += ["", f"{title} ({len(rows)})", *(f"  {change_line(row)}" for row in rows)]
    sets = [row for row in found if row.set]
    if sets:
        lines += ["", f"value sets ({len(sets)})", *(f"  {change_line(row)}" for row in sets)]
    return "\n".join(lines) + "\n"


def change_line(row: ChangeDocument) -> str:
    """One change in one line."""
    if row.kind == "choices":
        parts = [f"-{word}" for word in row.old] + [f"+{word}" for word in row.new]
        return f"{row.name}: {_some(parts)}"
    if row.kind in ("default", "type"):
        return f"{row.name}: {_value(row.old)} -> {_value(row.new)}"
    if row.kind == "flags":
        return f"{row.name}: {', '.join(row.old)}"
    return f"{row.name}: {_successor(row.use)}" if row.use else row.name


def _successor(text: str) -> str:
    """`use x (why)` where an option took the place, a sentence as it is where none did."""
    option = text.partition(" (")[0].replace(", ", ",")
    return text if " " in option else f"use {text}"


def _some(parts: Sequence[str], limit: int = 14) -> str:
    more = f" and {len(parts) - limit} more" if len(parts) > limit else ""
    return " ".join(parts[:limit]) + more


def _value(value: Any) -> str:
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 60 else text[:59] + "…"
