"""Limits of images, videos and sounds in one request, as fields."""

from __future__ import annotations

from servec.targets.shared.media import MOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet


def read_media(sheet: Sheet, limits: Any, option: str) -> bool:
    """Say how many items of each kind a request may have; what is no number stays native."""
    if not isinstance(limits, dict) or not limits or not set(limits) <= set(MOST):
        return False
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in limits.values()):
        return False
    for kind, number in limits.items():
        sheet.field(MOST[kind], number, option)
    own = [kind for kind in (sheet.model.modalities if sheet.model else MOST) if kind in MOST]
    wanted = [kind for kind in own if limits.get(kind)]
    left = [kind for kind in own if sheet.model and kind not in limits]
    if wanted or left:
        sheet.field("features.modalities", ["text", *dict.fromkeys((*wanted, *left))])
    return True
