"""Whether a misspelt name of a thing with numbers in it can be corrected unasked."""

from __future__ import annotations

import re


def slip(name: str, near: tuple[str, ...]) -> bool:
    """Whether the first of the near names is what was meant, beyond doubt.

    `qwen3-32` may be `qwen3-32b`, but `h10` is no clearer `h100` than `a10` is, and a 72b model is
    not a 7b one: the numbers must agree, and no other near name may have the same ones.
    """
    alike = [other for other in near if _numbers(other) == _numbers(name)]
    return alike[:1] == list(near[:1]) and len(alike) == 1


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)
