"""A new entry of the catalogue, from a config.json or a checkpoint folder."""

from __future__ import annotations

import os

from servec.compiler.catalogue.entry import dumped, file_name, trimmed
from servec.compiler.catalogue.folder import POOLING, pooling_of, read_object
from servec.compiler.catalogue.ingest.build import Refused
from servec.compiler.catalogue.store import FACTS
from servec.dsl.sources import parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.sources import Sources


class NotAdded(ValueError):
    """Why an entry was not written: one sentence without a full stop."""


def new_entry(
    path: str,
    sources: Sources,
    id: str,
    names: tuple[str, ...] = (),
    base: str = "",
    source: str = "",
    total: int = 0,
) -> dict[str, Any]:
    """The entry of the config at `path`; raises `NotAdded` where it is no model."""
    if path.lower().endswith(".gguf"):
        return _gguf_entry(path, sources, id, names, base, source)
    file = path if path.endswith(".json") else f"{path.rstrip('/')}/config.json"
    config = read_object(sources, file)
    if isinstance(config, Refused):
        raise NotAdded(config.why)
    folder = parent(file) or "."
    apart = read_object(sources, f"{folder}/hf_quant_config.json")
    row: dict[str, Any] = {"id": id, "aliases": list(names), "base": base}
    if sources.read(f"{folder}/modules.json") is not None:
        row |= {"task": "embed", "pooling": pooling_of(sources, f"{folder}/{POOLING}")}
    row["source"] = {"config": source or "a config.json that was given by hand"}
    if total:
        row["published"] = {"total": total, "kind": "hub_total"}
        row["source"]["total"] = source or "given by hand"
    row["config"] = trimmed(config)
    if not isinstance(apart, Refused):
        row["quant_config"] = trimmed(apart)
    row["stored"] = _stored(row, sources, folder)
    if row["stored"]:
        row["source"]["stored"] = "the safetensors headers of the checkpoint's files"
    return {key: value for key, value in row.items() if value not in ("", [], {})}


def _stored(row: dict[str, Any], sources: Sources, folder: str) -> dict[str, int]:
    """Bytes of each part, where the folder holds the weights."""
    from servec.compiler.catalogue.entries import model_of
    from servec.compiler.catalogue.ingest.fields import BadConfig
    from servec.compiler.catalogue.tensors.exact import stored_bytes
    from servec.compiler.catalogue.tensors.folder import folder_tensors

    try:
        tensors = folder_tensors(folder, sources)
    except BadConfig as bad:
        raise NotAdded(str(bad)) from None
    if not tensors:
        return {}
    model = model_of(row)
    if isinstance(model, Refused):
        raise NotAdded(model.why)
    return stored_bytes(tensors, model.layers)


def _gguf_entry(
    path: str, sources: Sources, id: str, names: tuple[str, ...], base: str, source: str
) -> dict[str, Any]:
    """The entry of a GGUF file: the model itself, since it has no config."""
    from servec.compiler.catalogue.derived import encoded
    from servec.compiler.catalogue.folder import read_folder
    from servec.dsl.record import replace

    model = read_folder(path, sources, "")
    if isinstance(model, Refused):
        raise NotAdded(model.why)
    file = path.rpartition("/")[2]
    row: dict[str, Any] = {"id": id, "aliases": list(names), "base": base}
    row["source"] = {"model": source or f"the header of {file}"}
    row["model"] = encoded(replace(model, id=id, name=id, file=file))
    return {key: value for key, value in row.items() if value not in ("", [], {})}


def add_entry(row: dict[str, Any]) -> tuple[str, ...]:
    """Write `row` under `facts/models`; raises `NotAdded` where it is not fit, `OSError`."""
    from servec.compiler.catalogue.entries import model_of
    from servec.compiler.catalogue.models import index
    from servec.compiler.catalogue.validate import faults

    wrong = faults("model", row)
    if wrong:
        raise NotAdded(wrong[0])
    found = model_of(row)
    if isinstance(found, Refused):
        raise NotAdded(found.why)
    file = file_name(row["id"])
    for name in (row["id"], *row.get("aliases", ())):
        if index().get(name, file) != file:
            raise NotAdded(f"{name} is the name of {index()[name]}")
    path = os.path.join(FACTS, "models", f"{file}.json")
    with open(path, "w", encoding="utf-8", newline="\n") as target:
        target.write(dumped(row) + "\n")
    return (f"models/{file}.json",)
