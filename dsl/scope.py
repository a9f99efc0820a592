"""The names of one file: its lets, profiles, deployments, fleets, and the files it imports."""

from __future__ import annotations

from servec.dsl.tree import Block, Broken, Import, Let, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal, TypeVar

    from servec.dsl.body import Body
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.tree import File, Value

    Named = TypeVar("Named", Import, Let, Block)
    Kind = Literal["profiles", "deployments"]


class Scope:
    """What a file names; of two equal names the first counts.

    `imports` maps an alias to the scope of its file, or to None where that could not be read.
    `lets` holds the final value of a name and the scope that writes it, references followed; None
    where there is none. `complete` is false where a top-level statement could not be read,
    `strange` true where a block is of no kind that there is.
    """

    def __init__(self, file: File) -> None:
        """Collect the names of `file`."""
        self.file = file
        self.imports: dict[str, Scope | None] = {}
        self.import_nodes: dict[str, Import] = {}
        self.let_nodes: dict[str, Let] = {}
        self.lets: dict[str, tuple[Value, Scope] | None] = {}
        self.used: set[str] = set()
        self.profiles: dict[str, Block] = {}
        self.deployments: dict[str, Block] = {}
        self.fleets: dict[str, Block] = {}
        self.bodies: dict[int, Body] = {}
        self.complete = file.whole
        self.strange = False
        self.doubles: list[tuple[Import | Let | Block, Import | Let | Block]] = []
        for statement in file.statements:
            if type(statement) is Block:
                self._block(statement)
            elif type(statement) is Let:
                self._name(self.let_nodes, statement.name.text, statement)
            elif type(statement) is Import:
                self._name(self.import_nodes, statement.alias.text, statement)
            elif type(statement) is Broken:
                self.complete = False

    def _block(self, block: Block) -> None:
        if block.label is None:
            return
        if block.name == "deployment":
            self._name(self.deployments, block.label.text, block)
        elif block.name == "profile":
            self._name(self.profiles, block.label.text, block)
        elif block.name == "fleet":
            self._name(self.fleets, block.label.text, block)

    def _name(self, names: dict[str, Named], name: str, node: Named) -> None:
        first = names.setdefault(name, node)
        if first is not node:
            self.doubles.append((first, node))

    def settle(self, report: Callable[[Diagnostic], None]) -> None:
        """Follow the references among the lets; the imported files are settled before."""
        for name, let in self.let_nodes.items():
            value = let.value
            if type(value) is Reference:
                self.lets[name] = self.find(value, report)
            else:
                self.lets[name] = (value, self)

    def find(
        self, ref: Reference, report: Callable[[Diagnostic], None]
    ) -> tuple[Value, Scope] | None:
        """The value that `$name` stands for and the scope it is written in; reports SRV103."""
        let = self.let_nodes.get(ref.name)
        if let is not None and let.end <= ref.start:
            self.used.add(ref.name)
            return self.lets[ref.name]
        alias, _, name = ref.name.partition(".")
        other = self.imports.get(alias)
        if other is not None and name in other.lets:
            return other.lets[name]
        if not self.in_doubt(alias):
            from servec.dsl.checks.srv103_unknown_reference import unknown_reference

            report(unknown_reference(self, ref))
        return None

    def block(self, kind: Kind, name: str) -> tuple[Scope, Block] | None:
        """The profile or deployment called `name` or `alias.name`, and the scope it is in."""
        here: dict[str, Block] = getattr(self, kind)
        if name in here:
            return self, here[name]
        alias, dot, rest = name.partition(".")
        other = self.imports.get(alias) if dot else None
        if other is None:
            return None
        there: dict[str, Block] = getattr(other, kind)
        return (other, there[rest]) if rest in there else None

    def block_in_doubt(self, name: str) -> bool:
        """The same of a profile or deployment, which may be a block of a misspelt kind."""
        return self.in_doubt(name) or self.strange

    def in_doubt(self, name: str) -> bool:
        """Whether what `name` or `alias.name` means may have been lost to an error reported."""
        alias = name.partition(".")[0]
        if alias in self.imports:
            other = self.imports[alias]
            return other is None or not other.complete
        return not self.complete
