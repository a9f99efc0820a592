"""The figures of memory that no formula gives, by runtime and version, from `constants.json`.

An entry of the file is `{"value", "unit", "source"}`; the unit (GiB, MiB, KiB) becomes bytes.
`base` holds for every version, an entry of `versions` replaces single figures from that version on,
one of `engines` those of a release with two engines (`0.8.3+v0`), or of another usage
(`0.8.3+v1.llm`).
"""

from __future__ import annotations

from functools import lru_cache
from os.path import dirname

from servec.compiler.memory.figures import Constants
from servec.dsl.json_file import load_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
NEWEST = (1 << 30,)
"""What a version without a number (`main`, nothing stated) counts as."""


@lru_cache(maxsize=64)
def constants(runtime: str, version: str = "") -> Constants:
    """The figures of `runtime` at `version`; of a runtime the table lacks, those of `other`."""
    table: dict[str, Any] = _file()["runtimes"]
    entry = table.get(runtime) or table["other"]
    found: dict[str, Any] = {}
    if "like" in entry:
        at = NEWEST if runtime != "rayserve" else version_key(version)
        found = _merged(table[entry["like"]], at)
    found.update(_merged(entry, version_key(version)))
    for word in version.partition("+")[2].split("."):
        found.update(_values(entry.get("engines", {}).get(word, {})))
    return Constants(runtime, **found)


@lru_cache(maxsize=64)
def unseen(device_id: str, vendor: str, memory: int = 0) -> int:
    """Bytes of a device's memory that its driver reports but no process is given.

    `memory` of a card that only its size is known of, or of a small one that was not read out.
    """
    devices = _file()["devices"]
    entry = devices["unseen"]
    table = entry["value"]
    small = device_id not in table and memory <= devices["unseen_share"]["until"]
    if vendor == "nvidia" and memory and (small or not device_id):
        return int(devices["unseen_share"]["value"] * memory)
    figure = table.get(device_id or vendor, table.get(vendor, table[""]))
    return int(figure * UNITS[entry["unit"]])


def newest_then(runtime: str, issue: int) -> str:
    """The release of a runtime that was out when its issue of that number was filed; "" unknown."""
    entry = _file()["issues"].get(runtime)
    rows = entry["value"] if entry is not None else ()
    return next((str(version) for number, version in reversed(rows) if issue >= number), "")


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, for order; the newest possible where it holds none."""
    import re

    found = tuple(int(part) for part in re.findall(r"\d+", version.partition("rc")[0])[:3])
    return found or NEWEST


def _merged(entry: Mapping[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    found = _values(entry["base"])
    steps = sorted(entry.get("versions", {}), key=version_key)
    for since in steps:
        if version_key(since) <= version:
            found.update(_values(entry["versions"][since]))
    return found


def _values(entries: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, entry in entries.items():
        value = entry["value"]
        if "unit" in entry:
            value = int(value * UNITS[entry["unit"]])
        elif name in (
            "small",
            "large",
            "tower_asked",
            "expanded_but",
            "expands",
            "wide",
            "graph_said",
            "beside_shared",
            "media_said",
            "method_said",
            "placed_said",
            "whole_said",
        ):
            value = tuple(value)
        elif name == "runner":
            value = {**value, "figures": _values(value["figures"])} if value else {}
        elif name in ("static_ranks", "static_sizes"):
            value = tuple(tuple(row) for row in value)
        elif name in ("tokens", "seqs"):
            value = tuple((int(low * UNITS["GiB"]), number) for low, number in value)
        found[name] = value
    return found


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    found: dict[str, Any] = load_json(dirname(__file__), "constants.json")
    return found
