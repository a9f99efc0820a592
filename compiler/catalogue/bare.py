"""Devices of which only the architecture is known: `sm86`, `gfx1151`, `cpu-x86`."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.catalogue.store import fact
from servec.compiler.device import Device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CODE = re.compile(
    r"(?:\b(?:sm|compute|cc)[ _.-]?|\b(?:compute|cuda|device)[ _]+(?:capability|arch)\w*"
    r"(?:\s+(?:of|at least))?\s*[:=]?\s*|\barch\s+|\bcapability\s*[:=]?\s*)"
    r"[(v]?(\d{1,3})(?:\s*[.,]\s*([\dx]))?[a-f]?\b",
    re.I,
)
"""A CUDA compute capability: `sm_86`, `SM 8.6`, `sm_120a`, `cc 8.6`, `compute capability 8.6`."""
GFX = re.compile(r"(?<![a-z0-9])gfx[ -]?(\d{2,3}[0-9a-f]{1,2})(?![a-z0-9])", re.I)


def bare_device(name: str) -> Device | None:
    """The device that stands for an architecture, under one of its names; None for another."""
    arch = _names().get(name)
    if arch is None:
        return None
    row = architectures()[arch]
    return Device(
        name=name,
        id=arch,
        vendor=row["vendor"],
        kind=row["kind"],
        arch=arch,
        generation=row["generation"],
        capability=row["capability"],
        memory=0,
        usable=0,
        bandwidth=0,
        flops={},
        native=frozenset(row["native"]),
        backends=frozenset(row["backends"]),
        link="",
        link_bandwidth=0,
        domain=0,
        unified=row.get("unified", False),
        source=row["source"],
    )


def architectures() -> dict[str, dict[str, Any]]:
    """The rows of the table of architectures."""
    found: dict[str, dict[str, Any]] = fact("architectures")["architectures"]
    return found


def bare_names() -> tuple[str, ...]:
    """Every name of an architecture that a spec may write."""
    return tuple(_names())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    named = {arch: arch for arch in architectures()}
    for arch, row in architectures().items():
        named |= dict.fromkeys(row.get("codes", ()), arch)
    return named


def coded(text: str) -> tuple[str, ...]:
    """The architectures whose codes a text names, as it names them; none where it names none."""
    found: dict[str, None] = {}
    for one in GFX.finditer(text):
        found[f"gfx{one[1].lower()}"] = None
    for one in CODE.finditer(text):
        major, minor = one[1], (one[2] or "").lower()
        if not minor and len(major) == 1:
            minor = "0"
        found[f"sm{major}{'0' if minor == 'x' else minor}"] = None
    return tuple(name for name in found if name in _names())


@lru_cache(maxsize=1)
def worded() -> dict[str, tuple[str, ...]]:
    """What people call architectures, in small letters, and which those are."""
    found: dict[str, list[str]] = {}
    for arch, row in architectures().items():
        for word in row.get("words", ()):
            found.setdefault(word, []).append(arch)
    return {word: tuple(archs) for word, archs in found.items()}
