"""Writes option tables beside the targets, where `runtimes extract --write` puts them."""

from __future__ import annotations

import os

from servec.cli.errors import UsageError
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def write_tables(files: Mapping[str, str]) -> None:
    """Write each file, path below the targets' folder; whole files only."""
    for path, text in files.items():
        whole = os.path.join(FOLDER, path)
        try:
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole + ".new", "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.replace(whole + ".new", whole)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
