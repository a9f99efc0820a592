"""What the launcher of TGI does unasked."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.settled import Usual
    from servec.targets.shared.importing.sheet import Sheet


def _shards(sheet: Sheet, value: Any) -> str:
    """text-generation-inference v3.3.7 launcher/src/main.rs num_cuda_devices."""
    counted = str(value) == str(sheet.devices)
    return "the launcher counts the devices that it sees" if counted else ""


def _sharded(sheet: Sheet, value: Any) -> str:
    """text-generation-inference v3.3.7 launcher/src/main.rs find_num_shards: the number decides."""
    if "num-shard" in sheet.said or value is not True:
        return "the number of shards says it"
    return ""


USUAL: Mapping[str, Usual] = {"num-shard": _shards, "sharded": _sharded}
