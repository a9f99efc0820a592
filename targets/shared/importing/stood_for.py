"""Options that a variable sets where the line does not: `NUM_SHARD=4`, `LLAMA_ARG_CTX_SIZE=8192`.

TGI's launcher and llama.cpp read them so (`env` of a row of their tables); an option on the line
goes first (clap, llama.cpp common/arg.cpp).
"""

from __future__ import annotations

from servec.targets.shared.importing.said import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.table import OptionTable

YES = ("1", "true", "on", "yes", "enabled")


def stood_for(
    table: OptionTable, env: Mapping[str, str], options: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The options that variables of `env` set and `options` lacks, with their values."""
    words: list[str] = []
    for name, row in table.rows.items():
        text = env.get(row.get("env", ""), "").strip()
        found = table.find(name) if text else None
        if found is None or name in options:
            continue
        if not found[0].boolean:
            words += [found[0].long, text]
        elif text.lower() in YES:
            words.append(found[0].long)
    return said(table, words).options if words else {}
