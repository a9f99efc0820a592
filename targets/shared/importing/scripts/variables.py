"""The variables of a script: how they are set, and which of them its programs see."""

from __future__ import annotations

from servec.targets.shared.importing.scripts.expansion import LONGEST, Expansion
from servec.targets.shared.importing.scripts.held import ASSIGNED, DECLARE, follows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.scripts.pieces import Word


class Variables(Expansion):
    """What is set so far, and which of it is `exported`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables`: those known from outside, which are all exported."""
        super().__init__(variables)
        self.exported = set(variables)

    def shares(self, other: Variables) -> None:
        """Have the variables of another script, as a file has that it reads in."""
        self.variables, self.exported = other.variables, other.exported

    def put_array(self, name: str, items: Sequence[str], more: bool) -> None:
        """Set an array; `more`: behind what it holds."""
        old = self.variables.get(name) if more else None
        before = old if isinstance(old, list) else [old] if old else []
        self.variables[name] = [*before, *items][:LONGEST]

    def assigned(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """The words behind assignments, and what those set; it is kept where nothing follows."""
        own: dict[str, str] = {}
        declared = bool(words) and words[0] in DECLARE
        exports = declared and words[0] == "export"
        left = words[1:] if declared else words
        while left:
            found = ASSIGNED.fullmatch(left[0])
            if found:
                own[found[1]] = self._longer(found[1], found[3]) if found[2] else found[3]
            elif not declared:
                return left, own
            elif exports:
                self.exported.add(left[0])
            left = left[1:]
        self.variables.update(own)
        self.exported.update(own if exports else ())
        return [], own

    def expanded(self, held: list[Word]) -> list[str]:
        """The words of a command; what is assigned in front of it does not fall apart."""
        made: list[str] = []
        for word in held:
            head = word.pieces[0] if word.pieces else None
            sets = head is not None and not head.quoted and ASSIGNED.match(head.text)
            if sets and all(follows(text) for text in made):
                made.append(self.whole(word))
            else:
                made += self.words(word)
        return made

    def seen(self) -> dict[str, str]:
        """What the programs that it starts see."""
        held = self.plain().items()
        return {name: value for name, value in held if name in self.exported}

    def _longer(self, name: str, more: str) -> str:
        return (self.plain().get(name, "") + more)[:LONGEST]
