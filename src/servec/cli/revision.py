"""The files of a git revision as `Sources`: read out of the repository, not the working tree."""

from __future__ import annotations

import os
import subprocess

from servec.cli.errors import MissingTool, UsageError
from servec.cli.given import given
from servec.cli.sources import LIMIT
from servec.dsl.sources import MemorySources, normal, parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.sources import Sources

MARKER = "servec.toml"
LINK = "120000"


class RevisionSources(MemorySources):
    """The tree of a revision; paths are relative to the repository's top, as git has them."""

    def __init__(self, revision: str) -> None:
        """`UsageError` where this is no repository, or has no such revision."""
        super().__init__({})
        self._top = git(["rev-parse", "--show-toplevel"], ".").decode().strip()
        name = f"{revision}^{{commit}}"
        found = git(["rev-parse", "--verify", "--quiet", "--end-of-options", name], self._top)
        self._commit = found.decode().strip()
        self._held: dict[str, bytes | None] = {}

    def find(self, path: str) -> str:
        """The path of a spec in the revision: from the top as git takes it, else from here."""
        here = os.path.relpath(os.path.abspath(path), self._top).replace(os.sep, "/")
        for name in (normal(path), here):
            if self.read(name) is not None:
                return name
        raise UsageError(f"there is no file {path} in {self._commit[:12]}")

    def read(self, path: str) -> bytes | None:
        """The bytes of a file of the revision; None for a folder, a link, or nothing."""
        path = normal(path)
        if path not in self._held:
            self._held[path] = self._load(path)
        return self._held[path]

    def _load(self, path: str) -> bytes | None:
        line = self._asked("ls-tree", "--long", self._commit, "--", f":(literal,top){path}")
        words = line.decode("utf-8", "replace").split()
        if len(words) < 4 or words[0] == LINK or words[1] != "blob" or int(words[3]) > LIMIT:
            return None
        return self._asked("cat-file", "blob", words[2])

    def head(self, path: str, size: int) -> bytes | None:
        """At most `size` bytes from the beginning of a file."""
        found = self.read(path)
        return None if found is None else found[:size]

    def root(self, path: str) -> str:
        """The nearest folder above with `servec.toml`, else the top of the repository."""
        folder = parent(normal(path))
        while folder and self.read(f"{folder}/{MARKER}") is None:
            folder = parent(folder)
        return folder or "."

    def below(self, path: str, start: str) -> str | None:
        """`path` relative to the project root of the file `start`."""
        root, path = self.root(start), normal(path)
        if path.startswith(("/", "../")) or path == "..":
            return None
        if root == ".":
            return path
        return path.removeprefix(f"{root}/") if path.startswith(f"{root}/") else None

    def listdir(self, path: str) -> tuple[str, ...]:
        """The names in a folder of the revision, sorted."""
        folder = normal(path)
        tree = self._commit if folder == "." else f"{self._commit}:{folder}"
        text = self._asked("ls-tree", "--name-only", "-z", tree).decode("utf-8", "replace")
        return tuple(sorted(name for name in text.split("\0") if name))

    def _asked(self, *words: str) -> bytes:
        """What git says, nothing where it refuses."""
        try:
            return git(list(words), self._top)
        except UsageError:
            return b""


def git(words: list[str], folder: str) -> bytes:
    """The output of git; `UsageError` with its first line where it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise MissingTool("git is not installed: revisions are read by it") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise UsageError(f"git: {said or 'there is no such revision'}")
    return done.stdout


def side(word: str) -> tuple[Sources, str]:
    """The files behind a spec's path or REVISION:PATH, and the spec's name among them.

    A file that is there is meant before a revision of that name.
    """
    revision, colon, path = word.partition(":")
    if colon and revision and path and not os.path.exists(word):
        found = RevisionSources(revision)
        return found, found.find(path)
    sources, names = given([word])
    return sources, names[0]
