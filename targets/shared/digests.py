"""Digests of the tables that decide what is emitted for one version of one runtime."""

from __future__ import annotations

import os
from functools import lru_cache

from servec.targets.shared.table import FOLDER


@lru_cache
def table_digests(runtime: str, version: str) -> tuple[tuple[str, str], ...]:
    """Name and SHA-256 of the option table and of the capability claims, those that exist.

    A table that is stored as a difference is hashed with the table it builds on.
    """
    made = (
        (f"{runtime} options {version}", _options(runtime, version)),
        (f"{runtime} capabilities", _hash(_read(runtime, "capabilities.json"))),
    )
    return tuple((name, digest) for name, digest in made if digest)


def _options(runtime: str, version: str) -> str:
    import json

    whole = b""
    at = version
    seen: set[str] = set()
    while at and at not in seen:
        seen.add(at)
        text = _read(runtime, "options", f"{at}.json")
        whole += text
        at = json.loads(text).get("base", "") if text else ""
    return _hash(whole)


def _read(*parts: str) -> bytes:
    try:
        with open(os.path.join(FOLDER, *parts), "rb") as file:
            return file.read().replace(b"\r\n", b"\n")
    except OSError:
        return b""


def _hash(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest() if data else ""
