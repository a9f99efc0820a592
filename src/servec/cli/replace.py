"""Puts new bytes in the place of a file of the user's."""

from __future__ import annotations

import os

from servec.cli.errors import UsageError


def replace_file(path: str, data: bytes) -> None:
    """Write `data` beside `path` and rename it there, with the mode of the old file.

    Through a link the file it names is replaced. `UsageError` where that cannot be done.
    """
    place = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(place), f".servec-tmp-{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
        if os.path.exists(place):
            os.chmod(temporary, os.stat(place).st_mode & 0o7777)
        os.replace(temporary, place)
    except OSError as error:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
