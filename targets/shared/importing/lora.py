"""LoRA adapters of a command line as adapters of the language."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet

CONFIG = "adapter_config.json"
PLAIN = re.compile(r"([^-{=][^=]*)=(.+)", re.DOTALL)
TOLD = re.compile(
    r"(?i)(?:^|[-_./])(?:lora[-_]?)?(?:r|rank)[-_=]?(8|16|32|64|128|256|512)(?=$|[-_./])"
)
"""The rank in the name of an adapter: `sql-lora-r64`, `rank_32`."""
USUAL_RANK = 16
"""Rank that both runtimes make room for unasked: vllm 0.33.0 config/lora.py LoRAConfig; SGLang
reads it from the adapters (0.5.23 arg_groups/lora_hook.py)."""


def read_lora(sheet: Sheet, active: str, modules: str) -> bool:
    """Say adapters, their number and rank as fields; False where the line has none of it."""
    if sheet.get("enable-lora") is not True:
        return False
    words = sheet.get(modules)
    found = [PLAIN.fullmatch(word) for word in words or () if isinstance(word, str)]
    if words and (len(found) != len(words) or not all(found)):
        return False
    rank = sheet.whole("max-lora-rank", USUAL_RANK)
    sheet.adapters = [(pair[1], pair[2], rank) for pair in found if pair]
    sheet.field("lora.max_active", sheet.whole(active, 1), "enable-lora", active, modules)
    if sheet.get("max-lora-rank") is not None:
        sheet.field("lora.max_rank", rank, "max-lora-rank")
    return True


def rank_by_files(sheet: Sheet, files: Mapping[str, str]) -> None:
    """The ranks that adapters state in their own `adapter_config.json`, where it is at hand, or
    that their name tells of as above what is held.

    vLLM holds ranks up to a stated one, by default 16; SGLang looks at the adapters.
    """
    import json

    ranks = {
        path: _rank(json, files.get(f"{path}/{CONFIG}", "")) or _told(f"{path}/{name}", rank)
        for name, path, rank in sheet.adapters
    }
    if not any(ranks.values()):
        return
    if "lora.max_rank" not in sheet.fields and sheet.table.runtime == "vllm":
        sheet.field("lora.max_rank", USUAL_RANK)
    sheet.adapters = [(name, path, ranks[path] or rank) for name, path, rank in sheet.adapters]


def _rank(json: Any, text: str) -> int:
    try:
        found = json.loads(text or "{}").get("r", 0)
    except (ValueError, AttributeError, RecursionError):
        return 0
    return found if isinstance(found, int) else 0


def _told(name: str, held: int) -> int:
    told = [int(rank) for rank in TOLD.findall(name)]
    return told[0] if told and told[0] > held else 0
