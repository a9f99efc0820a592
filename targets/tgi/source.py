"""What a checkout of an old release of TGI says of itself; see shared/past.

The launcher's struct and the model types are read as `oracle.py` reads those of the tables. What a
release serves by way of transformers, with one shard, is not told.
"""

from __future__ import annotations

import os

from servec.targets.tgi.oracle import LAUNCHER, MODELS, NOT_SERVED, model_types, option_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SYNTAX = "whole"


def release(folder: str) -> dict[str, Any]:
    """`rows` of the launcher's options and `sets` of one release."""
    rows = list(_rows(_read(folder, LAUNCHER)))
    own = sorted(model_types(_read(folder, MODELS)) - set(NOT_SERVED))
    return {"rows": rows, "sets": {"own_types": own}}


def _read(folder: str, name: str) -> str:
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def _rows(text: str) -> Iterator[dict[str, Any]]:
    for name, row in option_rows(text).items():
        made = {"flags": row.get("flags", [f"--{name}"]), "type": row.get("type", "str")}
        yield made | ({"choices": row["choices"]} if "choices" in row else {})
