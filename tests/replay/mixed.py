"""Specs of several fields at random, each with a value of its own: what goes together is found out.

Most of them servec refuses, as such fields exclude one another; what is left has to start.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.fields.samples import lines_of, paths, text_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ASIDE = ("extends", "target", "api.template", "checkpoint.tokenizer", "checkpoint.config_format")
"""Fields of their own kind, and those that name files which no machine here has."""
HARDWARE = ("h100 x 2", "a100-40g x 4", "h200 x 8", "b200 x 8", "l4 x 2", "rtx-4090 x 1")
MODELS = (
    "qwen3-8b",
    "llama-3.3-70b",
    "deepseek-v3",
    "gpt-oss-20b",
    "qwen3-vl-8b",
    "qwen3-next-80b-a3b",
    "gemma-3-27b",
    "mixtral-8x7b",
    "qwen3-embedding-8b",
)


def mixed(runtime: str, version: str, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Path and text of `count` specs for one version of a runtime."""
    source = random.Random(f"mixed {runtime} {seed}")
    fields = [field for field in paths() if field.path not in ASIDE]
    for number in range(count):
        lines: dict[str, str] = {}
        for field in source.sample(fields, source.randint(2, 7)):
            lines |= lines_of(field.path, runtime)
            values = list(values_of(field, runtime, version))
            if values:
                lines[field.path] = source.choice(values)
        if runtime != "mlx" and source.random() < 0.6:
            lines["hardware"] = f"= {source.choice(HARDWARE)}"
        if source.random() < 0.4:
            lines["model"] = f"= {source.choice(MODELS)}"
        lines["target"] = f"= {runtime}"
        yield f"mixed-{number}.srv", text_of(lines, runtime, version)
