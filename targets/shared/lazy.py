"""Sets and mappings that are read from the tables when they are first asked something.

A runtime that does not reach the hardware is refused before any of its larger tables is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class LazySet(Set[str]):
    """A set of words, made by `make` at the first question."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Iterable[str]]) -> None:
        """Nothing is read yet."""
        self._make = make
        self._made: frozenset[str] | None = None

    def _members(self) -> frozenset[str]:
        if self._made is None:
            self._made = frozenset(self._make())
        return self._made

    @classmethod
    def _from_iterable(cls, it: Iterable[object]) -> frozenset[object]:  # type: ignore[override]
        """What a set operation gives."""
        return frozenset(it)

    def __contains__(self, item: object) -> bool:
        """Whether the word is a member."""
        return item in self._members()

    def __iter__(self) -> Iterator[str]:
        """The members."""
        return iter(self._members())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._members())


class LazyMap(Mapping[str, str]):
    """A mapping of words, made by `make` at the first question."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Mapping[str, str]]) -> None:
        """Nothing is read yet."""
        self._make = make
        self._made: Mapping[str, str] | None = None

    def _items(self) -> Mapping[str, str]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, key: str) -> str:
        """The word for `key`; `KeyError` where there is none."""
        return self._items()[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is a word for `key`."""
        return key in self._items()

    def __iter__(self) -> Iterator[str]:
        """The keys."""
        return iter(self._items())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._items())
