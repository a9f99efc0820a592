"""One thing that is not the same on both sides."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal

    Part = Literal[
        "runtime", "plan", "process", "flag", "env", "secret", "image", "step", "file",
        "memory", "prediction", "promise", "finding",
    ]  # fmt: skip


@record
class Change:
    """`old` and `new` are None where there is none. `where`: the process or role it is about."""

    part: Part
    where: str
    name: str
    old: Any
    new: Any

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"


def changes(
    part: Part, where: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """What differs between two mappings, in the order of the new one, then of what is gone."""
    for name in (*new, *(name for name in old if name not in new)):
        before, after = old.get(name), new.get(name)
        if before != after:
            yield Change(part, where, name, before, after)
