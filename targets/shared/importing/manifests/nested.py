"""What a YAML text holds at any depth."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

NODES = 100_000
"""Mappings and lists that are looked at; parts that anchors share count once."""


def mappings(root: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping at and below `root`, in the order of the text; a shared one comes once."""
    seen: set[int] = set()
    stack = [root]
    while stack and len(seen) < NODES:
        node = stack.pop()
        if not isinstance(node, (dict, list)) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, dict):
            yield node
        stack += reversed(list(node.values()) if isinstance(node, dict) else node)
