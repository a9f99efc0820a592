"""What `diff` prints: the document, text for a terminal, a table for a pull request."""

from __future__ import annotations

from servec.cli.documents.diff import ChangeDocument, DiffDocument, DiffedDocument
from servec.cli.render.json import json_diagnostics
from servec.cli.render.paint import Paint
from servec.cli.render.shown import shown
from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.api import Compiled
    from servec.diff.change import Change
    from servec.diff.compare import Compared, Side

GIB = 2**30
NONE, SAME = "-", "nothing that runs differs"
TOPICS = {"env": "variable", "step": "step before the launch"}


def diff_document(
    old: str, new: str, one: Compiled, other: Compiled, found: Sequence[Compared]
) -> DiffDocument:
    """Every change, with figures as they are."""
    return DiffDocument(
        old=old,
        new=new,
        same=not (one.failed or other.failed) and not any(each.changes for each in found),
        deployments=tuple(map(_compared, found)),
        diagnostics=tuple(
            item
            for made in (one, other)
            for item in json_diagnostics(made.diagnostics, made.sources.read)
        ),
    )


def _compared(each: Compared) -> DiffedDocument:
    return DiffedDocument(
        deployment=each.name,
        change=_kind(each),  # type: ignore[arg-type]
        old_target=_target(each.old),
        new_target=_target(each.new),
        changes=tuple(
            ChangeDocument(c.part, c.where, c.name, c.kind, c.old, c.new)  # type: ignore[arg-type]
            for c in each.changes
        ),
    )


def _kind(each: Compared) -> str:
    if each.old is None:
        return "added"
    if each.new is None:
        return "removed"
    return "changed" if each.changes else "same"


def _target(side: Side | None) -> str:
    return f"{side.emission.target} {side.emission.version}" if side else ""


def _title(each: Compared) -> str:
    old, new = _target(each.old), _target(each.new)
    what = new if old in ("", new) else old if not new else f"{old} -> {new}"
    kind = _kind(each)
    return f"{each.name} on {what}" + (f": {kind}" if kind in ("added", "removed") else "")


def _rows(each: Compared) -> list[list[str]]:
    """What, of what, before, after; nothing for a whole side that is new or gone."""
    if each.old is None or each.new is None:
        return []
    rows = [
        [_topic(c), c.name, _value(c, c.old), _value(c, c.new)]
        for c in each.changes
        if c.name != "runtime" and c.part != "file"
    ]
    for kind in ("changed", "added", "removed"):
        names = ", ".join(c.name for c in each.changes if c.part == "file" and c.kind == kind)
        if names:
            rows.append(["files", kind, *((names, NONE) if kind == "removed" else (NONE, names))])
    return rows


def _topic(change: Change) -> str:
    topic = TOPICS.get(change.part, change.part)
    return f"{change.where} {topic}" if change.where else topic


def _value(change: Change, value: Any) -> str:
    """A value as people read it; a flag without a value is `set`."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"{_digits(value['value'])} ({_digits(value['low'])}-{_digits(value['high'])})"
    if isinstance(value, int) and change.name.endswith("_bytes"):
        return f"{value / GIB:.2f} GiB"
    if isinstance(value, float):
        return _digits(value)
    return str(value) or ("set" if change.part == "flag" else NONE)


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def diff_text(_old: str, _new: str, found: Sequence[Compared], color: bool) -> str:
    """A table under the name of each deployment."""
    paint = Paint(color)
    parts = []
    for each in found:
        rows = _rows(each)
        body = render_table(("what", "name", "old", "new"), rows) if rows else ""
        if not body and _kind(each) == "same":
            body = f"{SAME}\n"
        parts.append(f"{paint('bold', shown(_title(each)))}\n{body}")
    return "\n".join(parts)


def diff_markdown(old: str, new: str, found: Sequence[Compared], _color: bool) -> str:
    """Markdown: a heading and a table for each deployment."""
    parts = [f"**servec diff** {_code(old)} {_code(new)}\n"]
    for each in found:
        rows = _rows(each)
        parts.append(f"### {_cell(_title(each))}\n")
        if rows:
            lines = ["| what | name | old | new |", "| --- | --- | --- | --- |"]
            for what, name, one, other in rows:
                cells = (_cell(what), _code(name), _code(one), _code(other))
                lines.append(f"| {' | '.join(cells)} |")
            parts.append("\n".join(lines) + "\n")
        elif _kind(each) == "same":
            parts.append(f"{SAME}\n")
    return "\n".join(parts)


def _cell(text: str) -> str:
    """Text of a cell: nothing in it is Markdown or HTML."""
    text = shown(text)
    for sign in "\\`*_[]|<":
        text = text.replace(sign, "\\" + sign)
    return text.replace("&", "&amp;")


def _code(text: str) -> str:
    """Text as code in a cell: as many backticks around as it takes; a bar is an escape there."""
    text = shown(text).replace("|", "\\|")
    if text == NONE:
        return NONE
    longest = max((len(run) for run in _runs(text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _runs(text: str) -> list[str]:
    import re

    return re.findall("`+", text)
