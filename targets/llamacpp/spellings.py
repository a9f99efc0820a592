"""Options of `llama-server` that say the same, spelt in one way for comparison."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.compiler.options.fields import read_json
from servec.targets.shared.importing.settled import without
from servec.targets.shared.importing.typed import NUMBER, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.settled import Spelling, Usual
    from servec.targets.shared.importing.sheet import Sheet

FLASH = {
    **dict.fromkeys(("on", "enabled", "true", "1"), "on"),
    **dict.fromkeys(("off", "disabled", "false", "0"), "off"),
}
SAMPLED = ("temp", "top-p", "top-k", "min-p", "repeat-penalty", "presence-penalty", "seed")
EXPERTS = re.compile(
    r"(?:\.\*|\(?\[0-9\]\+\)?|\(?\\d\+\)?|blk|\\?\.)*(?:ffn_)?"
    r"(?:\.\*|\((?:up|down|gate|gate_up)(?:\|(?:up|down|gate|gate_up)){2,3}\))?"
    r"_?exps(?:\\?\.(?:weight)?)?(?:\.\*)?=CPU"
)
"""Patterns that people write for the tensors of all experts: `exps=CPU`, `.ffn_.*_exps.=CPU`."""


def _flash(options: dict[str, Any]) -> dict[str, Any]:
    """Words for on and off (llama.cpp b11549 common/arg.cpp is_truthy, is_falsey)."""
    value = FLASH.get(str(options.get("flash-attn")).lower())
    return {**options, "flash-attn": value} if value else options


def _load_mode(options: dict[str, Any]) -> dict[str, Any]:
    """`--no-mmap` and `--mlock` became words of `--load-mode` (llama.cpp b10229 common/arg.cpp)."""
    made = dict(options)
    mapped, locked = made.pop("mmap", None), made.pop("mlock", None)
    if mapped is not None:
        made["load-mode"] = "mmap" if mapped else "none"
    if locked:
        made["load-mode"] = "mlock"
    return made


def _numbers(options: dict[str, Any]) -> dict[str, Any]:
    """Sampling defaults by value: llama.cpp reads them as decimals (common/arg.cpp std::stof)."""
    held = {name: options[name] for name in SAMPLED if isinstance(options.get(name), str)}
    made = {name: number(text) for name, text in held.items() if NUMBER.fullmatch(text)}
    return {**options, **{name: Fraction(value) for name, value in made.items()}}


def _experts(options: dict[str, Any]) -> dict[str, Any]:
    """`--cpu-moe` overrides the place of the tensors of all experts.

    Source: llama.cpp b11549 common/common.h llm_ffn_exps_cpu_override.
    """
    if not EXPERTS.fullmatch(str(options.get("override-tensor"))):
        return options
    return {**without(options, "override-tensor"), "cpu-moe": True}


def _batches(options: dict[str, Any]) -> dict[str, Any]:
    """Threads for prompts are those for answers unasked (llama.cpp b11549 common/arg.cpp -tb)."""
    same_number = options.get("threads-batch") == options.get("threads")
    return without(options, "threads-batch") if same_number else options


def _template(options: dict[str, Any]) -> dict[str, Any]:
    """Values of the chat template by what they say, not how they are spaced."""
    found, wrong = read_json("json", str(options.get("chat-template-kwargs") or ""))
    return options if wrong else {**options, "chat-template-kwargs": found}


def _split(sheet: Sheet, value: Any) -> str:
    """How a model is split over devices (llama.cpp b11549 common/common.h split_mode)."""
    if value == "layer":
        return "layers are spread over the devices unasked"
    alone = sheet.devices == 1 and "split-mode" not in sheet.said
    return "one device has nothing to split" if alone else ""


SPELLINGS: tuple[Spelling, ...] = (_flash, _load_mode, _numbers, _experts, _batches, _template)
USUAL: Mapping[str, Usual] = {"split-mode": _split}
