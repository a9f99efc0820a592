"""From the hardware of a report, in its own words, to a device."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.memory.constants import unseen
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device

GIB = 1 << 30
SIZE = re.compile(
    r"(?<![\da-z.])(\d+(?:\.\d+)?)\s*(GiB|GB|MiB|G)\b(?!\s*(?:free|/s))", re.IGNORECASE
)
APPLE = re.compile(r"\bm([1-9])[ -]?(pro|max|ultra)?\b", re.IGNORECASE)
UNNAMED = ("not named", "unnamed", "unknown", "emulated", "cluster")
"""Words of a report that does not say which device it was."""
SIZED = {"a100": ("40g", "80g"), "v100": ("16g", "32g")}
"""Cards of one name and two sizes: which, the size in the text says."""
OPTIONAL = ("rtx", "rx", "dgx", "jetson")
"""Words of a name that reports leave out (`3090`)."""
ALSO = {
    "strix-halo-128g": r"ryzen\W*ai\W*max|\b8060s\b|strix\W*halo",
    "rtx-pro-6000-bw": r"rtx\W*pro\W*6000|pro\W*6000\W*blackwell",
    "orin-nano-8g": r"orin\W*nano",
    "orin-nx-16g": r"orin\W*nx",
    "agx-orin-64g": r"agx\W*orin",
    "jetson-thor": r"\bthor\b",
    "mi300x": r"\bmi300\b",
}
"""Names by which reports call devices whose own names are longer."""
RELATIVES = r"[\s_-]*(?:ti|super|laptop|mobile|max-?q|d)\b"
"""What follows the name of a card in that of a relative: `3090 Ti`, `4090 D`."""
KINDS = (
    ("amd", r"\bamd\b|instinct|radeon|\brx\b"),
    ("intel", r"\bintel\b|\barc\b|\bxpu\b|ascend|\bnpu\b|gaudi"),
)
CARD = (
    r"gpu|rtx|gtx|\d{4}|tesla|quadro|\barc\b|ascend|instinct|radeon|nvidia|geforce|"
    r"\b[ahlt]\d{1,3}s?\b"
)
EXACT = "as the runtime reports it"
FAR = 0.08
"""A stated size this much off the table's is another make of the card (`4090 48GB`)."""


def machine(text: str) -> Device | None:
    """The device that `text` names; of several the one with the least memory; None where unclear.

    A card that the catalogue lacks is taken as one of the size that its name states.
    """
    lowered = text.lower()
    if not text or any(word in lowered for word in UNNAMED):
        return None
    found = [_one(part) for part in re.split(r"\s\+\s|\sand\s", text)]
    known = [device for device in found if device is not None]
    if len(known) < len(found) or not known:
        return None
    return min(known, key=lambda device: device.memory)


def hidden(device: Device | None) -> int:
    """Bytes that the driver counts but no process is given; none where the report has them off."""
    if device is None or device.note == EXACT or device.unified:
        return 0
    return unseen(device.id, device.vendor, device.memory)


def _one(text: str) -> Device | None:
    dashes = text.replace("\u2011", "-")
    apple = APPLE.search(dashes)
    if apple and ("apple" in text.lower() or re.search(r"core.gpu|mac", dashes.lower())):
        return _apple(dashes, apple)
    sizes = SIZE.findall(text)
    device = _named(dashes.lower(), sizes)
    if device is None:
        return _by_size(text, sizes[-1]) if sizes else None
    return _as_stated(device, sizes[-1]) if sizes and not device.unified else device


def _named(text: str, sizes: list[tuple[str, str]]) -> Device | None:
    """The catalogue's device whose name is in `text`: the longest name that is."""
    from servec.compiler.catalogue.devices import find_device

    for name, pattern in _patterns():
        if pattern.search(text):
            return find_device(name)
    for card, ends in SIZED.items():
        if re.search(rf"(?<![a-z0-9]){card}(?![0-9])", text) and sizes:
            size = f"{round(_bytes(*sizes[0]) / GIB)}g"
            return find_device(f"{card}-{size}") if size in ends else None
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each name as a pattern on whole words, the longest first."""
    from servec.compiler.catalogue.devices import device_names

    found = []
    for name in device_names():
        if APPLE.match(name) or (name.startswith(tuple(SIZED)) and name.count("-") == 1):
            continue
        parts = re.findall(r"[a-z]+\d*[a-z]*|\d+[a-z]*", name)
        optional = r"(?:" + r"\W*)?(?:".join(p for p in parts if p in OPTIONAL) + r"\W*)?"
        needed = r"\W*".join(re.escape(p) for p in parts if p not in OPTIONAL)
        text = (optional if parts[0] in OPTIONAL else "") + needed
        found.append((name, rf"(?<![a-z0-9]){text}(?![a-z0-9])(?!{RELATIVES})"))
    found += ALSO.items()
    found.sort(key=lambda item: -len(item[0]))
    return tuple((name, re.compile(pattern)) for name, pattern in found)


def _apple(text: str, found: re.Match[str]) -> Device | None:
    from servec.compiler.catalogue.devices import find_device

    sizes = SIZE.findall(text)
    chip = f"m{found[1]}" + (f"-{found[2].lower()}" if found[2] else "")
    return find_device(f"{chip}-{round(float(sizes[-1][0]))}g") if sizes else None


def _as_stated(device: Device, size: tuple[str, str]) -> Device:
    """The device with the memory that the text states, where that says more than its name."""
    stated = _bytes(*size)
    if size[1].lower() == "gib" and "." in size[0]:
        return replace(device, memory=stated, usable=stated, note=EXACT)
    nominal = min(abs(stated - device.memory), abs(stated * 1e9 / GIB - device.memory))
    if nominal > FAR * device.memory:
        return replace(device, memory=stated, usable=stated, id="")
    return device


def _by_size(text: str, size: tuple[str, str]) -> Device | None:
    """A card of that size about which nothing else is known; None where no card is named."""
    from servec.compiler.catalogue.devices import ANY_DEVICE

    lowered = text.lower()
    vendor = next((name for name, words in KINDS if re.search(words, lowered)), "nvidia")
    if not re.search(CARD, lowered):
        return None
    memory = _bytes(*size)
    exact = size[1].lower() == "gib" and "." in size[0]
    return replace(
        ANY_DEVICE, name=text, id="", vendor=vendor, kind="gpu", arch=_arch(lowered),
        memory=memory, usable=memory, note=EXACT if exact else "",
    )  # fmt: skip


def _arch(text: str) -> str:
    """The architecture where the text says it."""
    found = re.search(r"\b(sm\d{2,3}|gfx\d{3,4})\b", text)
    return found[1] if found else "any"


def _bytes(number: str, unit: str) -> int:
    """Cards deliver about as many GiB as their names say GB."""
    return int(float(number) * (1 << 20 if unit.lower() == "mib" else GIB))
