"""What the language calls something that a runtime, or a person, calls otherwise."""

from __future__ import annotations

import os

from servec.dsl.json_file import load_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = os.path.dirname(os.path.dirname(__file__))


def portable(name: str, paths: Sequence[str]) -> str:
    """The one of `paths` that goes by `name`: `limits.context` for `max-model-len`; "" if none.

    `-`, `_` and capitals make no difference.
    """
    wanted = _plain(name)
    return next((p for p, words in _names().items() if wanted in words.split() and p in paths), "")


def block_called(name: str) -> str:
    """The block that goes by `name`: `env` for `environment`; "" if none."""
    wanted = _plain(name)
    found = load_json(FOLDER, "schema", "native_names.json")["blocks"]
    return next((block for block, words in found.items() if wanted in words.split()), "")


def synonyms(name: str) -> tuple[str, ...]:
    """What else the field goes by that `name` is a name of: `max-model-len` for `ctx-size`."""
    wanted = _plain(name)
    found = next((words.split() for words in _names().values() if wanted in words.split()), [])
    return tuple(word for word in found if word != wanted)


def _names() -> dict[str, str]:
    found: dict[str, str] = load_json(FOLDER, "schema", "native_names.json")["names"]
    return found


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
