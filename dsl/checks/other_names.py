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
    names: dict[str, str] = load_json(FOLDER, "schema", "native_names.json")["names"]
    wanted = name.lower().replace("_", "-")
    return next((p for p in names if wanted in names[p].split() and p in paths), "")
