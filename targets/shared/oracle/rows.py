"""Describes the options of an argparse parser or a click command as rows of an option table."""

from __future__ import annotations

import argparse
import enum
import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

KINDS = {
    "int": "int",
    "float": "float",
    "human_readable_int": "size",
    "human_readable_int_or_auto": "size",
    "loads": "json",
    "json_list_type": "json",
    "union_dict_and_str": "mixed",
    "parse_dataclass": "object",
    "integer": "int",
    "integer range": "int",
    "float range": "float",
    "boolean": "bool",
}


def argparse_rows(parser: argparse.ArgumentParser) -> tuple[dict[str, Any], list[str]]:
    """Name to row of every option, and the names of the positional arguments."""
    rows: dict[str, Any] = {}
    positional = []
    spelled: dict[int, list[str]] = {}
    for flag, action in parser._option_string_actions.items():
        spelled.setdefault(id(action), []).append(flag)
    gone = getattr(parser, "_deprecated", ())
    for action in parser._actions:
        flags = spelled.get(id(action), [])
        if isinstance(action, argparse._HelpAction):
            continue
        if not flags:
            positional.append(action.dest)
            continue
        row = argparse_row(action, flags)
        if action in gone:
            row["deprecated"] = True
        rows[name_of(row.get("flags") or flags)] = row
    return rows, positional


def argparse_row(action: argparse.Action, flags: list[str]) -> dict[str, Any]:
    """The row of one action; help is read only for the word "deprecated"."""
    off = _off(action, flags)
    on = [flag for flag in flags if flag not in off]
    valued = action.nargs != 0
    nullable, word = _type(action.type)
    what = ("switch" if off else "flag") if not valued else KINDS.get(word, "str")
    choices = [value(c) for c in action.choices or ()]
    row = {
        "flags": _spelled(on),
        "off": off,
        "type": "" if what == "str" else what,
        "arity": str(action.nargs) if valued and action.nargs not in (None, 1) else "",
        "nullable": nullable or None in choices,
        # Some are sets, whose order differs from run to run.
        "choices": sorted((c for c in choices if c is not None), key=_rank),
        "repeat": "Append" in type(action).__name__,
        "required": action.required,
        # vLLM folds case and dashes of some choices in a lambda.
        "fold": bool(choices) and word == "<lambda>",
        "use": _successor(action),
        "deprecated": _deprecated(action),
    }
    return _said(row) | _default(action.default, what)


def click_rows(params: Iterable[Any]) -> tuple[dict[str, Any], list[str]]:
    """The same of a click command's parameters."""
    rows: dict[str, Any] = {}
    positional = []
    for param in params:
        if not param.opts or not param.opts[0].startswith("-"):
            positional.append(param.name)
            continue
        row = click_row(param)
        rows[name_of(param.opts)] = row
    return rows, positional


def click_row(param: Any) -> dict[str, Any]:
    """The row of one click option."""
    flag = bool(getattr(param, "is_flag", False))
    listed = (*(getattr(param.type, "choices", None) or ()), *getattr(param.type, "aliases", ()))
    what = ("switch" if param.secondary_opts else "flag") if flag else KINDS.get(param.type.name)
    row = {
        "flags": _spelled(param.opts),
        "off": list(param.secondary_opts),
        "type": what,
        "arity": str(param.nargs) if not flag and param.nargs != 1 else "",
        "choices": [value(c) for c in listed],
        "repeat": param.multiple,
        "required": param.required,
        "deprecated": bool(getattr(param, "deprecated", False)),
    }
    limits = {"low": getattr(param.type, "min", None), "high": getattr(param.type, "max", None)}
    given = {word: limit for word, limit in limits.items() if limit is not None}
    return _said(row) | given | _default(param.default, what or "str")


def name_of(flags: Iterable[str]) -> str:
    """The name of an option: its first long flag without dashes, `-` for `_`."""
    spelled = list(flags)
    long = [flag for flag in spelled if flag.startswith("--")]
    return (long or spelled)[0].lstrip("-").replace("_", "-")


def value(found: Any) -> Any:
    """A default or choice as JSON; what JSON cannot hold becomes None."""
    if found is argparse.SUPPRESS:
        return None
    if isinstance(found, enum.Enum):
        found = found.value
    if isinstance(found, (set, frozenset)):
        found = sorted(found, key=str)
    try:
        return json.loads(json.dumps(found, allow_nan=False))
    except (TypeError, ValueError):
        return None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what is as usual."""
    return {key: found for key, found in row.items() if found}


def _spelled(flags: Iterable[str]) -> list[str]:
    """The flags, unless the name alone says them."""
    spelled = list(flags)
    return [] if spelled == ["--" + name_of(spelled)] else spelled


def _default(found: Any, what: str) -> dict[str, Any]:
    """The default; a flag is off without saying, an object's is in its fields."""
    default = value(found)
    if default is None or what == "object" or (what == "flag" and default is False):
        return {}
    return {"default": default}


def _successor(action: argparse.Action) -> list[str]:
    """What a deprecated action of SGLang names instead."""
    use = getattr(action, "new_flag", None)
    return [use.lstrip("-")] if use else []


def _deprecated(action: argparse.Action) -> bool:
    said = re.match(r"\W*deprecated", str(action.help or ""), re.IGNORECASE)
    return "Deprecated" in type(action).__name__ or bool(said)


def _rank(choice: Any) -> tuple[int, Any]:
    return (0, choice) if isinstance(choice, (int, float)) else (1, str(choice))


def _off(action: argparse.Action, flags: list[str]) -> list[str]:
    """The flags that unset a boolean pair."""
    said = getattr(action, "negative_option_strings", None)
    if said is not None:
        return [flag for flag in flags if flag in said]
    if isinstance(action, argparse.BooleanOptionalAction):
        return [flag for flag in flags if flag.startswith("--no-")]
    return []


def _type(converter: Any) -> tuple[bool, str]:
    """Whether None is taken, and the name of the innermost converter (vLLM wraps the real one)."""
    if converter is None:
        return False, ""
    name = (getattr(converter, "__name__", None) or type(converter).__name__).strip("_")
    cells = [c.cell_contents for c in getattr(converter, "__closure__", None) or ()]
    inner = [c for c in cells if callable(c)]
    nullable = name.startswith(("optional_type", "nullable"))
    if len(inner) == 1 and name != "parse_dataclass":
        below = _type(inner[0])
        return nullable or below[0], below[1]
    return nullable, name
