"""Typed reading of a GGUF file's keys, those of its architecture by their short name."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.fields import LIMIT, BadConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Keys:
    """`whole("block_count")` is `<architecture>.block_count`; raises `BadConfig` on other types."""

    def __init__(self, pairs: Mapping[str, object]) -> None:
        """Find the architecture."""
        arch = pairs.get("general.architecture")
        if not isinstance(arch, str) or not arch:
            raise BadConfig("`general.architecture` is missing")
        self.arch = arch
        self.pairs = pairs

    def whole(self, key: str) -> int:
        """A count from 0 to `LIMIT`, 0 where absent; of a list, the largest."""
        return max(self.each(key, 1), default=0)

    def need(self, key: str) -> int:
        """A count above 0."""
        found = self.whole(key)
        if not found:
            raise BadConfig(f"`{self.arch}.{key}` is missing")
        return found

    def each(self, key: str, blocks: int) -> tuple[int, ...]:
        """One count for each of `blocks` blocks, where a key may hold a list or one for all."""
        value = self.pairs.get(f"{self.arch}.{key}", 0)
        items = value if isinstance(value, tuple) else (value,) * max(1, blocks)
        found: list[int] = []
        for item in items:
            if not isinstance(item, int) or not 0 <= item <= LIMIT:
                raise BadConfig(f"`{self.arch}.{key}` is not a count")
            found.append(int(item))
        return tuple(found) or (0,)

    def at(self, key: str, block: int) -> int:
        """The count of one block."""
        items = self.each(key, block + 1)
        return items[block] if block < len(items) else items[-1]
