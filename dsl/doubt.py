"""What is not known of a body: the paths that an error leaves undetermined.

A doubt is a path, which stands for all at and under it: `limits.context` (its value was refused),
`parallel` (a block that could not be read), "" (anything, as with `extends`). One that ends in `*`
stands for the fields directly in a block (`limits.*`, `*`): what a name that nothing is near to may
have meant.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.spec import Spec

ANYTHING = ""


def covered(doubts: Iterable[str], path: str) -> bool:
    """Whether `path` is one of those in doubt."""
    return any(_covers(doubt, path) for doubt in doubts)


def touched(doubts: Iterable[str], path: str) -> bool:
    """Whether `path`, or anything under it, is in doubt."""
    under = path + "."
    return any(_covers(doubt, path) or doubt.startswith(under) for doubt in doubts)


def hangs_on_doubt(spec: Spec, path: str) -> bool:
    """Whether what `spec` says at or under `path` is not known."""
    return path not in spec.settings and touched(spec.doubts, path)


def _covers(doubt: str, path: str) -> bool:
    if doubt.endswith("*"):
        block = doubt[:-1]
        return path.startswith(block) and "." not in path[len(block) :]
    return doubt in (ANYTHING, "extends") or path == doubt or path.startswith(doubt + ".")
