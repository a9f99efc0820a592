"""One body, typed: what a profile, a deployment, a role or a part of a fleet says by itself."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.native import Native
    from servec.dsl.scope import Scope
    from servec.dsl.spec import Adapter, Assert, Bound
    from servec.dsl.tree import Block, Unset


class OnBody:
    """What one body says to one runtime."""

    __slots__ = ("block", "env", "options", "relations")

    def __init__(self, block: Block) -> None:
        """Nothing said yet."""
        self.block = block
        self.relations: dict[str, Bound] = {}
        self.options: dict[str, Native] = {}
        self.env: dict[str, Bound] = {}


class Body:
    """The typed statements of one body. Filled by `servec.dsl.read_body`, then only read.

    `parents` are the profiles it extends, once they are looked up.
    `relations` has the bounds of each path by their sign, `extends` names with their offsets,
    `parts` the pools and places of a fleet by kind and label.
    `broken`: an error was found in it. `doubts` are the paths of which it is not known what is
    said (`servec.dsl.doubt`).
    """

    __slots__ = (
        "adapters",
        "asserts",
        "block",
        "broken",
        "doubts",
        "env",
        "extends",
        "on",
        "overrides",
        "parents",
        "parts",
        "relations",
        "roles",
        "scope",
        "template_args",
        "unsets",
    )

    def __init__(self, scope: Scope, block: Block) -> None:
        """Nothing said yet."""
        self.scope = scope
        self.block = block
        self.broken = False
        self.doubts: set[str] = set()
        self.relations: dict[str, dict[str, Bound]] = {}
        self.parents: list[Body] | None = None
        self.extends: list[tuple[str, int, int]] = []
        self.unsets: list[tuple[str, Unset]] = []
        self.env: dict[str, Bound] = {}
        self.template_args: dict[str, Bound] = {}
        self.overrides: dict[str, Bound] = {}
        self.on: dict[str, OnBody] = {}
        self.adapters: dict[str, Adapter] = {}
        self.roles: dict[str, Body] = {}
        self.asserts: list[Assert] = []
        self.parts: dict[tuple[str, str], Body] = {}

    def in_doubt(self, path: str) -> bool:
        """Whether an error may have hidden what this body says at `path`, or under it."""
        if not self.doubts:
            return False
        from servec.dsl.doubt import touched

        return touched(self.doubts, path)
