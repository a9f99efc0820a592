"""Which option table applies to what a spec states: exact pins, builds, `main`, and ranges."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from packaging.specifiers import SpecifierSet

    Order: TypeAlias = tuple[tuple[int, ...], int, int, int, int]

# Texts, not patterns: `re` compiles them when they are first used, which for the names of most
# tables is never (see `_plain_order`).
_EXACT = (
    r"v?(\d{1,18}(?:\.\d{1,18})*)(?:[-_.]?(a|b|rc)[-_.]?(\d{1,18}))?(?:[-_.]?post[-_.]?(\d{1,18}))?"
    r"(?:[-_.]?dev[-_.]?(\d{1,18}))?(?:\+[a-z0-9.]+)?"
)
_BUILD = r"b(\d{1,18})"
_PHASE = {"a": 0, "b": 1, "rc": 2}
_RANGE = r"\s*(>=|<=|==|!=|~=|<|>)"


@record
class Picked:
    """The tables for a stated version, oldest first; the last one is emitted for.

    `near`: no table has that name, and a neighbour was taken (SRV209). Without tables there is none
    to take, or what was stated is no version (SRV207). `wide`: a range was stated.
    """

    tables: tuple[str, ...] = ()
    near: bool = False
    wide: bool = False

    @property
    def version(self) -> str:
        """The table that is emitted for, "" where there is none."""
        return self.tables[-1] if self.tables else ""


@lru_cache(maxsize=256)
def order(version: str) -> Order:
    """The sort key of a version: releases, builds (`b9093`), and `main` after all of them."""
    if version == "main":
        return ((1 << 30,), 0, 0, 0, 0)
    plain = _plain_order(version)
    if plain:
        return plain
    build = re.fullmatch(_BUILD, version)
    if build:
        return ((int(build[1]),), 3, 0, 0, 0)
    found = re.fullmatch(_EXACT, version)
    if not found:
        raise ValueError(version)
    release = [int(part) for part in found[1].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    phase, dev = _PHASE[found[2]] if found[2] else 3, found[5]
    if dev and not found[2] and not found[4]:
        phase = -1
    return (
        tuple(release),
        phase,
        int(found[3] or 0),
        int(found[4]) + 1 if found[4] else 0,
        int(dev) if dev else 1 << 30,
    )


def _plain_order(version: str) -> Order | None:
    """The key of `0.33.0`, `1.3.0rc3` and `0.5.12.post1`, None for anything else."""
    head, _, post = version.partition(".post")
    body, candidate, number = head.partition("rc")
    parts = body.split(".")
    numbers = (*parts, post or "0", number if candidate else "0")
    if not version.isascii() or not all(part.isdigit() and len(part) < 19 for part in numbers):
        return None
    release = [int(part) for part in parts]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    phase = _PHASE["rc"] if candidate else 3
    return (tuple(release), phase, int(number or 0), int(post) + 1 if post else 0, 1 << 30)


def minor(version: str) -> tuple[int, ...]:
    """The minor release a version belongs to; all builds form one."""
    found = re.fullmatch(_EXACT, version)
    if not found or re.fullmatch(_BUILD, version):
        return ()
    parts = [int(part) for part in found[1].split(".")]
    return (*parts, 0)[:2]


def is_exact(stated: str) -> bool:
    """Whether `stated` names one version."""
    return stated == "main" or bool(re.fullmatch(_BUILD, stated) or re.fullmatch(_EXACT, stated))


def pick(stated: str, known: tuple[str, ...], main: str = "") -> Picked:
    """The tables that apply to `stated` out of `known` (oldest first); see the reference, `on`.

    `main` is the first release that the table of that name is nearer to than any before it.
    """
    if not known:
        return Picked()
    if stated.isdecimal() and _builds(known):
        stated = f"b{stated}"
    if not stated or stated in known:
        return Picked((stated or known[-1],))
    if re.match(_RANGE, stated):
        return Picked(_within(stated, known), wide=True)
    if not is_exact(stated) or bool(re.fullmatch(_BUILD, stated)) != _builds(known):
        return Picked((known[-1],), near=True) if stated == "main" else Picked()
    wanted = order(stated)
    for version in known:
        if order(version) == wanted:
            return Picked((version,))
    if main and wanted >= order(main):
        return Picked(("main",), near=True)
    return _near(stated, wanted, known)


def _near(stated: str, wanted: Order, known: tuple[str, ...]) -> Picked:
    """The neighbour of a version without a table: of its minor release, else the newest before."""
    family = minor(stated)
    there = [v for v in known if minor(v) == family and v != "main"]
    below = [v for v in there if order(v) < wanted]
    if below:
        return Picked((below[-1],), near=True)
    if there:
        return Picked((there[0],), near=True)
    released = [v for v in known if v != "main"] or list(known)
    return Picked((released[-1],), near=True) if wanted > order(released[-1]) else Picked()


def _builds(known: tuple[str, ...]) -> bool:
    return bool(re.fullmatch(_BUILD, known[0]))


def below(stated: str, known: tuple[str, ...]) -> str:
    """The oldest table where a range admits releases before it, "" where it does not."""
    oldest = known[0]
    wanted = _specified(stated, known) if re.match(_RANGE, stated) else None
    before = str(int(oldest[1:]) - 1) if _builds(known) else f"{oldest}.dev0"
    return oldest if wanted is not None and wanted.contains(before, prereleases=True) else ""


def _within(stated: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The tables in a range as pip writes it; none where it cannot be read."""
    wanted, builds = _specified(stated, known), _builds(known)
    return tuple(
        v
        for v in known
        if wanted is not None
        and v != "main"
        and wanted.contains(v[1:] if builds else v, prereleases=True)
    )


def _specified(stated: str, known: tuple[str, ...]) -> SpecifierSet | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    text = re.sub(r"(?<![A-Za-z0-9.])b(?=\d)", "", stated) if _builds(known) else stated
    if re.search(r"\d{19}", text):
        return None
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None
