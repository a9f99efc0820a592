"""What the sources of a build of llama.cpp say of llama-bench; see shared/past/tools."""

from __future__ import annotations

import os

from servec.targets.llamacpp.source import chained

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCE = "llama.cpp b1003 to b10470, tools/llama-bench/llama-bench.cpp, as each build left it"
SYNTAX = {"llama-bench": "underscores"}
TOLD: dict[str, dict[str, str]] = {}
BENCH = "llama.cpp/tools/llama-bench/llama-bench.cpp"


def tools(folder: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of the flags of llama-bench; every one has a word, or is a switch."""
    with open(os.path.join(folder, BENCH), encoding="utf-8") as file:
        return {"llama-bench": list(chained(file.read()))}
