"""The tensors of a checkpoint folder: of its index's files, or of its one file."""

from __future__ import annotations

import json

from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.tensors.header import LENGTH, header_size, read_tensors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.catalogue.tensors.header import Stored
    from servec.dsl.sources import Sources

    Head = Callable[[str, int], bytes | None]

INDEX = "model.safetensors.index.json"
ONE = "model.safetensors"
MOST_FILES = 2000


def folder_tensors(folder: str, sources: Sources) -> tuple[Stored, ...]:
    """Every tensor of the checkpoint in `folder`; empty where it has no safetensors files here.

    Raises `BadConfig` where a file that the index names is missing or damaged.
    """
    found: list[Stored] = []
    for name in _files(folder, sources):
        found += _read(f"{folder}/{name}", sources)
    return tuple(found)


def _files(folder: str, sources: Sources) -> tuple[str, ...]:
    data = sources.read(f"{folder}/{INDEX}")
    if data is None:
        return (ONE,) if _head(sources)(f"{folder}/{ONE}", LENGTH) is not None else ()
    try:
        names = set(json.loads(data)["weight_map"].values())
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise BadConfig(f"{INDEX} has no `weight_map`") from None
    if len(names) > MOST_FILES or not all(isinstance(n, str) and _plain(n) for n in names):
        raise BadConfig(f"{INDEX} names files outside of its folder")
    there = [name for name in sorted(names) if _head(sources)(f"{folder}/{name}", 1) is not None]
    if there and len(there) < len(names):
        missing = next(name for name in sorted(names) if name not in there)
        raise BadConfig(f"{INDEX} names {missing}, which is not there")
    return tuple(there)


def _plain(name: str) -> bool:
    return name.endswith(".safetensors") and "/" not in name and "\\" not in name


def _read(path: str, sources: Sources) -> tuple[Stored, ...]:
    begin = _head(sources)(path, LENGTH)
    whole = _head(sources)(path, header_size(begin or b""))
    try:
        return read_tensors(whole or b"")
    except BadConfig as bad:
        raise BadConfig(f"{bad} in {path}") from None


def _head(sources: Sources) -> Head:
    """Reads the first bytes of a file; sources in memory hold whole files."""
    found: Head | None = getattr(sources, "head", None)
    if found is not None:
        return found

    def from_memory(path: str, size: int) -> bytes | None:
        data = sources.read(path)
        return None if data is None else data[:size]

    return from_memory
