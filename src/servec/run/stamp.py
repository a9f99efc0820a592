"""What is known of a finished step: what it was made of, and what it made.

A product is the step's as long as the stamp's key is that of the step now (its command, its
variables and the content of what it reads) and what lies there is what it made.
"""

from __future__ import annotations

import hashlib
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.compiler.steps.node import Node

SAMPLE = 1 << 16
"""Bytes read at each end of a large file: a checkpoint is not read whole to be known again."""


def key_of(node: Node, argv: Sequence[str], env: Mapping[str, str], root: str) -> str:
    """The digest of everything that the product of a step depends on."""
    reads = [content(os.path.join(root, path)) for path in node.needs]
    said = [node.kind, list(argv), dict(sorted(env.items())), list(node.makes), reads]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def content(path: str) -> str:
    """A digest of a file or folder: names, sizes and the ends of what is in it; "" for nothing."""
    if not os.path.lexists(path):
        return ""
    found = hashlib.sha256()
    for name in _files(path) if os.path.isdir(path) else (path,):
        found.update(os.path.relpath(name, path).encode("utf-8", "surrogateescape"))
        found.update(_sample(name))
    return found.hexdigest()


def _files(folder: str) -> Iterator[str]:
    """The files below a folder in order; what is hidden is the business of tools."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(base, name)


def _sample(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            ends = file.read(SAMPLE)
            if size > 2 * SAMPLE:
                file.seek(-SAMPLE, os.SEEK_END)
            return b"%d:" % size + ends + file.read(SAMPLE)
    except OSError:
        return b"?"


class Stamps:
    """The stamps of a project, one file for each product."""

    def __init__(self, folder: str, root: str) -> None:
        """They lie in `folder`; products below `root`."""
        self._folder, self._root = folder, root

    def finished(self, node: Node, key: str) -> bool:
        """Whether the product is there and is the step's.

        One without a stamp was made by `build.sh`, or by hand: it counts.
        """
        if not node.makes or not all(map(os.path.exists, self._places(node))):
            return False
        known = self._read(node)
        return known is None or known == {"key": key, "made": self._made(node)}

    def write(self, node: Node, key: str) -> None:
        """From now on the product that is there is the step's."""
        if not node.makes:
            return
        os.makedirs(self._folder, exist_ok=True)
        path = self._path(node)
        text = json.dumps({"key": key, "made": self._made(node)}, indent=1)
        with open(f"{path}.part", "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{path}.part", path)

    def _made(self, node: Node) -> dict[str, str]:
        return {path: content(os.path.join(self._root, path)) for path in node.makes}

    def _places(self, node: Node) -> list[str]:
        return [os.path.join(self._root, path) for path in node.makes]

    def _path(self, node: Node) -> str:
        digest = hashlib.sha256("\0".join(node.makes).encode()).hexdigest()
        return os.path.join(self._folder, f"{digest[:32]}.json")

    def _read(self, node: Node) -> object:
        try:
            with open(self._path(node), encoding="utf-8") as file:
                found: object = json.load(file)
        except (OSError, ValueError):
            return None
        return found
