"""What is wrong with the matrix of one version: a field that is dropped, a claim that is not kept,
an emitter whose absence nobody would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import versions
from tests.fields.matrix import cells, settled
from tests.fields.mutate import switchable, without
from tests.fields.samples import paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import pytest

    from tests.fields.matrix import Cell

ELSEWHERE = {
    "precision.compute": "TGI's writer of weights writes it where they are stored in 16 bits",
    "api.port": "Ray's own document holds it, whatever the engine's table says",
}
"""Fields that a target's code writes beside the row that names the option."""
ACTED_ON = "vllm"
"""The runtime on which servec's own fields are seen."""


def seen_cells(runtime: str, version: str, only: Collection[str] = ()) -> tuple[Cell, ...]:
    """The cells of the fields that runtimes act on, or of some of them."""
    own = settled()
    left = own if not only else {field.path for field in paths()} - set(only)
    return tuple(cells(runtime, version, left))


def own_cells() -> tuple[Cell, ...]:
    """The cells of the fields that servec acts on whatever the runtime."""
    left = {field.path for field in paths()} - set(settled())
    return tuple(cells(ACTED_ON, versions(ACTED_ON)[-1], left))


def problems(
    found: Sequence[Cell], runtime: str, version: str, patch: pytest.MonkeyPatch
) -> list[str]:
    """What is wrong, a line each."""
    return [line for cell in found for line in _problems(cell, runtime, version, patch)]


def _problems(cell: Cell, runtime: str, version: str, patch: pytest.MonkeyPatch) -> Iterator[str]:
    path, kind = cell.path, cell.effect.kind
    row = load_portable(runtime, version).rows.get(path, {})
    if kind == "dropped":
        yield f"{path} is dropped"
    told = "soft" in row and any(text.startswith("SRV318") for text in cell.after.told)
    if "lacks" in row and not told and kind not in ("refused", "told", "judged"):
        yield f"{path} is said to be lacking, and is {kind}"
    if kind == "emitted" and switchable(runtime, version, path):
        needed = any(
            without(path, runtime, version, each.compiled, patch) != each.said
            for each in (cell.after, cell.before)
        )
        if not needed and "by" not in row and not _nothing(row) and path not in ELSEWHERE:
            yield f"{path} is emitted whether its row is there or not"


def _nothing(row: object) -> bool:
    """Whether a row has a word that needs no option: what it says is in the plan, or elsewhere."""
    words = row.get("words", {}) if isinstance(row, dict) else {}
    return any(not settings for settings in words.values())
