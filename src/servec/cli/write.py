"""Writes what was emitted: all of it or nothing, and only over what servec itself wrote.

Each folder `<out>/<deployment>/<target>/` holds a `servec.lock.json` with the hash of every file
beside it and a seal over itself. That is the manifest: a file whose hash it names is servec's and
may be replaced or removed; any other was made or edited by hand.
"""

from __future__ import annotations

import os

from servec.cli.errors import UsageError
from servec.cli.manifest import LOCK, is_owned, manifest_of
from servec.cli.stage import clean, stage, sweep
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from servec.compiler.target import Artifact

    Change = Literal["missing", "differs", "mode", "stale"]


@record
class FileSet:
    """The files of one deployment on one target; `folder` is below the output folder."""

    folder: str
    artifacts: tuple[Artifact, ...]


@record
class Difference:
    """A file that is not as it would be written: `old` and `new` are None where there is none."""

    path: str
    change: Change
    old: bytes | None
    new: bytes | None
    by_hand: bool
    executable: bool = False


def differences(out: str, sets: Sequence[FileSet]) -> tuple[Difference, ...]:
    """What stands under `out` and would be written otherwise, in order of path.

    `UsageError` where a link or a folder stands in the way, or a path would leave `out`.
    """
    out = _plain(out)
    found = [item for each in sets for item in _differences(out, each)]
    return tuple(sorted(found, key=lambda item: item.path))


def _differences(out: str, each: FileSet) -> Iterator[Difference]:
    base = f"{out}/{each.folder}"
    manifest = manifest_of(_read(f"{base}/{LOCK}"))
    for artifact in each.artifacts:
        path = f"{base}/{artifact.path}"
        _refuse_escape(out, f"{each.folder}/{artifact.path}")
        new = artifact.text.encode()
        old = _read(path)
        if old != new:
            by_hand = old is not None and not is_owned(artifact.path, old, manifest)
            change: Change = "missing" if old is None else "differs"
            yield Difference(path, change, old, new, by_hand, artifact.executable)
        elif artifact.executable != _is_executable(path, artifact.executable):
            yield Difference(path, "mode", old, new, False, artifact.executable)
    kept = {artifact.path for artifact in each.artifacts}
    for name in sorted(set(manifest) - kept):
        old = _stale(out, f"{each.folder}/{name}")
        if old is not None:
            by_hand = not is_owned(name, old, manifest)
            yield Difference(f"{base}/{name}", "stale", old, None, by_hand)


def write_sets(out: str, sets: Sequence[FileSet], force: bool = False) -> tuple[Difference, ...]:
    """Make the files under `out` those of `sets`; what was changed.

    Everything is written to temporary names first and then renamed, the locks last. Files that
    were edited by hand are a `UsageError` and nothing is written, unless `force`; those that
    would only be removed are left alone.
    """
    changes = differences(out, sets)
    edited = [c.path for c in changes if c.by_hand and c.change != "stale"]
    if edited and not force:
        raise UsageError(
            f"nothing written: {', '.join(edited)} {'was' if len(edited) == 1 else 'were'} not"
            " written by servec or edited since; `--force` overwrites"
        )
    changes = tuple(c for c in changes if force or not c.by_hand)
    staged: list[tuple[str, str]] = []
    made: list[str] = []
    try:
        for each in sets if changes else ():
            sweep(f"{_plain(out)}/{each.folder}")
        for change in changes:
            if change.new is not None:
                staged.append(
                    (stage(change.path, change.new, change.executable, made), change.path)
                )
        _commit(staged, [c.path for c in changes if c.change == "stale"], _plain(out))
    except OSError as error:
        where = error.filename2 or error.filename or out
        raise UsageError(f"cannot write {where}: {error.strerror or error}") from error
    finally:
        clean(staged, made)
    return changes


def _plain(out: str) -> str:
    """The output folder with forward slashes and none at its end; `UsageError` for no folder."""
    if not out:
        raise UsageError("--out names no folder")
    out = out.replace(os.sep, "/") if os.sep != "/" else out
    return out.rstrip("/") or "/."


def _commit(staged: list[tuple[str, str]], stale: list[str], out: str) -> None:
    """Rename everything into place; Ctrl-C waits until that is done."""
    from servec.cli.uninterrupted import uninterrupted

    with uninterrupted():
        for temporary, path in sorted(staged, key=lambda pair: pair[1].endswith("/" + LOCK)):
            os.replace(temporary, path)
        staged.clear()
        for path in stale:
            os.unlink(path)
            folder = path.rpartition("/")[0]
            while folder != out and not os.listdir(folder):
                os.rmdir(folder)
                folder = folder.rpartition("/")[0]


def _refuse_escape(out: str, path: str) -> None:
    """`UsageError` where `path` does not stay below `out`, or passes through a link."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
        raise UsageError(f"refusing to write {path!r}: it does not stay below {out}")
    at = out
    for part in parts[:-1]:
        at = f"{at}/{part}"
        if os.path.islink(at):
            raise UsageError(f"refusing to write through the link {at}")
        if os.path.lexists(at) and not os.path.isdir(at):
            raise UsageError(f"cannot write below {at}: it is no folder")
    if os.path.isdir(f"{out}/{path}") and not os.path.islink(f"{out}/{path}"):
        raise UsageError(f"cannot write {out}/{path}: it is a folder")


def _stale(out: str, path: str) -> bytes | None:
    """The bytes of a file that a manifest names, None where it is gone or out of reach."""
    try:
        _refuse_escape(out, path)
    except UsageError:
        return None
    return _read(f"{out}/{path}")


def _read(path: str) -> bytes | None:
    """The bytes at `path`; a link counts as its own target's name, so that it is never servec's."""
    try:
        if os.path.islink(path):
            return b"link to " + os.fsencode(os.readlink(path))
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error


def _is_executable(path: str, default: bool) -> bool:
    return bool(os.stat(path).st_mode & 0o100) if os.name == "posix" else default
