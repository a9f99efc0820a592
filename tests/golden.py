"""Golden files that are the very files users copy, not a quoted form of them.

`golden(name="chat/vllm/launch.sh")` is `generated/chat/vllm/launch.sh`; `errors(name="SRV403")` is
`tests/errors/SRV403.txt`. All are rewritten by one command,
`pytest -n 0 --snapshot-update`; the change is reviewed like code. Files that no test names fail the
whole run, and that command removes them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.data import Snapshot, SnapshotCollection, SnapshotCollections
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

ROOT = Path(__file__).parent.parent


class Generated(SingleFileSnapshotExtension):
    """Text files below `generated/`, each named by its path there."""

    folder = ROOT / "generated"
    suffix = ""
    _write_mode = WriteMode.TEXT
    file_extension = ""

    @classmethod
    def dirname(cls, **_: Any) -> str:
        return str(cls.folder)

    @classmethod
    def discovery_dirname(cls, **_: Any) -> str:
        return str(cls.folder)

    @classmethod
    def get_snapshot_name(cls, *, index: Any = 0, **_: Any) -> str:
        return str(index)

    @classmethod
    def get_file_basename(cls, *, index: Any, **_: Any) -> str:
        return f"{index}{cls.suffix}"

    def is_snapshot_location(self, *, location: str) -> bool:
        path = Path(location)
        return path.is_relative_to(self.folder) and path.name.endswith(self.suffix)

    @classmethod
    def matches_test_location(cls, *, snapshot_location: str, **_: Any) -> bool:
        """A file belongs to no one test: only a run of all tests may call it stale."""
        return False

    def discover_snapshots(self, **_: Any) -> SnapshotCollections:
        """The golden files alone: syrupy would take what lies beside them, as the specs of
        `tests/errors/` do, for forgotten snapshots and delete it while updating."""
        found = SnapshotCollections()
        for path in sorted(self.folder.rglob(f"*{self.suffix}")):
            if path.is_file():
                found.add(self.read_snapshot_collection(snapshot_location=str(path)))
        return found

    def read_snapshot_collection(self, *, snapshot_location: str) -> SnapshotCollection:
        name = Path(snapshot_location).relative_to(self.folder).as_posix()
        found = SnapshotCollection(location=snapshot_location)
        found.add(Snapshot(name=name.removesuffix(self.suffix)))
        return found

    def read_snapshot_data_from_location(self, *, snapshot_location: str, **_: Any) -> Any:
        try:
            return Path(snapshot_location).read_bytes().decode()
        except FileNotFoundError:
            return None

    @classmethod
    def write_snapshot(cls, *, snapshot_location: str, snapshots: Any, **_: Any) -> None:
        path = Path(snapshot_location)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(snapshots[-1][0].encode())

    def delete_snapshots(self, *, snapshot_location: str, **_: Any) -> None:
        path = Path(snapshot_location)
        path.unlink()
        while path.parent != self.folder and not any(path.parent.iterdir()):
            path = path.parent
            path.rmdir()


class Errors(Generated):
    """What `servec check` prints for the spec beside it."""

    folder = ROOT / "tests" / "errors"
    suffix = ".txt"


class Schemas(Generated):
    """The JSON Schemas that `servec schema` prints."""

    folder = ROOT / "tests" / "schemas"
    suffix = ".json"


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Files below `generated/`."""
    return snapshot.use_extension(Generated)


@pytest.fixture
def errors(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Terminal output below `tests/errors/`."""
    return snapshot.use_extension(Errors)


@pytest.fixture
def schemas(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Schemas below `tests/schemas/`."""
    return snapshot.use_extension(Schemas)


def updating(request: pytest.FixtureRequest) -> bool:
    """Whether this run rewrites golden files."""
    return bool(request.config.getoption("--snapshot-update"))


def same_mode(path: str, executable: bool, request: pytest.FixtureRequest) -> bool:
    """Whether a generated file is executable as it has to be; set while updating."""
    place = Generated.folder / path
    if updating(request) and os.name == "posix":
        place.chmod(0o755 if executable else 0o644)
    return os.name != "posix" or bool(place.stat().st_mode & 0o100) == executable
