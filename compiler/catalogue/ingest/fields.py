"""Typed reading of a config.json that nobody vouches for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 10**9
"""No count in a config.json is larger: ten times the largest vocabulary or width published."""
LONGEST = 20_000
"""No list in a config.json is longer."""


class BadConfig(ValueError):
    """A config that cannot be read as a model; the text says what is wrong, in one sentence."""


class Fields:
    """An object of a config: every read gives the type asked for, or raises `BadConfig`.

    Absent and `null` are the same. `where` is the path to the object, for messages.
    """

    __slots__ = ("data", "where")

    def __init__(self, data: Mapping[str, object], where: str = "") -> None:
        """Wrap `data`, which is not copied."""
        self.data = data
        self.where = where

    def has(self, key: str) -> bool:
        """Whether `key` is there and not null."""
        return self.data.get(key) is not None

    def whole(self, key: str, default: int = 0) -> int:
        """A count from 0 to `LIMIT`; a whole float is taken, a boolean is not."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer() and abs(value) <= LIMIT:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadConfig(f"`{self.where}{key}` is not a whole number")
        if not 0 <= value <= LIMIT:
            raise BadConfig(f"`{self.where}{key}` is out of range")
        return value

    def need(self, *keys: str) -> int:
        """The first count above 0 among `keys`; `BadConfig` where there is none."""
        found = self.first(*keys)
        if not found:
            names = "`, `".join(self.where + key for key in keys)
            raise BadConfig(f"`{names}` is missing")
        return found

    def first(self, *keys: str) -> int:
        """The first count above 0 among `keys`, else 0."""
        for key in keys:
            found = self.whole(key)
            if found:
                return found
        return 0

    def flag(self, key: str, default: bool = False) -> bool:
        """A boolean; 0 and 1 are taken for one."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise BadConfig(f"`{self.where}{key}` is not true or false")

    def number(self, key: str, default: float = 0.0) -> float:
        """A finite number."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e15:
            return float(value)
        raise BadConfig(f"`{self.where}{key}` is not a number in range")

    def word(self, key: str, default: str = "") -> str:
        """A string."""
        value = self.data.get(key)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        raise BadConfig(f"`{self.where}{key}` is not a string")

    def words(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where absent."""
        items = self._list(key)
        if not all(isinstance(item, str) for item in items):
            raise BadConfig(f"`{self.where}{key}` is not a list of strings")
        return items  # type: ignore[return-value]

    def counts(self, key: str) -> tuple[int, ...]:
        """A list of counts from 0 to `LIMIT`; empty where absent."""
        items = self._list(key)
        if not all(isinstance(item, int) and 0 <= item <= LIMIT for item in items):
            raise BadConfig(f"`{self.where}{key}` is not a list of whole numbers")
        return items  # type: ignore[return-value]

    def length(self, key: str) -> int:
        """Items of the list at `key`; 0 where absent."""
        return len(self._list(key))

    def is_list(self, key: str) -> bool:
        """Whether `key` holds a list."""
        return isinstance(self.data.get(key), list)

    def sub(self, key: str) -> Fields:
        """The object at `key`; an empty one where absent."""
        value = self.data.get(key)
        if value is None:
            return Fields({}, f"{self.where}{key}.")
        if isinstance(value, dict):
            return Fields(value, f"{self.where}{key}.")
        raise BadConfig(f"`{self.where}{key}` is not an object")

    def subs(self, key: str) -> tuple[Fields, ...]:
        """The list of objects at `key`; empty where absent."""
        items = self._list(key)
        found = tuple(
            Fields(item, f"{self.where}{key}[{i}].")
            for i, item in enumerate(items)
            if isinstance(item, dict)
        )
        if len(found) < len(items):
            raise BadConfig(f"`{self.where}{key}` is not a list of objects")
        return found

    def _list(self, key: str) -> tuple[object, ...]:
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > LONGEST:
            raise BadConfig(f"`{self.where}{key}` is not a list of bounded length")
        return tuple(value)
