"""Limits of images, videos and sounds in one request, as inputs that are accepted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet

KINDS = ("image", "video", "audio")


def read_media(sheet: Sheet, limits: Any, option: str) -> bool:
    """Say limits as fields where they come back as they are; else nothing.

    They do where every kind the model takes is named, and only images are more than one.
    """
    if not isinstance(limits, dict) or not limits or not set(limits) <= set(KINDS):
        return False
    counts = {kind: limits[kind] for kind in KINDS if kind in limits}
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in counts.values()):
        return False
    wanted = [kind for kind, number in counts.items() if number]
    own = set(sheet.model.modalities) - {"text"} if sheet.model else set(wanted)
    one = all(number <= 1 for kind, number in counts.items() if kind != "image")
    if not wanted or not one or set(counts) != own | set(wanted):
        return False
    sheet.field("features.modalities", ["text", *wanted], option)
    if counts.get("image", 0) > 1:
        # `workload.images` says how many there are, which a line does not, and wants a load beside.
        sheet.on[option] = {"image": counts["image"]}
    return True
