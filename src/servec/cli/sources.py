"""Files of this machine as `Sources`: bounded, read once, paths with forward slashes."""

from __future__ import annotations

import os
import stat

from servec.cli.errors import UsageError
from servec.dsl.sources import normal

LIMIT = 64 * 1024 * 1024
STDIN = "<stdin>"
MARKERS = ("servec.toml", ".git")


def slashed(path: str) -> str:
    """`path` as typed on this system, with forward slashes and without `./` and `x/..`."""
    path = path.replace(os.sep, "/") if os.sep != "/" else path
    return path if path.startswith("//") else normal(path)


class DiskSources:
    """Reads files of at most 64 MiB, once each; `put` lays a text over the disk (stdin, an editor).

    Only regular files are read, so that an import never waits on a pipe or a device.
    """

    def __init__(self) -> None:
        """Nothing is read before it is asked for."""
        self._held: dict[str, bytes | None] = {}
        self._roots: dict[str, str] = {}

    def put(self, path: str, data: bytes) -> None:
        """From now on `path` holds `data`."""
        self._held[path] = data

    def read(self, path: str) -> bytes | None:
        """The bytes at `path`, or None where there is no readable file of bounded size."""
        if path not in self._held:
            try:
                self._held[path] = self._load(path)
            except (OSError, ValueError):
                self._held[path] = None
        return self._held[path]

    def _load(self, path: str) -> bytes | None:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags)
        with open(handle, "rb", buffering=0) as file:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or found.st_size > LIMIT:
                return None
            return file.read(LIMIT + 1)

    def head(self, path: str, size: int) -> bytes | None:
        """At most `size` bytes from the beginning of a regular file of any size, else None."""
        if path in self._held:
            held = self._held[path]
            return None if held is None else held[:size]
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(path, flags), "rb", buffering=0) as file:
                regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
                return file.read(size) if regular else None
        except (OSError, ValueError):
            return None

    def need(self, path: str) -> None:
        """Read a file that was named on the command line; `UsageError` says why it cannot be."""
        if self.read(path) is None:
            raise UsageError(f"cannot read {path}: {_why(path)}")

    def root(self, path: str) -> str:
        """The nearest folder above `path` with `servec.toml` or `.git`, else its own folder.

        Absolute if `path` is; else relative to the working folder (`.`, `..`, `../..`).
        """
        folder = os.path.dirname(path) or "."
        if folder not in self._roots:
            self._roots[folder] = slashed(self._find_root(folder))
        return self._roots[folder]

    def _find_root(self, folder: str) -> str:
        here = os.path.abspath(folder)
        while True:
            if any(os.path.exists(os.path.join(here, name)) for name in MARKERS):
                return here if os.path.isabs(folder) else os.path.relpath(here)
            above = os.path.dirname(here)
            if above == here:
                return folder
            here = above

    def below(self, path: str, start: str) -> str | None:
        """`path` relative to the project root of the file `start`; None where it is outside."""
        root = os.path.abspath(self.root(start))
        whole = os.path.abspath(path)
        try:
            found = os.path.relpath(whole, root)
        except ValueError:  # another drive
            return None
        return None if found.split(os.sep)[0] == os.pardir else slashed(found)

    def holds(self, path: str, start: str) -> bool:
        """Whether `path`, links followed, lies in the project root of the file `start`."""
        root = os.path.realpath(self.root(start))
        try:
            return os.path.commonpath((root, os.path.realpath(path))) == root
        except ValueError:  # another drive, or no path at all
            return False

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in the folder `path`, sorted; empty where it is none."""
        try:
            return tuple(sorted(os.listdir(path or ".")))
        except (OSError, ValueError):
            return ()


def _why(path: str) -> str:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return "there is no such file"
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    if stat.S_ISDIR(found.st_mode):
        return f"it is a folder; name its files, as in {path}/*.srv"
    if not stat.S_ISREG(found.st_mode):
        return "it is no regular file; `-` reads standard input"
    if found.st_size > LIMIT:
        return f"it is larger than {LIMIT // 1024 // 1024} MiB"
    return "permission denied"
