"""The rules of one runtime version beside its parser, made when a launch may break them."""

from __future__ import annotations

from servec.compiler.options.constraints import Constraint, needs_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set
    from typing import Any, Protocol

    Rows = Sequence[Mapping[str, Any]]

    class Named(Protocol):
        """Rows by the name that they stand under."""

        def __iter__(self) -> Iterator[str]:
            """The names, in the order of the file."""

        def __getitem__(self, name: str) -> Rows:
            """The rows under a name."""


class RuleSet:
    """All rules of a version: hundreds, of which a launch can break a few dozen.

    `rows` are due for every launch, those under `said` where the name that they stand under (an
    option or a field) is said. `holds`: whether a row holds for the version.
    """

    __slots__ = ("_holds", "_made", "_rows", "_said")

    def __init__(self, rows: Rows, said: Named, holds: Callable[[Mapping[str, Any]], bool]) -> None:
        """Nothing is made of the rows yet."""
        self._rows, self._said, self._holds = rows, said, holds
        self._made: dict[str, tuple[tuple[Constraint, ...], tuple[Constraint, ...]]] = {}

    def due(self, said: Set[str], planned: bool) -> list[Constraint]:
        """The rules that need a plan to be judged, or those that need none, where `said` is all
        that a launch says; in the order of the file."""
        named = [name for name in self._said if name in said]
        return [rule for name in ("", *named) for rule in self._of(name)[planned]]

    def __iter__(self) -> Iterator[Constraint]:
        """All rules that hold for the version, in the order of the file."""
        for name in ("", *self._said):
            plain, planned = self._of(name)
            yield from plain
            yield from planned

    def _of(self, name: str) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
        found = self._made.get(name)
        if found is None:
            rows = self._said[name] if name else self._rows
            rules = [Constraint(**row) for row in rows if self._holds(row)]
            plain = tuple(rule for rule in rules if not needs_plan(rule.when))
            found = (plain, tuple(rule for rule in rules if needs_plan(rule.when)))
            self._made[name] = found
        return found
