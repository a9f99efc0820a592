"""One entry of the catalogue: a checkpoint's config without what says nothing about serving it."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from servec.compiler.catalogue.modules import compact, expand
from servec.compiler.catalogue.store import fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MODULE_LISTS = ("modules_to_not_convert", "ignore", "ignored_layers", "exclude_modules", "targets")


def trimmed(config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` without noise, its lists of modules compacted.

    A null stays: some classes have another default (Mistral's window).
    """
    noise = _noise()
    return {
        key: _trim(key, value)
        for key, value in config.items()
        if (key not in noise and not key.startswith("_")) or _is_score(key, value)
    }


def restored(config: Mapping[str, Any]) -> dict[str, Any]:
    """A trimmed config with its lists of modules written out, as the runtimes read it."""
    return {key: _restore(key, value) for key, value in config.items()}


def file_name(id: str) -> str:
    """The entry's file for a repository id: `Qwen--Qwen3-32B`."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", id.replace("/", "--"))


def dumped(value: object, indent: int = 0) -> str:
    """JSON with objects over lines and lists on one line, so that a difference is one line."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and value:
        rows = (f"{pad}{json.dumps(k)}: {dumped(v, indent + 1)}" for k, v in value.items())
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        rows = (pad + json.dumps(item, ensure_ascii=False) for item in value)
        return "[\n" + ",\n".join(rows) + "\n" + " " * indent + "]"
    return json.dumps(value, ensure_ascii=False)


def _is_score(key: str, value: object) -> bool:
    """A single label says that a classifier scores: it is a reranker."""
    return key == "id2label" and isinstance(value, dict) and len(value) == 1


@lru_cache(maxsize=1)
def _noise() -> frozenset[str]:
    """Keys of training and text generation, by which no runtime builds a model."""
    return frozenset(fact("config_noise")["keys"])


def _trim(key: str, value: Any) -> Any:
    if key == "quantized_layers" and isinstance(value, dict):
        return _by_row(value)
    if key in MODULE_LISTS and isinstance(value, list):
        return list(compact(str(name) for name in value))
    if isinstance(value, dict):
        return trimmed(value)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [trimmed(item) for item in value]
    return value


def _by_row(layers: dict[str, Any]) -> dict[str, Any]:
    """`quantized_layers` with equal rows put together."""
    rows: dict[str, list[str]] = {}
    for name, row in layers.items():
        rows.setdefault(json.dumps(row, sort_keys=True), []).append(name)
    return {name: json.loads(row) for row, names in rows.items() for name in compact(names)}


def _restore(key: str, value: Any) -> Any:
    if key == "quantized_layers" and isinstance(value, dict):
        return {name: row for short, row in value.items() for name in expand([short])}
    if key in MODULE_LISTS and isinstance(value, list):
        return list(expand(value))
    return restored(value) if isinstance(value, dict) else value
