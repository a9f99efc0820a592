"""Which measured values hold for llama.cpp, MLX and the like on a kind of device."""

from __future__ import annotations

from functools import lru_cache
from os.path import dirname

from servec.dsl.json_file import load_json
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.device import Device

STACKED = 1.4e12
"""Bytes per second from which on memory is stacked, but for the largest graphics cards."""

OTHERS = ("amd", "intel")
"""Vendors whose cards of that memory reach another share of it than NVIDIA's (points of 2024)."""


@record
class Row:
    """The values for a runtime on a kind of device, the factor of its generation, the part of the
    data sheet's rate that counts, whether that pair was measured, and the name of its class."""

    values: Mapping[str, float]
    factor: float
    known: bool
    counts: float = 1.0
    name: str = ""


def edge_row(runtime: str, device: Device) -> Row:
    """The row of a device; a runtime that was not measured on its kind is taken for llama.cpp."""
    table = edge_table()
    name = edge_class_name(runtime, device)
    found = table["classes"].get(name)
    if found is None:
        found = table["classes"][edge_class_name("llamacpp", device)]
    factor = table["generations"].get(generation(device), 1.0)
    known = name in table["classes"] and device.kind != "cpu"
    return Row(found, factor, known, counted(device), name)


def counted(device: Device) -> float:
    """The part of the 16-bit rate that llama.cpp's prompts are measured by.

    A workstation card is sold with twice the rate of a GeForce of the same chip, which only sums in
    32 bit apart; prompts take the same time on both. The rate of both is a quarter of that in int8.
    """
    eight, plain = device.flops.get("int8"), device.flops.get("bf16") or device.flops.get("fp16")
    graphics = device.vendor == "nvidia" and edge_class_name("", device) == ".gddr"
    return min(1.0, eight / (4 * plain)) if graphics and eight and plain else 1.0


def edge_class_name(runtime: str, device: Device) -> str:
    """`llamacpp.gddr` and the like: runtime, and what memory the device reads.

    Graphics memory and stacked memory differ: kernels for one request reach 90 % of the first, half
    of the second (public points of 2024).
    """
    if device.kind in ("apple", "cpu"):
        kind: str = device.kind
    elif device.unified:
        kind = "unified"
    else:
        kind = "hbm" if device.bandwidth > STACKED and "rtx" not in device.id else "gddr"
        if kind == "hbm" and device.vendor in OTHERS:
            kind = f"hbm-{device.vendor}"
    return f"{runtime}.{kind}"


def generation(device: Device) -> str:
    """`m3` of an Apple chip, "" of others."""
    return device.generation.rpartition("-")[2] if device.kind == "apple" else ""


@lru_cache(maxsize=1)
def edge_table() -> dict[str, Any]:
    """The parsed `edge.json`."""
    found: dict[str, Any] = load_json(dirname(__file__), "edge.json")
    return found
