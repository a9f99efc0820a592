"""Files that a manifest puts into its containers: ConfigMaps, by where they are mounted."""

from __future__ import annotations

from posixpath import join, normpath

from servec.targets.shared.importing.manifests.nested import mappings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


def config_maps(documents: Sequence[Any]) -> dict[str, dict[str, str]]:
    """The texts of each ConfigMap among the documents, by its name and theirs."""
    found: dict[str, dict[str, str]] = {}
    for document in documents:
        if not isinstance(document, dict) or document.get("kind") != "ConfigMap":
            continue
        about, data = document.get("metadata"), document.get("data")
        if isinstance(about, dict) and isinstance(data, dict):
            texts = {str(key): text for key, text in data.items() if isinstance(text, str)}
            found[str(about.get("name"))] = texts
    return found


def map_volumes(root: Any, maps: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The files of every volume below `root` that is a ConfigMap, by the volume's name."""
    found: dict[str, Mapping[str, str]] = {}
    for volume in _volumes(root):
        given: Any = volume.get("configMap")
        given = given if isinstance(given, dict) else {}
        texts = maps.get(str(given.get("name")))
        if texts is not None:
            found[str(volume.get("name"))] = _renamed(texts, given.get("items"))
    return found


def mounted(
    container: Mapping[str, Any], volumes: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """The files that a container finds, by path."""
    mounts = container.get("volumeMounts")
    found: dict[str, str] = {}
    for mount in mounts if isinstance(mounts, list) and volumes else ():
        if not isinstance(mount, dict) or not isinstance(mount.get("mountPath"), str):
            continue
        texts = volumes.get(str(mount.get("name")), {})
        place, part = mount["mountPath"], mount.get("subPath")
        if isinstance(part, str):
            found |= {normpath(place): texts[part]} if part in texts else {}
        else:
            found |= {normpath(join(place, name)): text for name, text in texts.items()}
    return found


def _renamed(texts: Mapping[str, str], items: Any) -> Mapping[str, str]:
    """The files of a volume: all keys, or those that `items` names with their paths."""
    if not isinstance(items, list):
        return texts
    pairs = [(str(item.get("key")), item.get("path")) for item in items if isinstance(item, dict)]
    return {str(path): texts[key] for key, path in pairs if key in texts}


def _volumes(root: Any) -> Iterator[Mapping[str, Any]]:
    for node in mappings(root):
        held = node.get("volumes")
        for item in held if isinstance(held, list) else ():
            if isinstance(item, dict):
                yield item
