"""Switches the emitters of a field off, one row or writer at a time, and launches again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servec.targets.shared import command
from servec.targets.shared.portable import load_portable
from tests.fields.observe import said

if TYPE_CHECKING:
    import pytest

    from servec.api import Compiled
    from servec.targets.shared.portable import Portable


class Without:
    """A portable table that writes nothing for one field."""

    def __init__(self, table: Portable, path: str) -> None:
        """Leave out the row of `path`; of rows that share its writer, all."""
        row = table.rows[path]
        shared = {k for k, r in table.rows.items() if r.get("by") and r.get("by") == row.get("by")}
        self._table = table
        self.rows = {k: r for k, r in table.rows.items() if k != path and k not in shared}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


def switchable(runtime: str, version: str, path: str) -> bool:
    """Whether a row of the portable table, or a writer that it names, emits the field."""
    row = load_portable(runtime, version).rows.get(path, {})
    return "lacks" not in row and ("set" in row or "words" in row or "by" in row)


def without(
    path: str, runtime: str, version: str, compiled: Compiled, patch: pytest.MonkeyPatch
) -> frozenset[tuple[str, str]]:
    """What the launches of a compilation say with the emitter of `path` switched off.

    A target that runs another runtime's engine hands most fields to that one's table.
    """
    handed = load_portable(runtime, version).rows[path].get("by") == "engine"

    def loaded(name: str, number: str) -> Any:
        table = load_portable(name, number)
        off = (name == runtime) is not handed and path in table.rows
        return Without(table, path) if off else table

    with patch.context() as patched:
        patched.setattr(command, "load_portable", loaded)
        launches = [
            candidate.launch()
            for result in compiled.result.deployments
            for candidate in result.emit
        ]
        return frozenset(said(launches))
