"""What several bodies said to one runtime, merged in their order."""

from __future__ import annotations

from servec.dsl.native import drop_native, merge_natives
from servec.dsl.spec import OnBlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import OnBody
    from servec.dsl.diagnostic import Span
    from servec.dsl.native import Native
    from servec.dsl.spec import Bound


class MergedOn:
    """What was said to one runtime so far."""

    __slots__ = ("env", "name", "options", "relations", "span")

    def __init__(self, name: str, span: Span) -> None:
        """Nothing said yet; `span` is that of the last block."""
        self.name = name
        self.span = span
        self.relations: dict[str, Bound] = {}
        self.options: dict[str, Native] = {}
        self.env: dict[str, Bound] = {}

    def copy(self) -> MergedOn:
        """The same, to be changed for a role."""
        made = MergedOn(self.name, self.span)
        made.relations = dict(self.relations)
        made.options = {name: each.copy() for name, each in self.options.items()}
        made.env = dict(self.env)
        return made

    def apply(self, body: OnBody, span: Span) -> None:
        """A later block: options by name, nested blocks by option, lists whole."""
        self.span = span
        self.relations.update(body.relations)
        self.env.update(body.env)
        merge_natives(self.options, body.options)

    def unset(self, parts: list[str]) -> bool:
        """Remove what stands at or under a path inside the block; false where nothing does."""
        if parts[0] == "env":
            return drop_names(self.env, ".".join(parts[1:]))
        if self.relations.pop(parts[0].replace("-", "_"), None) is not None:
            return True
        return drop_native(self.options, parts)

    def frozen(self) -> OnBlock:
        """The block that the later stages read."""
        return OnBlock(
            self.name,
            self.span,
            self.relations.get("version"),
            self.relations.get("image"),
            tuple(each.frozen() for each in self.options.values()),
            self.relations.get("raw_args"),
            self.env,
        )


def drop_names(held: dict[str, Bound], name: str) -> bool:
    """Remove one name, or all where it is empty; false where there was nothing."""
    if name:
        return held.pop(name, None) is not None
    found = bool(held)
    held.clear()
    return found
