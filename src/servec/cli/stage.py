"""Files under temporary names beside their place, before all of them are renamed."""

from __future__ import annotations

import os

TEMPORARY = ".servec-tmp-"


def stage(path: str, data: bytes, executable: bool, made: list[str]) -> str:
    """Write one file beside its place under a temporary name; that name.

    Folders that had to be made are added to `made`.
    """
    folder, _, name = path.rpartition("/")
    _make_folders(folder, made)
    temporary = f"{folder}/{TEMPORARY}{os.getpid()}-{name}"
    with open(temporary, "wb") as file:
        file.write(data)
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, (0o777 if executable else 0o666) & ~mask)
    return temporary


def sweep(base: str) -> None:
    """Remove what a run that was killed while it staged has left below `base`."""
    for folder, _, names in os.walk(base):
        for name in names:
            owner = name.removeprefix(TEMPORARY).partition("-")[0]
            if name.startswith(TEMPORARY) and owner.isdigit() and not _runs(int(owner)):
                os.unlink(os.path.join(folder, name))


def _runs(process: int) -> bool:
    """Whether a process is there; where that cannot be asked, it is taken to be."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _make_folders(folder: str, made: list[str]) -> None:
    missing = []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = folder.rpartition("/")[0]
    for path in reversed(missing):
        os.mkdir(path)
        made.append(path)


def clean(staged: list[tuple[str, str]], made: list[str]) -> None:
    """Remove the temporary files of a run that failed, and the folders made for them."""
    for temporary, _ in staged:
        if os.path.lexists(temporary):
            os.unlink(temporary)
    for folder in reversed(made):
        if os.path.isdir(folder) and not os.listdir(folder):
            os.rmdir(folder)
