"""A model given by a path: a config.json, a checkpoint folder or a GGUF file."""

from __future__ import annotations

import json

from servec.compiler.catalogue.ingest.build import Refused, ingest
from servec.dsl.record import replace
from servec.dsl.sources import normal, parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.model import Model
    from servec.dsl.sources import Sources

POOLING = "1_Pooling/config.json"
MODES = {
    "pooling_mode_lasttoken": "last",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
}


def read_folder(name: str, sources: Sources, base: str) -> Model | Refused:
    """The model at `name`, relative to the folder `base`; its id is the path as written."""
    path = name if name.startswith("/") else normal(f"{base}/{name}" if base else name)
    if path.lower().endswith(".gguf"):
        return _read_gguf(name, path, sources)
    file = path if path.endswith(".json") else f"{path}/config.json"
    config = read_object(sources, file)
    if isinstance(config, Refused):
        return config
    folder = parent(file) or "."
    apart = read_object(sources, f"{folder}/hf_quant_config.json")
    found = ingest(config, None if isinstance(apart, Refused) else apart, name)
    if isinstance(found, Refused):
        return Refused(f"{found.why} in {file}")
    measured = _with_tensors(found, sources, folder)
    return measured if isinstance(measured, Refused) else _with_pooling(measured, sources, folder)


def _with_tensors(model: Model, sources: Sources, folder: str) -> Model | Refused:
    """The bytes that the folder's weight files hold, where they are there."""
    from servec.compiler.catalogue.ingest.fields import BadConfig
    from servec.compiler.catalogue.tensors.exact import exact, stored_bytes
    from servec.compiler.catalogue.tensors.folder import folder_tensors

    try:
        tensors = folder_tensors(folder, sources)
    except BadConfig as bad:
        return Refused(str(bad))
    return exact(model, stored_bytes(tensors, model.layers)) if tensors else model


def _read_gguf(name: str, path: str, sources: Sources) -> Model | Refused:
    """The model of a GGUF file, of which only the beginning is read."""
    from servec.compiler.catalogue.gguf.build import gguf_model
    from servec.compiler.catalogue.gguf.header import HEAD

    begin: Callable[[str, int], bytes | None] | None = getattr(sources, "head", None)
    data = begin(path, HEAD) if begin is not None else sources.read(path)
    if data is None:
        return Refused(f"{path} cannot be read")
    found = gguf_model(data, name)
    return Refused(f"{found.why} in {path}") if isinstance(found, Refused) else found


def read_object(sources: Sources, path: str) -> dict[str, object] | Refused:
    """The JSON object at `path`, read by a parser that takes what Python's does."""
    data = sources.read(path)
    if data is None:
        return Refused(f"{path} cannot be read")
    return parse_object(data, path)


def parse_object(data: bytes, path: str) -> dict[str, object] | Refused:
    """The JSON object in `data`; bare `Infinity` and `NaN` are read, as some configs carry them."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return Refused(f"{path} is not JSON")
    return found if isinstance(found, dict) else Refused(f"{path} is not a JSON object")


def _with_pooling(model: Model, sources: Sources, folder: str) -> Model:
    """The sentence-transformers files of a folder say that it serves embeddings, and how."""
    if sources.read(f"{folder}/modules.json") is None:
        return model
    from servec.compiler.catalogue.entries import without_head

    pooling = pooling_of(sources, f"{folder}/{POOLING}")
    return replace(without_head(model), pooling=pooling)


def pooling_of(sources: Sources, path: str) -> str:
    """`last cls mean` as the pooling file at `path` says; "" where it says nothing known."""
    said = read_object(sources, path)
    modes = {} if isinstance(said, Refused) else said
    return next((word for key, word in MODES.items() if modes.get(key) is True), "")
