"""What a launch goes on with though a spec that says the same is refused, by runtime.

`targets/<name>/lenient.json`, each row with its `source`, and with `why` where it is told:
`dense_experts`: a width of experts for a model that has none; `short_cache`: a cache of less than
one context; `long_context`: a context beyond the model's own; `unknown_models`: `options` of a
server that takes over for models which are none of the catalogue's; `fetched_head`: layers for
drafts that the repository has in a file beside; `pipelines`: see `importing/programs/pipelines.py`;
`read_method`: `methods` of checkpoints that overrule the quantisation asked for.
`reads_all_variables`: the runtime looks through all variables with its prefix, where the others
read each by its name.
"""

from __future__ import annotations

import os

from servec.dsl.json_file import load_json
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FILE = "lenient.json"


def lenient(runtime: str) -> Mapping[str, Any]:
    """The rows of a runtime; none where it has no file of them."""
    there = os.path.exists(os.path.join(FOLDER, runtime, FILE))
    rows: Mapping[str, Any] = load_json(FOLDER, runtime, FILE) if there else {}
    return rows


def why(runtime: str, row: str) -> str:
    """What the runtime does instead, "" where it has no such row."""
    return str(lenient(runtime).get(row, {}).get("why", ""))
