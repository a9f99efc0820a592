"""Devices by the names people use: `H100 80GB`, `NVIDIA A100-SXM4-40GB`, `RTX 4090`, `M4 Max`."""

from __future__ import annotations

import re

from servec.compiler.catalogue.devices import find_device, names, reported, unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NOISE = frozenset(
    (
        *("nvidia", "geforce", "tesla", "amd", "instinct", "intel", "radeon", "apple"),
        *("gpu", "gpus", "graphics", "card", "cards", "generation", "edition", "workstation"),
        *("core", "tensor", "mac", "studio", "mini", "imac", "unified", "memory", "ram", "vram"),
        *("hbm", "hbm2", "hbm2e", "hbm3", "hbm3e", "gddr6", "gddr6x", "gddr7", "soc", "module"),
        *("nvl4", "nvl8", "nvl36", "nvl72", "devkit"),
    )
)
SAME = {"blackwell": "bw", **{f"sxm{number}": "sxm" for number in range(2, 8)}}
PHRASES = (("raspberry pi ", "rpi"), ("macbook pro", ""), ("macbook air", ""), ("jetson ", ""))
FAMILIES = ("", "rtx", "gtx", "rx", "jetson", "arc")
"""What is left out before a number: `4090`, `7900 XTX`."""
SIZE = re.compile(r"(?<![a-z0-9.])(\d{1,4})\s*(?:gb|gib|g)(?![a-z0-9])")
LEAD = re.compile(r"(\d{1,3})\s*[x\u00d7*]\s*(.+)|(\d{1,3})\s+(.+)")
TAIL = re.compile(r"(.+?)\s*[x\u00d7*:]\s*(\d{1,6})")
NEAR = 0.12
"""By how much a stated memory may be off: GB for GiB, and what a driver keeps."""


def counted(text: str) -> tuple[str, int]:
    """The kind and the number of `H100 x 8`, `8x H100`, `h100:8`; 0 where no number is stated."""
    text = text.strip()
    if heard(text):
        return text, 0
    if found := LEAD.fullmatch(text):
        return found[2] or found[4], int(found[1] or found[3])
    if found := TAIL.fullmatch(text):
        return found[1], int(found[2])
    return text, 0


def heard(text: str) -> tuple[str, ...]:
    """The names of the table that `text` may stand for: one, several parts, or none."""
    if text in names():
        return (text,)
    if several := unclear(text):
        return several
    key, size = _key(text)
    if len(text) > 80 or not text.isprintable():
        return ()
    inner = re.search(r"\(([^()]{3,})\)", text)
    found = _table(key, size) if key else ()
    return found or (heard(inner[1]) if inner else ())


def _table(key: str, size: int) -> tuple[str, ...]:
    known: dict[str, list[str]] = {}
    for name in names():
        known.setdefault(_key(name)[0], []).append(name)
    keys = (key, key.replace("sxm", ""))
    for word in (family + form for form in keys for family in FAMILIES):
        found = known.get(word) or _open(word)
        if found:
            return _of_size(found, size)
    return _of_size(_driver(key), size)


def _key(text: str) -> tuple[str, int]:
    """What tells a name from others, and the GB that it states."""
    text = re.sub(r"\([^)]*\)|[™®]|\d+\W?core\b", " ", text.lower())
    for phrase, short in PHRASES:
        text = text.replace(phrase, short)
    size = SIZE.search(re.sub(r"[-_/,]", " ", text))
    text = SIZE.sub(" ", re.sub(r"[-_/,]", " ", text))
    words = [SAME.get(word, word) for word in re.split(r"[^a-z0-9.]+", text) if word]
    return "".join(word for word in words if word not in NOISE), int(size[1]) if size else 0


def _open(key: str) -> list[str]:
    from servec.compiler.catalogue.store import fact

    return [
        name
        for short, members in fact("hardware")["unclear"].items()
        if _key(short)[0] == key
        for name in members
    ]


def _driver(key: str) -> list[str]:
    """The names of rows that a driver reports so."""
    return [
        name
        for name, place in names().items()
        if any(_key(told)[0] == key for told in reported(place.partition("@")[0]))
    ]


def _of_size(found: Iterable[str], size: int) -> tuple[str, ...]:
    """Those with the memory that is stated, each row once, under its shortest name.

    Where none is stated, those whose names leave it open, too, if there are such.
    """
    rows: dict[tuple[str, int], str] = {}
    found = [name for name in found if not size and not _key(name)[1]] or list(found)
    for name in sorted(found, key=lambda name: (len(name), name)):
        device = find_device(name)
        assert device is not None
        rows.setdefault((device.id, device.memory), name)
    if size:
        off = {row: abs(row[1] / (size * 10**9) - 1) for row in rows}
        least = min([NEAR, *off.values()])
        rows = {row: name for row, name in rows.items() if off[row] <= least}
    return tuple(sorted(rows.values()))
