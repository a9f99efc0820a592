"""What a checkout of an old release of TGI says of itself; see shared/past.

The launcher's struct and the model types are read as `oracle.py` reads those of the tables. What a
release serves by way of transformers is read from `transformers/modeling_auto.py` of the version
that its image is made with, where that was put beside it.
"""

from __future__ import annotations

import ast
import os

from servec.targets.tgi.oracle import LAUNCHER, MODELS, NOT_SERVED, model_types, option_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SYNTAX = "whole"
AUTO = "transformers/modeling_auto.py"
NAMES = (
    "MODEL_FOR_CAUSAL_LM_MAPPING_NAMES",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES",
)
"""Where a class of its own is missing, a type in these is served by way of transformers."""


def release(folder: str) -> dict[str, Any]:
    """`rows` of the launcher's options and `sets` of one release."""
    rows = list(_rows(_read(folder, LAUNCHER)))
    own = sorted(model_types(_read(folder, MODELS)) - set(NOT_SERVED))
    return {"rows": rows, "sets": {"own_types": own, "auto_types": _auto(folder)}}


def _auto(folder: str) -> list[str] | None:
    """The model types that its transformers has a class for, None where that is not there."""
    if not os.path.exists(os.path.join(folder, AUTO)):
        return None
    made: set[str] = set()
    for node in ast.parse(_read(folder, AUTO)).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in NAMES:
            pairs = (item for item in ast.walk(node) if isinstance(item, ast.Tuple))
            made |= {ast.literal_eval(item)[0] for item in pairs if len(item.elts) == 2}
    return sorted(made)


def _read(folder: str, name: str) -> str:
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def _rows(text: str) -> Iterator[dict[str, Any]]:
    for name, row in option_rows(text).items():
        made = {"flags": row.get("flags", [f"--{name}"]), "type": row.get("type", "str")}
        yield made | ({"choices": row["choices"]} if "choices" in row else {})
