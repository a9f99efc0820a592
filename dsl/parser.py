"""The LALR(1) driver: tokens in, calls to the builder out, errors handed to the recovery."""

from __future__ import annotations

from functools import lru_cache
from os.path import dirname

from servec.dsl.build import Build
from servec.dsl.json_file import load_json
from servec.dsl.scan import KEYWORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.scan import Tokens


@lru_cache(maxsize=1)
def _tables() -> tuple[list[tuple[str, int, str]], list[dict[str, int]]]:
    loaded = load_json(dirname(__file__), "grammar.json")
    return [tuple(rule) for rule in loaded["rules"]], loaded["states"]


class Parser:
    """One parse. The recovery (`servec.dsl.recover`) repairs its lists and stacks."""

    def __init__(self, path: str, tokens: Tokens, diagnostics: list[Diagnostic]) -> None:
        """Stand before the first token; findings are added to `diagnostics`."""
        self.path = path
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.whole = True
        self.strays: list[int] = []  # offsets of `}` that close nothing
        self.restarts = 0
        self.at = 0
        self.states = [0]
        self.values: list[Any] = []
        self.open: list[int] = []  # tokens of the `{` and `[` not closed yet
        self.build = Build(tokens)
        rules, self.rows = _tables()
        self.rules = [
            (made, size, getattr(self.build, name or "skip")) for made, size, name in rules
        ]

    def run(self) -> None:
        """Drive until the end of the file, or until the recovery gives up."""
        states, values, rows, rules = self.states, self.values, self.rows, self.rules
        kinds = self.tokens.kinds
        while True:
            kind = kinds[self.at]
            action = rows[states[-1]].get(kind)
            if action is None:
                action = self._other(kind, rows[states[-1]])
            if action is None:
                if not self._recover():
                    return
            elif action > 0:
                if kind in "{[":
                    self.open.append(self.at)
                elif kind in "]}":
                    self.open.pop()
                states.append(action)
                values.append(self.at)
                self.at += 1
            else:
                made, size, build = rules[-action]
                cut = len(values) - size
                parts = values[cut:]
                del values[cut:], states[cut + 1 :]
                values.append(build(parts))
                state = rows[states[-1]][made]
                if not state:
                    return
                states.append(state)

    def restart(self) -> None:
        """Begin anew, after a repair of tokens that were read already."""
        self.at = 0
        self.states[:] = [0]
        self.values.clear()
        self.open.clear()
        self.restarts += 1

    def _other(self, kind: str, row: dict[str, int]) -> int | None:
        """The action on a word under the name that the grammar has for it here."""
        if kind in KEYWORDS and "WORD" in row and not (kind == "servec" and "ERROR" in row):
            return row["WORD"]
        if (kind == "WORD" or kind in KEYWORDS) and self.tokens.word(self.at).isalpha():
            return row.get("UNIT")
        return None

    def _recover(self) -> bool:
        from servec.dsl.recover import recover

        return recover(self)
