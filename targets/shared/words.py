"""The words of enum fields, worked out for a field when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from servec.targets.shared.portable import Portable


class NativeWords(Mapping[str, Mapping[str, str]]):
    """Portable path to its words with the runtime's own, for every path that takes words only."""

    __slots__ = ("_load", "_made", "_paths")

    def __init__(self, load: Callable[[], Portable]) -> None:
        """Nothing is read yet; `load` gives the portable table."""
        self._load = load
        self._paths: tuple[str, ...] | None = None
        self._made: dict[str, Mapping[str, str]] = {}

    def _limited(self) -> tuple[str, ...]:
        if self._paths is None:
            self._paths = self._load().limited()
        return self._paths

    def __getitem__(self, path: str) -> Mapping[str, str]:
        """The words of `path`; `KeyError` where any value goes."""
        found = self._made.get(path)
        if found is None:
            if path not in self._limited():
                raise KeyError(path)
            words = self._load().words(path)
            found = {word: _native(settings) for word, settings in words.items()}
            self._made[path] = found
        return found

    def __iter__(self) -> Iterator[str]:
        """The paths, in table order."""
        return iter(self._limited())

    def __len__(self) -> int:
        """How many paths take words only."""
        return len(self._limited())


def _native(settings: Mapping[str, Any]) -> str:
    """One word's native spelling: the last value it sets, "" where nothing has to be said."""
    values = [value for value in settings.values() if isinstance(value, str)]
    return values[-1] if values else ""
