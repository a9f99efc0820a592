"""What a program that serves nothing refuses of flags that its parser takes.

`targets/<name>/tool_rows.json`: rows by program, each with `when` as those of `constraints.json`,
over `flag.*` (the first word behind a flag, true behind none) and `device.*`; the `word` that is
refused, `why`, `source`, and `since` and `until` among releases. A release that is not stated
breaks those without an end.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.compiler.options.constraints import holds
from servec.compiler.options.named import UNKNOWN
from servec.dsl.json_file import load_json
from servec.dsl.whole import whole
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.device import Device


def row_troubles(
    runtime: str, program: str, said: Mapping[str, str], version: str, device: Device | None
) -> Iterator[tuple[str, str, str]]:
    """Code, word and reason of each row that a line breaks.

    `said`: the first word behind each flag, by its name without dashes, "" behind none.
    """

    def find(name: str) -> Any:
        head, _, rest = name.partition(".")
        if head == "device":
            return UNKNOWN if device is None else getattr(device, rest) or None
        return _read(said[rest]) if rest in said else None

    for row in _rows(runtime).get(program, ()):
        if _at(row, version) and all(holds(condition, find) for condition in row["when"]):
            yield "SRV310", row["word"], row["why"]


def _at(row: Mapping[str, Any], version: str) -> bool:
    from servec.compiler.options.versions import is_exact, order

    if not is_exact(version):
        return "until" not in row
    here = order(version)
    until = row.get("until")
    return order(row["since"]) <= here and (until is None or here <= order(until))


def _read(word: str) -> str | int | bool:
    number = whole(word)
    return number if number is not None else word or True


@lru_cache
def _rows(runtime: str) -> Any:
    there = os.path.exists(os.path.join(FOLDER, runtime, "tool_rows.json"))
    return load_json(FOLDER, runtime, "tool_rows.json") if there else {}
