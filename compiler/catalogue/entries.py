"""The catalogue's entries as they are kept, and the model each one gives."""

from __future__ import annotations

import os
import re

from servec.compiler.catalogue.entry import restored
from servec.compiler.catalogue.ingest.build import Refused, ingest
from servec.compiler.catalogue.store import FACTS, fact
from servec.compiler.catalogue.tensors.exact import exact
from servec.compiler.model import UNREAD
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.model import Model


def entry_files() -> tuple[str, ...]:
    """The names of all entries, without `.json`, in order."""
    names = os.listdir(os.path.join(FACTS, "models"))
    return tuple(sorted(name[:-5] for name in names if name.endswith(".json")))


def entry(file: str) -> dict[str, Any]:
    """The catalogue's entry, with what it takes over from another one filled in."""
    found = fact("models/" + file)
    if "model" in found:
        return found
    source = entry(found["like"]) if "like" in found else found
    config = patched(source["config"], found.get("patch", {}))
    apart = found["quant_config"] if "quant_config" in found else source.get("quant_config")
    return {**found, "config": config, "quant_config": apart}


def patched(config: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`config` with `patch` merged in: objects by key, null removes, all else replaces.

    A quantisation replaces the whole of another one: their keys do not mix.
    """
    merged = dict(config)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif key in merged and isinstance(value, dict) and key != "quantization_config":
            merged[key] = patched(merged[key], value)
        else:
            merged[key] = value
    return merged


def model_of(row: dict[str, Any]) -> Model | Refused:
    """The model of a whole entry."""
    aliases = row.get("aliases", [])
    if "model" in row:
        return _as_kept(row, aliases)
    found = ingest(row["config"], row.get("quant_config"), row["id"])
    if isinstance(found, Refused):
        return found
    if "vision" in row:
        found = _with_towers(found, row["vision"])
    if "stored" in row:
        found = exact(found, row["stored"])
    published = row.get("published", {})
    task = row.get("task", found.task)
    if task == "embed":
        found = without_head(found)
    return replace(
        found,
        name=aliases[0] if aliases else row["id"],
        published_total=published.get("total", 0),
        published_active=published.get("active", 0),
        checkpoint_bytes=published.get("bytes", 0) or found.checkpoint_bytes,
        source=row["source"]["config"],
        base=row.get("base", ""),
        task=task,
        pooling=row.get("pooling", ""),
        generation=generation(aliases[0] if aliases else row["id"]),
        notes=(*_unread(row), *row.get("notes", ()), *found.notes),
    )


def _unread(row: dict[str, Any]) -> tuple[str, ...]:
    """What is to be said of an entry that rests on a sibling or a class alone."""
    return (UNREAD,) if row["source"]["config"].endswith("its own files not read") else ()


def _with_towers(model: Model, params: int) -> Model:
    """`model` with the weights of its towers, which its entry gives by their number."""
    notes = tuple(note for note in model.notes if "tower is not counted" not in note)
    total = model.total - model.vision_params + params
    return replace(model, vision_params=params, total=total, notes=notes)


def _as_kept(row: dict[str, Any], aliases: list[str]) -> Model:
    """The model of an entry that holds one, which is how a GGUF file is kept."""
    from servec.compiler.catalogue.derived import decoded

    name = aliases[0] if aliases else row["id"]
    return replace(
        decoded(row["model"]),
        name=name,
        base=row.get("base", ""),
        source=row["source"]["model"],
        generation=generation(name),
    )


def without_head(model: Model) -> Model:
    """An embedding model of a generator's architecture stores no head (Qwen3-Embedding's total)."""
    head = model.head_params
    return replace(
        model, head_params=0, total=model.total - head, active=model.active - head, task="embed"
    )


def generation(name: str) -> str:
    """The line a short name belongs to, without its size: `qwen3`, `llama-3.3`, `deepseek-v3.1`."""
    stem = name.rpartition("/")[2].lower()
    found = re.match(r"[a-z]+(?:-[a-z]{1,4})??-?v?\d+(?:\.\d+)?(?![\d.]*[bm]\b)", stem)
    return found.group() if found else stem


def written_back(file: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The entry's config.json and hf_quant_config.json as a runtime reads them.

    Without what entries leave out (training, generation), and with module lists written out; their
    order may differ from the published file's.
    """
    row = entry(file)
    if "config" not in row:
        return {}, None
    apart = row.get("quant_config")
    return restored(row["config"]), restored(apart) if apart else None
