"""Keeps what was made of the last argument, told by identity: values too large to be hashed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Of = TypeVar("Of")
    Made = TypeVar("Made")


def kept(make: Callable[[Of], Made]) -> Callable[[Of], Made]:
    """`make`, which is not called again where it is asked for the same object twice in a row.

    All plans of a deployment ask the same of its spec. What is made must not be changed.
    """
    last: list[tuple[Any, Any]] = [(None, None)]

    def found(of: Of) -> Made:
        of_last, made = last[0]
        if of_last is not of:
            made = make(of)
            last[0] = (of, made)
        answer: Made = made
        return answer

    return found
