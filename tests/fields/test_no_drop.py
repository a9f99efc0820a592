"""Every field of the language is emitted, decided and reported, or refused: none is dropped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from servec.targets import TARGETS
from servec.targets.shared.portable import load_portable
from tests.fields.check import ACTED_ON, own_cells, problems, seen_cells
from tests.fields.page import ends, own_page, runtime_page
from tests.golden import golden

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

__all__ = ["golden"]
PINS = [(target.name, version) for target in TARGETS for version in ends(target.name)]


@cache
def cells(runtime: str, version: str) -> tuple:  # type: ignore[type-arg]
    return seen_cells(runtime, version)


@pytest.mark.parametrize(("runtime", "version"), PINS)
def test_nothing_is_dropped_and_each_emitter_is_needed(
    runtime: str, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problems(cells(runtime, version), runtime, version, monkeypatch) == []


@pytest.mark.parametrize("runtime", [target.name for target in TARGETS])
def test_pages_say_what_was_seen(runtime: str, golden: SnapshotAssertion) -> None:
    found = {version: cells(runtime, version) for version in ends(runtime)}
    assert runtime_page(runtime, found) == golden(name=f"fields/{runtime}.md")


def test_page_of_what_servec_acts_on(golden: SnapshotAssertion) -> None:
    found = own_cells()
    assert [cell.path for cell in found if cell.effect.kind == "dropped"] == []
    assert own_page(found, ACTED_ON) == golden(name="fields/servec.md")


def test_a_dropped_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that writes nothing shows as a drop, or as an emitter that nobody needs."""
    table = load_portable("vllm", "0.33.0")
    monkeypatch.setitem(table.rows, "api.stream_interval", {"path": "", "set": {}})
    found = seen_cells("vllm", "0.33.0", ("api.stream_interval",))
    assert problems(found, "vllm", "0.33.0", monkeypatch) == ["api.stream_interval is dropped"]
