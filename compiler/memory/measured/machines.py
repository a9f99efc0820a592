"""From the hardware of a report, in its own words, to a device."""

from __future__ import annotations

import re

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device

GIB = 1 << 30
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(GiB|GB|MiB)\b", re.IGNORECASE)
APPLE = re.compile(r"\bm([1-9])[ -]?(pro|max|ultra)?\b", re.IGNORECASE)
UNNAMED = ("not named", "emulated", "cluster")
"""Words of a report that does not say which device it was."""
PARTS = {"a100": ("a10040g", "a10080g"), "v100": ("v10016g", "v10032g")}
"""Cards of one name and two sizes: which, the size in the text says."""


def machine(text: str) -> Device | None:
    """The device that `text` names; of several the one with the least memory; None where unclear.

    A card that the catalogue lacks is taken as one of the size that its name states.
    """
    lowered = text.lower()
    if not text or any(word in lowered for word in UNNAMED):
        return None
    found = [_one(part) for part in text.split(" + ")]
    known = [device for device in found if device is not None]
    if len(known) < len(found) or not known:
        return None
    return min(known, key=lambda device: device.memory)


def _one(text: str) -> Device | None:
    apple = APPLE.search(text)
    if (apple and "apple" in text.lower()) or (apple and "core gpu" in _dashes(text).lower()):
        return _apple(text, apple)
    plain = _letters(text)
    names = sorted(_names().items(), key=lambda item: -len(item[0]))
    sizes = [_bytes(*found) for found in SIZE.findall(text)]
    for card, keys in PARTS.items():
        if card in plain:
            wanted = round(sizes[0] / GIB) if sizes else 0
            plain += "".join(key for key in keys if key.endswith(f"{wanted}g"))
    from servec.compiler.catalogue.devices import find_device

    for key, name in names:
        if key in plain and not _other_card(key, plain):
            return find_device(name)
    return _by_size(text, sizes[-1]) if sizes else None


def _apple(text: str, found: re.Match[str]) -> Device | None:
    from servec.compiler.catalogue.devices import find_device

    sizes = SIZE.findall(text)
    chip = f"m{found[1]}" + (f"-{found[2].lower()}" if found[2] else "")
    return find_device(f"{chip}-{round(float(sizes[-1][0]))}g") if sizes else None


def _names() -> dict[str, str]:
    from servec.compiler.catalogue.devices import device_names

    skipped = re.compile(r"m[1-9]")
    return {_letters(n): n for n in device_names() if not skipped.match(n) and len(n) > 2}


def _other_card(key: str, plain: str) -> bool:
    """Whether the text names a relative of the card: `3090 Ti`, `L40S` for `l40`, `A5000`."""
    after = plain[plain.index(key) + len(key) :]
    return after.startswith(("ti", "s", "super", "laptop", "d")) and not after.startswith("sxm")


def _by_size(text: str, size: int) -> Device | None:
    """A card of that size about which nothing else is known; None where no card is named."""
    from servec.compiler.catalogue.devices import ANY_DEVICE

    vendor = "amd" if re.search(r"amd|instinct|radeon", text, re.IGNORECASE) else "nvidia"
    if re.search(r"intel|ascend|xpu|npu", text, re.IGNORECASE):
        vendor = "intel"
    if not re.search(r"gpu|rtx|gtx|\d{4}|tesla|quadro|arc|ascend|instinct", text, re.IGNORECASE):
        return None
    return replace(
        ANY_DEVICE, name=text, id="", vendor=vendor, kind="gpu", memory=size, usable=size
    )


def _bytes(number: str, unit: str) -> int:
    """Cards deliver about as many GiB as their names say GB."""
    return int(float(number) * (1 << 20 if unit.lower() == "mib" else GIB))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _dashes(text: str) -> str:
    return text.replace("\u2011", "-").replace("-", " ")
