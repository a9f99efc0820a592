"""The matrix: for every field the effect of the best of its samples, with the specs behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.dsl.record import record, replace
from servec.targets import TARGETS
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import versions
from tests.fields.observe import Effect, effect, seen
from tests.fields.samples import base_of, paths, samples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from servec.compiler.target import Target
    from servec.dsl.schema.field import Field
    from tests.fields.observe import Seen

ORDER = ("emitted", "written", "decided", "judged", "refused", "told", "dropped")


@record
class Cell:
    """What one runtime at one version makes of a field; `after` is what came of the sample."""

    path: str
    effect: Effect
    before: Seen
    after: Seen
    text: str


def settled() -> tuple[str, ...]:
    """Fields that servec itself acts on, whatever the runtime: no portable table has them."""
    rows = {path for target in TARGETS for path in load_portable(target.name, newest(target)).rows}
    return tuple(field.path for field in paths() if field.path not in rows)


def newest(target: Target) -> str:
    """The newest version that servec has a table of."""
    return versions(target.name)[-1]


def cells(runtime: str, version: str, settled: Collection[str] = ()) -> Iterator[Cell]:
    """A cell for every field of the language but those that are named."""
    known: dict[str, Seen] = {}
    for field in paths():
        if field.path in settled:
            continue
        yield cell(field, runtime, version, known)


def cell(field: Field, runtime: str, version: str, known: dict[str, Seen]) -> Cell:
    """The cell of one field; `known` keeps what came of the specs without it.

    Where what a field needs is refused by itself, the field is seen alone.
    """
    found: list[Cell] = []
    for bare in (False, True):
        base = base_of(field.path, runtime, version, bare)
        before = known[base] = known[base] if base in known else seen(base)
        if before.refused and not bare:
            continue
        for text in samples(field, runtime, version, bare):
            after = seen(text)
            found.append(Cell(field.path, effect(before, after), before, after, text))
            if found[-1].effect.kind == "emitted":
                break
        break
    return _best(found)


def _best(found: list[Cell]) -> Cell:
    """The cell that says most; a value that the language itself does not take says nothing."""
    found = [c for c in found if not any(code < "SRV200" for code in c.after.refused)] or found
    kinds = {cell.effect.kind for cell in found}
    best = min(found, key=lambda cell: ORDER.index(cell.effect.kind))
    refused = next((cell for cell in found if cell.effect.kind == "refused"), None)
    if refused is not None and kinds & {"told", "dropped"} and not kinds & set(ORDER[:3]):
        return replace(refused, effect=replace(refused.effect, kind="judged"))
    return best
