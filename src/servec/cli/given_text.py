"""The text of a file that a call names, or of stdin."""

from __future__ import annotations

from servec.cli.errors import UsageError

LIMIT = 1_000_000
"""Bytes of a file at most."""


def script_text(path: str) -> str:
    """The text of a file, or of stdin; `UsageError` where it cannot be read."""
    from servec.cli.given import given

    sources, names = given([path])
    data = sources.read(names[0]) or b""
    if len(data) > LIMIT:
        raise UsageError(f"{path} is too long")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no UTF-8") from error
