"""Reads what a lock file says servec wrote."""

from __future__ import annotations

LOCK = "servec.lock.json"


def manifest_of(text: bytes | None) -> dict[str, str]:
    """The hashes in the text of a lock file by name, with its own where its seal holds."""
    if text is None:
        return {}
    import json

    from servec.targets.shared.artifacts.seal import is_sealed

    try:
        document = json.loads(text)
        files = {str(name): str(value) for name, value in document["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    if is_sealed(text):
        files[LOCK] = _hash(text)
    return files


def is_owned(name: str, data: bytes, manifest: dict[str, str]) -> bool:
    """Whether servec wrote the file `name` as it is."""
    return manifest.get(name) == _hash(data)


def _hash(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()
