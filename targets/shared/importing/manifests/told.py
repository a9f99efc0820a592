"""Launches in texts of a YAML file of no known form: what stands in `run`, `commands`, `cmd`."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.dsl.record import replace
from servec.targets.shared.importing.manifests.container import script_launches
from servec.targets.shared.importing.manifests.nested import mappings
from servec.targets.shared.importing.manifests.tag import beneath
from servec.targets.shared.importing.programs.listed import starts
from servec.targets.shared.importing.scripts.fenced import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.programs.program import Command


@lru_cache
def _started() -> re.Pattern[str]:
    """The last word of what starts a runtime."""
    return re.compile("|".join(re.escape(form[-1]) for all_ in starts().values() for form in all_))


def told_launches(
    documents: list[Any],
    env: Mapping[str, str],
    variables: Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, str]],
) -> Iterator[Command]:
    """The launches of every text, or list of lines, that starts a runtime.

    `variables`: reads those that a mapping states for what stands in it.
    """
    for node in mappings(documents):
        known: Mapping[str, str] | None = None
        for value in (value for key, value in node.items() if key != "description"):
            text = _lines(value)
            if not _started().search(text):
                continue
            if known is None:
                known = {**_skypilot(node), **env, **variables(node, env)}
            image = node.get("image")
            image = image if isinstance(image, str) else ""
            for part in blocks(text) or (text,):
                for item in filter(_stated, script_launches(part, known)):
                    yield replace(item, version=item.version or beneath(image, item.runtime))


def _skypilot(node: Mapping[str, Any]) -> dict[str, str]:
    """What SkyPilot tells the lines of a task of its cluster, where the task says one shape of it
    (skypilot 0.10 sky/skylet/constants.py SKYPILOT_NUM_GPUS_PER_NODE, SKYPILOT_NUM_NODES)."""
    resources = node.get("resources")
    asked = resources.get("accelerators") if isinstance(resources, dict) else None
    if "run" not in node or not isinstance(resources, dict):
        return {}
    nodes = node.get("num_nodes", 1)
    made = {"SKYPILOT_NUM_NODES": str(nodes)} if type(nodes) is int else {}
    shapes = list(asked) if isinstance(asked, (dict, list, set)) else [asked]
    counts = {str(shape).partition(":")[2] or "1" for shape in shapes if isinstance(shape, str)}
    if isinstance(asked, dict):
        counts = {str(count or 1) for count in asked.values()}
    if len(counts) == 1 and (count := counts.pop()).isdigit():
        made["SKYPILOT_NUM_GPUS_PER_NODE"] = count
    return made


def _lines(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return ""


def _stated(item: Command) -> bool:
    return bool(item.words or item.env)
