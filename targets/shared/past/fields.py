"""The fields of JSON objects that flags of an old release take, as its classes hold them."""

from __future__ import annotations

from servec.targets.shared.importing.texts import json_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from servec.targets.shared.past.line import Past, Use


def told_fields(past: Past, flag: str) -> bool:
    """Whether a flag is given an object of which the release's source tells the fields."""
    return any(name == flag.lstrip("-") for name, _ in _objects(past))


def field_troubles(past: Past) -> Iterator[tuple[str, str, str, str, str]]:
    """Code, title, reason, path and severity of each field that its object does not have.

    A release that passes over such fields goes on, without what was asked.
    """
    release = past.release
    where = f"{release.runtime} {release.version}"
    for flag, held in _objects(past):
        there = ", ".join(name.partition(".")[2] for name in _fields(past, flag))
        known = bool(release.span_of("passed_over", flag))
        lax = known and release.member("passed_over", flag) is not False
        for field in held:
            if release.member("fields", f"{flag}.{field}") is False:
                verb = "passes over" if lax else "does not take"
                title = f"{where} {verb} `{flag}.{field}`"
                why = f"it has {there}"
                yield "SRV205", title, why, "target", "warning" if lax else "error"


def _objects(past: Past) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of the line by flag, for the flags whose fields are known."""
    for use in past.uses:
        flag = _long(past, use)
        if not _fields(past, flag):
            continue
        if use.field:
            yield flag, {use.field.partition(".")[0]: None}
        elif use.values:
            held = json_of(use.values[0])
            if isinstance(held, dict):
                yield flag, held


def _long(past: Past, use: Use) -> str:
    """The option that a flag is of, by its long name."""
    name = use.flag.lstrip("-").replace("_", "-")
    if use.flag.startswith("--"):
        return name
    from servec.targets.shared.past.ways import way_of
    from servec.targets.shared.table import load_table

    known: str = way_of(past.release, "short").get("flags", {}).get(name, "")
    found = load_table(past.release.runtime, past.release.table).flag(use.flag)
    return known or (found[0].name if found else name)


def _fields(past: Past, flag: str) -> list[str]:
    return [name for name in past.release.members("fields") if name.startswith(f"{flag}.")]
