"""What a `}` too many leaves in doubt: a block may have been closed before all of it was said."""

from __future__ import annotations

from servec.dsl.tree import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.tree import File, Statement


def spilt(file: File) -> dict[int, list[Statement]]:
    """Statements that stand between a top-level block and a `}` that closes nothing, by the start
    of that block, to which they may belong."""
    found: dict[int, list[Statement]] = {}
    for stray in file.strays:
        before = [node for node in file.statements if node.end <= stray]
        at = max((at for at, node in enumerate(before) if _is_top(node)), default=-1)
        if at >= 0 and before[at + 1 :]:
            found.setdefault(before[at].start, []).extend(before[at + 1 :])
    return found


def _is_top(node: Statement) -> bool:
    return type(node) is Block and node.name in ("deployment", "profile", "fleet")
