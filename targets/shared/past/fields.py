"""The fields of JSON objects that flags of an old release take, as its classes hold them."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from servec.targets.shared.past.line import Past


def told_fields(past: Past, flag: str) -> bool:
    """Whether a flag is given an object of which the release's source tells the fields."""
    return any(name == flag.lstrip("-") for name, _ in _objects(past))


def field_troubles(past: Past) -> Iterator[tuple[str, str, str, str]]:
    """Code, title, reason and path of each field that its object does not have."""
    release = past.release
    for flag, held in _objects(past):
        there = [name.partition(".")[2] for name in _fields(past, flag)]
        for field in held:
            if release.member("fields", f"{flag}.{field}") is False:
                title = f"{release.runtime} {release.version} does not take `{flag}.{field}`"
                yield "SRV205", title, f"it has {', '.join(there)}", "target"


def _objects(past: Past) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of the line by flag, for the flags whose fields are known."""
    for use in past.uses:
        flag = use.flag.lstrip("-").replace("_", "-")
        if use.values and _fields(past, flag):
            try:
                held = json.loads(use.values[0])
            except ValueError:
                continue
            if isinstance(held, dict):
                yield flag, held


def _fields(past: Past, flag: str) -> list[str]:
    return [name for name in past.release.members("fields") if name.startswith(f"{flag}.")]
