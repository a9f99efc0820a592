"""How a name of hardware is spelt, without what does not tell one device from another."""

from __future__ import annotations

import re

NOISE = frozenset(
    (
        *("nvidia", "geforce", "tesla", "amd", "instinct", "intel", "radeon", "apple", "hygon"),
        *("gpu", "gpus", "graphics", "card", "cards", "generation", "edition", "workstation"),
        *("core", "tensor", "mac", "studio", "mini", "imac", "unified", "memory", "ram", "vram"),
        *("hbm", "hbm2", "hbm2e", "hbm3", "hbm3e", "gddr6", "gddr6x", "gddr7", "soc", "module"),
        *("nvl4", "nvl8", "nvl36", "nvl72", "devkit", "kit", "developer", "corporation", "vf"),
        *("tegra", "r", "tm", "the", "a", "an", "my", "of", "accelerator", "chip", "chips"),
    )
)
SAME = {
    "blackwell": "bw",
    "mobile": "laptop",
    "notebook": "laptop",
    **{f"sxm{number}": "sxm" for number in range(2, 8)},
}
PHRASES = (
    ("raspberry pi ", "rpi"),
    ("macbook pro", ""),
    ("macbook air", ""),
    ("jetson ", ""),
    ("laptop gpu with max-q design", " laptop "),
    ("with max-q design", " laptop "),
    ("max-q", " laptop "),
    ("data center gpu ", ""),
)
SIZE = re.compile(
    r"(?:(?<![a-z0-9.])|(?<=\dg\.))(\d{1,6}(?:\.\d{1,2})?)\s*(gb|gib|g|mib|mb)(?![a-z0-9])"
)
RUNS = re.compile(r"[a-z]+|\d+(?:\.\d+)?")


def keyed(text: str) -> tuple[str, int]:
    """What tells a name from others, and the GB that it states."""
    words, size = spelt(text)
    return "".join(words), size


def sorted_key(text: str) -> str:
    """The same for a name whose words stand in another order; "" for a single word."""
    words, _ = spelt(text)
    return " ".join(sorted(RUNS.findall(" ".join(words)))) if len(words) > 1 else ""


def spelt(text: str) -> tuple[list[str], int]:
    """The words of a name that count, and the GB that it states."""
    text = re.sub(r"[™®]|\d+\W?core\b", " ", text.lower())
    sizes = sizes_in(re.sub(r"[-_/,]", " ", text))
    text = re.sub(r"\([^)]*\)", " ", text)
    for phrase, short in PHRASES:
        text = text.replace(phrase, short)
    text = re.sub(r"[-_/,]", " ", text)
    text = SIZE.sub(" ", text)
    words = [SAME.get(word, word) for word in re.split(r"[^a-z0-9.]+", text) if word]
    return [word for word in words if word not in NOISE], sizes[0] if sizes else 0


def sizes_in(text: str) -> list[int]:
    """The GB that a text in small letters states, in order."""
    found = []
    for one in SIZE.finditer(text):
        number = float(one[1])
        small = one[2] in ("mib", "mb")
        found.append(round(number / 1024 if small else number))
    return [number for number in found if 0 < number < 10_000]
