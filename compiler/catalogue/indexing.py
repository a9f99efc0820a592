"""The generated files beside the entries: names to entries, and checkpoints by base and word."""

from __future__ import annotations

from servec.compiler.catalogue.entries import entry, entry_files, model_of
from servec.compiler.catalogue.ingest.build import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.model import Model

NOTE = "Generated from models/*.json; `servec models add` and the tests write it."


def build_index() -> dict[str, Any]:
    """`index.json`: every alias and id, and its entry. Raises on a name said twice."""
    names: dict[str, str] = {}
    for file in entry_files():
        row = entry(file)
        for name in (row["id"], *row.get("aliases", ())):
            if name in names:
                raise ValueError(f"{name} stands in {names[name]} and in {file}")
            names[name] = file
    return {"note": NOTE, "names": dict(sorted(names.items()))}


def build_models() -> dict[str, Model]:
    """The model of each entry, by file. Raises on an entry that is no model."""
    found: dict[str, Model] = {}
    for file in entry_files():
        model = model_of(entry(file))
        if isinstance(model, Refused):
            raise ValueError(f"{file}: {model.why}")
        found[file] = model
    return found


def build_variants(models: dict[str, Model]) -> dict[str, Any]:
    """`variants.json`: for each base with several checkpoints, word of the language to entries."""
    bases: dict[str, list[tuple[bool, str, str, str]]] = {}
    for file, model in models.items():
        base = model.base or model.id
        foreign = model.id.split("/")[0] != base.split("/")[0]
        bases.setdefault(base, []).append((foreign, model.id, model.quant.weights, file))
    rows: dict[str, dict[str, list[str]]] = {}
    for base, found in sorted(bases.items()):
        words: dict[str, list[str]] = {}
        for _, _, word, file in sorted(found):
            words.setdefault(word, []).append(file)
        if len(found) > 1:
            rows[base] = words
    return {"note": NOTE, "bases": rows}
