"""Recipes as launches: those of vLLM's source (`recipes/models/*/*.yaml`), and lists in JSON.

A recipe holds a model with base arguments, features that are on or opted into, and what hardware
adds. Each is one launch with its features, one with all it may opt into, and one for each hardware.
A list in JSON has `name`, `argv` and `env` for each launch.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from servec.dsl.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@record
class Entry:
    """One launch of a recipe: its name, words and variables."""

    name: str
    argv: tuple[str, ...]
    env: dict[str, str]


def entries(folder: Path) -> Iterator[Entry]:
    """Every launch of the recipes below `folder`, in order of their paths."""
    for path in sorted(folder.rglob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            yield Entry(row["name"], tuple(row["argv"]), row.get("env") or {})
    for path in sorted(folder.rglob("*.yaml")):
        held = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(held, dict) and isinstance(held.get("model"), dict):
            yield from _of_recipe(f"{path.parent.name}/{path.stem}", held)


def _of_recipe(name: str, held: dict[str, Any]) -> Iterator[Entry]:
    model, features = held["model"], held.get("features") or {}
    opted = held.get("opt_in_features") or []
    on = [row for key, row in features.items() if key not in opted]
    more = [features[key] for key in opted if key in features]
    start = {"args": model.get("base_args"), "env": model.get("base_env")}
    yield _entry(name, model["model_id"], [start, *on])
    if more:
        yield _entry(f"{name} with {', '.join(opted)}", model["model_id"], [start, *on, *more])
    for hardware, row in (held.get("hardware_overrides") or {}).items():
        extra = {"args": row.get("extra_args"), "env": row.get("extra_env")}
        yield _entry(f"{name} on {hardware}", model["model_id"], [start, *on, extra])


def _entry(name: str, model: str, rows: Iterable[dict[str, Any]]) -> Entry:
    argv = ["vllm", "serve", model]
    env: dict[str, str] = {}
    for row in rows:
        argv += [str(word) for word in row.get("args") or ()]
        env |= {key: str(value) for key, value in (row.get("env") or {}).items()}
    return Entry(name, tuple(argv), env)
