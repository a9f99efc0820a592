"""What an emitted command says that a line may leave out, and what means the same.

Spellings of one runtime stand beside its target, in `spellings.py`.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.targets.shared.importing.read import Imported
    from servec.targets.shared.portable import Portable

    Spelling = Callable[[dict[str, Any]], dict[str, Any]]

OPEN_HOSTS = ("0.0.0.0", "::", "")


def usual(imported: Imported, name: str, value: Any) -> str:
    """Why a value is what the runtime does unasked, where no table lists it; "" if it is not."""
    if name in ("served-model-name", "alias"):
        names = value if isinstance(value, list) else [value]
        known = names == [imported.model]
        return "requests name the model as the line does" if known else ""
    model = imported.sheet.model
    if name in ("runner", "convert") and model is not None and model.task == "embed":
        return "`auto` comes to that with a model of embeddings"
    option = imported.sheet.table.option(name)
    if name == "host" and value in OPEN_HOSTS and option and option.default is None:
        return "without it every address is listened on"
    if name == "split-mode" and imported.sheet.devices == 1:
        return "one device has nothing to split"
    if name == "split-mode" and value == "layer":
        return "layers are spread over the devices unasked"
    if name == "num-shard" and str(value) == str(imported.sheet.devices):
        return "the launcher counts the devices that it sees"
    if name == "limit-mm-per-prompt" and _unlimited(value):
        return "it is the default of each kind"
    return ""


def alike(portable: Portable, name: str, before: Any, after: Any) -> str:
    """Why two values of an option are the same word of the language; "" where they are not."""
    for path in portable.options().get(name, ()):
        words = [_word(portable, path, {name: value}) for value in (before, after)]
        if words[0] and words[0] == words[1]:
            return f"both are {path} = {words[0]}"
    return ""


def _word(portable: Portable, path: str, settings: Mapping[str, Any]) -> str:
    row = portable.rows[path]
    pairs = [(given, word) for word, given in portable.words(path).items()]
    pairs += [(given, word) for given, word in row.get("read", ())]
    return next((str(word) for given, word in pairs if given == settings), "")


def _unlimited(value: Any) -> bool:
    """vllm 0.33.0 vllm/config/multimodal.py MultiModalConfig.get_limit_per_prompt."""
    return isinstance(value, dict) and all(number == 999 for number in value.values())


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
    name = f"servec.targets.{runtime}.spellings"
    if find_spec(name) is None:
        return ()
    found: tuple[Spelling, ...] = import_module(name).SPELLINGS
    return found


def without(options: dict[str, Any], name: str) -> dict[str, Any]:
    """The options but for one."""
    return {key: value for key, value in options.items() if key != name}
