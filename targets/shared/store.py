"""Writes option tables: one option a line, sorted, as a difference where that is smaller."""

from __future__ import annotations

import json
import os

from servec.targets.shared.table import FOLDER, load_fields, load_sets, load_table, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

HEAD = ("runtime", "version", "base", "source", "syntax", "prefixes", "positional")
SHORT = HEAD[:4]


def texts(found: Mapping[str, Any], base: str = "") -> dict[str, str]:
    """The files of a version, path below `targets/` to text.

    `found` is what an oracle's `describe` gives. `base`: the version to store it as a difference
    from; the difference is taken only where it is the smaller of the two.
    """
    runtime, version = found["runtime"], found["version"]
    head = {key: found[key] for key in HEAD if found.get(key)}
    removed = found.get("removed") or {}
    table = _options(head, found["options"], removed)
    registry, fields = _registry(head, found["sets"]), _fields(head, found["fields"])
    if base and base != version:
        under = {**head, "base": base}
        rows = difference(load_table(runtime, base).rows, found["options"])
        table = min(table, _options(under, rows, removed), key=len)
        sets = _set_changes(load_sets(runtime, base), found["sets"])
        registry = min(registry, _registry(under, sets), key=len)
        change = _field_changes(load_fields(runtime, base), found["fields"])
        fields = min(fields, _fields(under, change), key=len)
    out = {"options": table, "registries": registry}
    if found["fields"]:
        out["fields"] = fields
    return {f"{runtime}/{kind}/{version}.json": text for kind, text in out.items()}


def stored(runtime: str, version: str) -> dict[str, str]:
    """The committed files of a version, in the same form."""
    out = {}
    for kind in ("options", "registries", "fields"):
        path = f"{runtime}/{kind}/{version}.json"
        if os.path.exists(os.path.join(FOLDER, path)):
            with open(os.path.join(FOLDER, path), encoding="utf-8") as file:
                out[path] = file.read()
    return out


def base_of(runtime: str, version: str) -> str:
    """The version that older tables are stored against: the newest full one, "" for itself."""
    known = [v for v in versions(runtime) if v != version]
    full = [v for v in known if not _stored_base(runtime, v)]
    return full[-1] if full and _stored_base(runtime, version) != "" else ""


def _stored_base(runtime: str, version: str) -> str | None:
    """The base a stored table names; "" for a full one, None where there is no table."""
    path = os.path.join(FOLDER, runtime, "options", version + ".json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return str(json.load(file).get("base", ""))


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What must be laid over `old` to get `new`; None for what is gone."""
    changed = {name: row for name, row in new.items() if old.get(name) != row}
    return changed | dict.fromkeys(name for name in old if name not in new)


def _set_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = dict.fromkeys(name for name in old if name not in new)
    for name, members in new.items():
        before, after = set(old.get(name, ())), set(members)
        if before == after:
            continue
        change = {"add": sorted(after - before), "drop": sorted(before - after)}
        small = sum(map(len, change.values())) < len(after)
        out[name] = {k: v for k, v in change.items() if v} if small and before else sorted(after)
    return out


def _field_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = dict.fromkeys(name for name in old if name not in new)
    for name, fields in new.items():
        change = difference(old.get(name, {}), fields)
        if change:
            out[name] = change
    return out


def _options(head: Mapping[str, Any], rows: Mapping[str, Any], removed: Mapping[str, Any]) -> str:
    parts = _lines(head)
    if removed:
        parts.append(f'"removed": {_block(removed)}')
    parts.append(f'"options": {_block(rows)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _registry(head: Mapping[str, Any], sets: Mapping[str, Any]) -> str:
    parts = _lines({key: head[key] for key in SHORT if key in head})
    parts.append('"sets": {\n' + ",\n".join(_set(n, sets[n]) for n in sorted(sets)) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _fields(head: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    parts = _lines({key: head[key] for key in SHORT if key in head})
    blocks = ",\n".join(f"{_json(n)}: {_block(fields[n])}" for n in sorted(fields))
    parts.append('"fields": {\n' + blocks + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _set(name: str, members: Any) -> str:
    if isinstance(members, list):
        return f"{_json(name)}: [\n" + ",\n".join(map(_json, members)) + "\n]"
    return f"{_json(name)}: {_block(members) if members else 'null'}"


def _block(rows: Mapping[str, Any] | None) -> str:
    if rows is None:
        return "null"
    return "{\n" + ",\n".join(f"{_json(n)}: {_json(rows[n])}" for n in sorted(rows)) + "\n}"


def _lines(head: Mapping[str, Any]) -> list[str]:
    return [f"{_json(key)}: {_json(head[key])}" for key in HEAD if key in head]


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)
