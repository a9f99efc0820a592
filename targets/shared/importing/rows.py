"""Reads the rows of a portable table backwards: from native options to fields."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.targets.shared.importing.literal import literal
from servec.targets.shared.importing.said import merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet

NOTHING = object()
BOOLEANS = {"true": True, "false": False}


def read_rows(sheet: Sheet) -> None:
    """Fill the fields whose rows the line matches, in the order of the table."""
    _unfold(sheet)
    for path, row in sheet.portable.rows.items():
        if "by" not in row and "lacks" not in row and path not in sheet.fields:
            _read_row(sheet, path, row)


def _unfold(sheet: Sheet) -> None:
    """Settings with an equal shorter spelling, as the rows spell them: where nothing else does."""
    for fold in sheet.portable.folds:
        spelled = any(_meets(sheet.held(name), value) for name, value in fold["from"].items())
        if sheet.matches(fold["to"]) and not spelled:
            for name in fold["to"]:
                sheet.said.pop(name)
                sheet.rest.pop(name)
            for name, value in fold["from"].items():
                sheet.said[name] = merged(sheet.said.get(name), value)
                sheet.rest[name] = merged(_copied(sheet.rest.get(name)), value)


def _meets(held: Any, value: Any) -> bool:
    """Whether an option says something where a fold would say it."""
    if isinstance(held, dict) and isinstance(value, dict):
        return any(key in held for key in value)
    return held is not None


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


def _read_row(sheet: Sheet, path: str, row: Mapping[str, Any]) -> None:
    words = sheet.portable.words(path)
    pairs = [(settings, word) for word, settings in words.items()]
    pairs += [(settings, word) for settings, word in row.get("read", ())]
    for settings, word in sorted(pairs, key=lambda pair: -_leaves(pair[0])):
        value = BOOLEANS.get(word, word)
        if sheet.matches(settings) and literal(path, value) is not None:
            sheet.take(path, value, settings)
            return
    switched = _off(words)
    if sheet.matches(switched):
        sheet.take(path, False, switched)
        return
    shape = row.get("set")
    own = row.get("open") and row["open"] in _plugins(sheet)
    if shape and (own or not words):
        native = _dollar(shape, {name: sheet.held(name) for name in shape})
        value = counted(native, row.get("unit", 1))
        if value is NOTHING or value is None or literal(path, value) is None:
            return
        settings = _filled(shape, native)
        if sheet.matches(settings):
            sheet.take(path, value, settings)


def _off(words: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A switch that is said to be off, of a field for which off is what nothing has to say."""
    on = words.get("true", {})
    plain = words.get("false") == {} and all(value is True for value in on.values())
    return dict.fromkeys(on, False) if plain else {}


def _plugins(sheet: Sheet) -> tuple[str, ...]:
    """The fields that name a file of the user's, where the line has one."""
    found = []
    for path in ("features.tools_plugin", "features.reasoning_plugin"):
        shape = sheet.portable.rows.get(path, {}).get("set", {})
        found += [path for name in shape if sheet.held(name)]
    return tuple(found)


def counted(value: Any, unit: int) -> Any:
    """A number of an option's units in the language's; whole where it is, 8.0 as 8."""
    if isinstance(value, str) and re.fullmatch(r"0|[1-9]\d{0,11}", value):
        return int(value) * unit if unit != 1 else value
    if unit == 1 or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return value
    made = Fraction(value) * unit
    return int(made) if made.denominator == 1 else None


def _leaves(settings: Any) -> int:
    return sum(map(_leaves, settings.values())) if isinstance(settings, dict) else 1


def _dollar(shape: Any, said: Any) -> Any:
    """What stands where the shape has `$`."""
    if shape == "$":
        return said
    if not isinstance(shape, dict) or not isinstance(said, dict):
        return NOTHING
    found = (_dollar(inner, said[name]) for name, inner in shape.items() if name in said)
    return next((item for item in found if item is not NOTHING), NOTHING)


def _filled(shape: Any, value: Any) -> Any:
    if isinstance(shape, dict):
        return {name: _filled(inner, value) for name, inner in shape.items()}
    return value if shape == "$" else shape
