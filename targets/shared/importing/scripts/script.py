"""The simple commands of a shell script, with their variables filled in; nothing is run.

Loops over known words are gone through, functions are read where they are called, and of an `if`,
`case` or `while` the branches that its test leaves in.
"""

from __future__ import annotations

from posixpath import normpath

from servec.dsl.whole import whole
from servec.targets.shared.importing.scripts.blocks import Blocks, Case, For, Function, While
from servec.targets.shared.importing.scripts.conditions import Flow, decided, matches
from servec.targets.shared.importing.scripts.expansion import known
from servec.targets.shared.importing.scripts.held import (
    ASSIGNED,
    KEYWORDS,
    declares,
    opens,
    targets,
    without_files,
)
from servec.targets.shared.importing.scripts.shell import Lexer
from servec.targets.shared.importing.scripts.variables import Variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.targets.shared.importing.scripts.pieces import Body, Word

    Made = Iterator[tuple[list[str], dict[str, str]]]

CALLS, NESTED, STEPS = 8, 30, 20_000
"""How deep functions may call each other, how deep blocks may stand, and the commands in all."""


class Script:
    """Goes through a script in order; `values` are those that are set so far."""

    def __init__(
        self,
        text: str,
        env: Mapping[str, str],
        files: Mapping[str, str] = {},
        every: bool = False,
    ) -> None:
        """`env`: variables that are known from outside. `files`: texts that stand at paths, and
        those that the script has written so far from here documents; `texts`: all those, written
        or handed on; `due`: where those of this line go. `every`: all branches are read, and
        functions that nothing calls. `behind`: the command at hand is not waited for; `doubts`:
        how many blocks around it are not known to be gone into.
        """
        lexer = Lexer(text)
        self.bodies: dict[int, list[Body]] = {}
        self.words: list[Word] = []
        for at, word in enumerate(lexer.words()):
            self.words.append(word)
            if word.operator == "\n" and lexer.bodies:
                self.bodies[at], lexer.bodies = lexer.bodies, []
        self.blocks = Blocks(self.words)
        self.values = Variables(env)
        self.values.files = dict(files)
        self.every = every
        self.flow = Flow(every)
        self.functions: dict[str, Function] = {}
        self.called: set[str] = set()
        self.due: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.steps = self.depth = self.nested = self.doubts = 0
        self.behind = False
        self.test: bool | None = None
        self.skipped = False

    @property
    def files(self) -> dict[str, str]:
        """The texts written so far, by path."""
        return self.values.files

    @property
    def sure(self) -> bool:
        """Whether the command at hand is known to be run, and once."""
        return not self.every and not self.doubts and self.flow.sure

    def commands(self) -> Made:
        """Each simple command with the variables it sees; assignments are none."""
        yield from self._run(0, len(self.words))
        for name, block in list(self.functions.items()) if self.every else ():
            if name not in self.called:
                yield from self._run(block.start, block.end)

    def _run(self, at: int, end: int) -> Made:
        held: list[Word] = []
        outer = self.behind
        while at < end:
            word = self.words[at]
            block = None if held or self.nested > NESTED else self.blocks.at(at, end)
            if block is not None:
                self.nested += 1
                yield from self._block(block)
                self.nested -= 1
                at = block.after
                continue
            at += 1
            if word.operator == "(" and held and opens(held[-1]) and declares(held[:-1]):
                at, held = self._array(held[-1], at, end), []
            elif word.operator in ("", "<", ">", "<<"):
                held.append(word)
            else:
                double = at < end and word.operator in "&|" and self._same(at)
                self.behind = outer or (word.operator == "&" and not double)
                yield from self._finish(held)
                self.behind = outer
                self.flow.joined(word.operator)
                held = []
                at += double
                if word.operator != "\n" or self.words[at - 2].operator not in ("&", "|"):
                    self._join(word.operator if double else "")
                if word.operator == "\n":
                    self._write(self.bodies.get(at - 1, ()))
        yield from self._finish(held)

    def _same(self, at: int) -> bool:
        """Whether an operator stands twice: `&&`, `||`."""
        return self.words[at].operator == self.words[at - 1].operator

    def _join(self, operator: str) -> None:
        """Leave out what follows `&&` behind a test that fails, or `||` behind one that holds."""
        if not operator:
            self.test, self.skipped = None, False
        else:
            self.skipped = not self.every and self.test is (operator == "|")

    def _array(self, head: Word, at: int, end: int) -> int:
        """Set an array whose items begin at a place; the place behind them."""
        found = ASSIGNED.fullmatch(head.pieces[0].text)
        assert found
        items: list[str] = []
        while at < end and self.words[at].operator != ")":
            items += [] if self.words[at].operator else self.values.words(self.words[at])
            at += 1
        if self.flow.active and not self.skipped:
            self.values.put_array(found[1], items, bool(found[2]))
        return at + 1

    def _block(self, block: For | While | Case | Function) -> Made:
        if isinstance(block, Function):
            if self.flow.active:
                self.functions[block.name] = block
        elif isinstance(block, For):
            words = [text for word in block.words for text in self.values.words(word)]
            each = words if block.words and known(words) else [None]
            for value in each if self.flow.active else ():
                self.steps += 1
                if self.steps > STEPS:
                    return
                if value is None:
                    self.values.variables.pop(block.name, None)
                else:
                    self.values.variables[block.name] = value
                yield from self._inside(block.start, block.end, value is not None)
        elif isinstance(block, While):
            test = [text for word in block.words for text in self.values.words(word)]
            if self.every or decided(test) in (None, not block.until):
                yield from self._inside(block.start, block.end, False)
        else:
            yield from self._case(block)

    def _inside(self, start: int, end: int, sure: bool) -> Made:
        """What stands in a block, which may be left out where that is not `sure`."""
        self.doubts += not sure
        yield from self._run(start, end)
        self.doubts -= not sure

    def _case(self, block: Case) -> Made:
        value = self.values.text(block.word)
        for patterns, start, end in block.branches:
            fits = matches(value, [self.values.text(word) for word in patterns])
            if self.every or fits is not False:
                yield from self._inside(start, end, fits is True)
            if fits and not self.every:
                return

    def _write(self, bodies: Sequence[Body]) -> None:
        """Keep the here documents of a line as the files that they are written to."""
        for (path, more), body in zip(self.due, bodies, strict=False):
            text = self.values.filled(body.text) if body.filled else body.text
            self.texts += [text] if self.flow.active else []
            if path and self.flow.active:
                old = self.files.get(normpath(path), "") if more else ""
                self.files[normpath(path)] = old + text
        self.due = []

    def _finish(self, held: list[Word]) -> Made:
        self.due += targets(held, self.values.words)
        if self.skipped:
            return
        words = self.values.expanded(without_files(held))
        words = list(self.flow.command(words))
        if words[:1] == ["sed"]:  # what it makes of a file is not known
            for word in words:
                self.files.pop(normpath(word), None)
        while words and words[0] in KEYWORDS:
            words.pop(0)
        self.steps += 1
        self.test = decided(words) if words else self.test
        if not words or not self.flow.active or self.steps > STEPS:
            return
        words, own = self.values.assigned(words)
        if words:
            yield from self._command(words, own)
        else:
            self.test = True

    def _command(self, words: list[str], own: dict[str, str]) -> Made:
        """A command, or those of the function or file that it calls."""
        seen = {**self.values.seen(), **own}
        function = self.functions.get(words[0])
        if function is not None and self.depth < CALLS:
            self.called.add(words[0])
            self.values.variables.update(own)
            yield from self._call(words[1:], function.start, function.end)
        elif words[0] == "shift":
            count = whole(words[1] if len(words) > 1 else "1")
            self.values.calls = (self.values.calls or [])[count:] if self.values.calls else None
        elif words[0] in ("source", ".") and normpath(words[-1]) in self.files:
            if self.depth < CALLS:
                inner = Script(self.files[normpath(words[-1])], {}, self.files)
                inner.values.shares(self.values)
                inner.depth = self.depth + 1
                yield from inner.commands()
        else:
            yield words, seen

    def _call(self, words: list[str], start: int, end: int) -> Made:
        before, self.values.calls = self.values.calls, words
        self.depth += 1
        yield from self._run(start, end)
        self.depth -= 1
        self.values.calls = before
