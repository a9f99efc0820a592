"""What a native option says in the words of the language, and whether the spec says otherwise."""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.context import Portable
    from servec.dsl.spec import Setting, Spec


@record
class Meaning:
    """A portable field and the value that a native option gives it; None where that is not known.

    `factors`: the fields whose product the option holds, where it is more than one. `loose`: other
    options may stand beside it that say another word of the field.
    """

    path: str
    value: Any = None
    factors: tuple[str, ...] = ()
    loose: bool = False


def meanings(portable: Portable, option: str, value: object) -> tuple[Meaning, ...]:
    """The portable fields that `option = value` says, in table order."""
    paths = portable.options().get(option, ())
    return tuple(_meaning(portable, path, option, value) for path in paths)


def _meaning(portable: Portable, path: str, option: str, value: object) -> Meaning:
    row = portable.rows[path]
    if row.get("together"):
        return Meaning(path)
    if row.get("alone"):
        return Meaning(path, _alone(portable, path, {option: value}), loose=True)
    factors = row.get("product", {}).get(option)
    if factors:
        return Meaning(path, value, tuple(factors) if len(factors) > 1 else ())
    words = portable.words(path)
    for word, settings in words.items():
        if option in settings and _within(settings[option], value):
            return Meaning(path, {"true": True, "false": False}.get(word, word))
    for settings, word in row.get("read", ()):
        if option in settings and _within(settings[option], value):
            return Meaning(path, word)
    shape: Mapping[str, Any] = row.get("set", {})
    held = None if words else _filled(shape.get(option), value)
    return Meaning(path, _counted(held, row.get("unit", 1)))


def _alone(portable: Portable, path: str, settings: Mapping[str, Any]) -> str | None:
    """The word that one option says by itself, with nothing else beside it."""
    words = portable.words(path).items()
    return next((word for word, said in words if said and _within(said, settings)), None)


def _counted(value: Any, unit: int) -> Any:
    """A number of units in the language's own; another kind of value as it is."""
    plain = isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)
    return Fraction(str(value)) * unit if plain and unit != 1 else value


def _within(said: Any, value: Any) -> bool:
    """Whether a value says all that a row says; a JSON option may say more beside it."""
    if isinstance(said, dict) and isinstance(value, dict):
        return all(name in value and _within(said[name], value[name]) for name in said)
    return _same(said, value)


def _filled(shape: Any, value: Any) -> Any:
    """What stands in the value where the row's shape has `$`; None where nothing does."""
    if shape == "$":
        return value
    if not isinstance(shape, dict) or not isinstance(value, dict):
        return None
    found = [_filled(inner, value[name]) for name, inner in shape.items() if name in value]
    return next((item for item in found if item is not None), None)


def contradicts(spec: Spec, meaning: Meaning) -> str:
    """The path whose line in the spec forbids what the option says; "" where none does."""
    if meaning.value is None or meaning.loose:
        return ""
    if meaning.factors:
        return _product(spec, meaning)
    setting = spec.setting(meaning.path)
    return meaning.path if setting and _forbids(setting, meaning.value) else ""


def _product(spec: Spec, meaning: Meaning) -> str:
    """An option that holds a product is wrong only where every factor is pinned."""
    known = [spec.whole(path) for path in meaning.factors]
    first = spec.whole(meaning.factors[0])
    if first is None or not isinstance(meaning.value, (int, Fraction)):
        return ""
    if None in known:
        return meaning.factors[0] if int(meaning.value) % first else ""
    total = 1
    for number in known:
        total *= number or 1
    return "" if meaning.value in (total, first) else meaning.factors[0]


def _forbids(setting: Setting, value: object) -> bool:
    if setting.eq is not None:
        return not _same(setting.eq.value, value) and not _other_kind(setting.eq.value, value)
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return False
    low = setting.ge.value if setting.ge else value
    high = setting.le.value if setting.le else value
    if not isinstance(low, (int, Fraction)) or not isinstance(high, (int, Fraction)):
        return False
    return not low <= value <= high


def _other_kind(said: object, value: object) -> bool:
    """Whether the two cannot be compared: `limits.memory` in bytes beside a share."""
    if not isinstance(said, (int, Fraction)) or not isinstance(value, (int, Fraction)):
        return False
    return (said > 1) != (value > 1) and 0 < min(said, value) < 1


def _same(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float, Fraction)) and isinstance(other, (int, float, Fraction)):
        return Fraction(str(one)) == Fraction(str(other))
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return str(one).replace("-", "_") == str(other).replace("-", "_")
