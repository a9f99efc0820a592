"""Where text comes from: the one door between the compiler and a file system."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class Sources(Protocol):
        """Read access to the files a spec names. Paths use forward slashes."""

        def read(self, path: str) -> bytes | None:
            """The bytes at `path`, or None where there is no readable file of bounded size."""

        def root(self, path: str) -> str:
            """The project root that `path` lies in (see the language reference, import)."""

        def below(self, path: str, start: str) -> str | None:
            """`path` relative to the project root of the file `start`; None where it is outside.

            How paths are written into artifacts: two relative paths cannot be compared without
            the working folder.
            """

        def holds(self, path: str, start: str) -> bool:
            """Whether `path`, links followed, lies in the project of the file `start`.

            What an import is checked by.
            """

        def listdir(self, path: str) -> tuple[str, ...]:
            """The names in the folder `path`, sorted; empty where it is none."""


def parent(path: str) -> str:
    """The folder of a forward-slash path; "" for a bare name."""
    head, slash, _ = path.rpartition("/")
    return head or slash


def normal(path: str) -> str:
    """`path` without `.` and `x/..` parts; a leading `..` that cannot be resolved stays."""
    out: list[str] = []
    for part in path.split("/"):
        if part == ".." and out and out[-1] not in ("..", ""):
            out.pop()
        elif part not in ("", ".") or (part == "" and not out and path.startswith("/")):
            out.append(part)
    return "/".join(out) or ("/" if path.startswith("/") else ".")


class MemorySources:
    """Sources held in a mapping from path to text or bytes; the root is the top of the mapping."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        """Take a copy of `files`."""
        self._files = {
            normal(path): text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
            for path, text in files.items()
        }

    def read(self, path: str) -> bytes | None:
        """The bytes stored under `path`."""
        return self._files.get(normal(path))

    def root(self, path: str) -> str:
        """Always the top of the mapping: "." or "/" for absolute paths."""
        return "/" if path.startswith("/") else "."

    def below(self, path: str, start: str) -> str | None:
        """`path` below the top of the mapping; None for one that leads out of it."""
        path = normal(path)
        if path.startswith("/") != start.startswith("/") or path.split("/")[0] == "..":
            return None
        return path.lstrip("/") or "."

    def holds(self, path: str, start: str) -> bool:
        """Whether `path` lies in the mapping; it has no links."""
        return self.below(path, start) is not None

    def listdir(self, path: str) -> tuple[str, ...]:
        """Names directly below `path`."""
        head = "" if normal(path) == "." else normal(path).rstrip("/") + "/"
        names = {p[len(head) :].split("/")[0] for p in self._files if p.startswith(head)}
        return tuple(sorted(names))
