"""Commands that differ in their rank alone are one launch over several nodes."""

from __future__ import annotations

import json

from servec.targets.shared.importing.said import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.programs.program import Command

RANK = ("node-rank", "data-parallel-start-rank")
FIRST_ONLY = ("host", "port", "api-server-count", "headless")
"""Options that the first node alone has, or the others alone."""


def grouped(table: OptionTable, commands: Sequence[Command]) -> tuple[tuple[Command, ...], ...]:
    """The launches in the commands of one runtime, in order; each from its first rank on."""
    groups: dict[str, list[tuple[int, Command]]] = {}
    for at, item in enumerate(commands):
        found = said(table, item.words)
        ranks = [found.options[name] for name in RANK if name in found.options]
        rest = {n: v for n, v in found.options.items() if n not in (*RANK, *FIRST_ONLY)}
        spread = _spread(rest)
        same = json.dumps([found.positional, found.unknown, rest], sort_keys=True, default=str)
        rank = ranks[0] if ranks and isinstance(ranks[0], int) else 0
        groups.setdefault(same if spread else str(at), []).append((rank, item))
    made: list[tuple[Command, ...]] = []
    for members in groups.values():
        ranks_of = [rank for rank, _ in members]
        ordered = sorted(members, key=lambda pair: pair[0])
        if len(set(ranks_of)) == len(members) and min(ranks_of) == 0:
            made.append(tuple(item for _, item in ordered))
        else:
            made += [(item,) for _, item in members]
    return tuple(made)


def _spread(options: dict[str, Any]) -> bool:
    """Whether a line belongs to a launch over several nodes."""
    return "nnodes" in options or "data-parallel-size-local" in options
