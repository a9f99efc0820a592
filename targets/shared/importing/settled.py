"""What a command may say or leave out alike, and what means the same.

What is so in one runtime stands beside its target, in `spellings.py`: `SPELLINGS`, which spell
options that say the same in one way, and `USUAL`, by option why a value is what the runtime does
unasked, "" where it is not.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet
    from servec.targets.shared.portable import Portable

    Spelling = Callable[[dict[str, Any]], dict[str, Any]]
    Usual = Callable[[Sheet, Any], str]

OPEN_HOSTS = ("0.0.0.0", "::", "")


def usual(sheet: Sheet, model: str, name: str, value: Any) -> str:
    """Why a value is what the runtime does unasked, where no table lists it; "" if it is not.

    `model`: what the line calls its model.
    """
    if name in ("served-model-name", "alias"):
        names = value if isinstance(value, list) else [value]
        return "requests name the model as the line does" if names == [model] else ""
    option = sheet.table.option(name)
    if name == "host" and value in OPEN_HOSTS and option and option.default is None:
        return "without it every address is listened on"
    own: Mapping[str, Usual] = getattr(_module(sheet.table.runtime), "USUAL", {})
    return own[name](sheet, value) if name in own else ""


def alike(portable: Portable, name: str, before: Any, after: Any) -> str:
    """Why two values of an option are the same word of the language; "" where they are not."""
    for path in portable.options().get(name, ()):
        said, made = (_words(portable, path, {name: value}) for value in (before, after))
        same = next((word for word in said if word in made), "")
        if same:
            return f"both are {path} = {same}"
    return ""


def _words(portable: Portable, path: str, settings: Mapping[str, Any]) -> list[str]:
    row = portable.rows[path]
    pairs = [(given, word) for word, given in portable.words(path).items()]
    pairs += [(given, word) for given, word in row.get("read", ())]
    return [str(word) for given, word in pairs if given == settings]


def unasked(name: str, value: Any) -> bool:
    """Whether an option says that a model is not spread, which is so unasked."""
    return (
        value == 1
        and name.endswith(("parallel-size", "-size", "tp", "dp", "ep"))
        and any(part in name for part in ("parallel", "tp-", "pp-", "dp-", "ep-"))
    )


@lru_cache
def spellings(runtime: str) -> tuple[Spelling, ...]:
    """What `targets/<runtime>/spellings.py` makes of options that mean the same, in order."""
    found: tuple[Spelling, ...] = getattr(_module(runtime), "SPELLINGS", ())
    return found


@lru_cache
def _module(runtime: str) -> Any:
    """`spellings.py` of a runtime, None where it has none."""
    name = f"servec.targets.{runtime}.spellings"
    return import_module(name) if find_spec(name) else None


def without(options: dict[str, Any], name: str) -> dict[str, Any]:
    """The options but for one."""
    return {key: value for key, value in options.items() if key != name}
