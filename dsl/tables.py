"""Builds the parser's LALR(1) tables from `grammar.lark`: `python -m servec.dsl.tables`.

Only this module imports lark, and only developers run it: the tables are committed, because
importing lark alone takes longer than a whole check may.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def tables() -> str:
    """The text of `grammar.json`: rules, then one row of actions for each state.

    A rule is [name of what it makes, symbols taken, method of the builder]. A row maps a terminal
    or, after a reduction, what was made, to an action: n > 0 goes to state n, n < 0 applies rule
    -n; making the start goes to 0, which accepts. State 0 is the start. States are numbered in
    the order they are reached over sorted symbols, so the same grammar gives the same text.
    """
    import json
    import os

    from lark import Lark

    folder = os.path.dirname(__file__)
    with open(os.path.join(folder, "grammar.lark"), encoding="utf-8") as file:
        lark = Lark(file.read(), parser="lalr", maybe_placeholders=False)
    spelled = _spelled(lark)
    table: Any = lark.parser.parser._parse_table
    rules = [["", 0, ""]]
    number_of: dict[Any, int] = {}
    for rule in lark.rules:
        number_of[rule] = len(rules)
        rules.append([str(rule.origin.name), len(rule.expansion), rule.alias or ""])
    lines = ",\n  ".join(json.dumps(rule) for rule in rules)
    rows = ",\n  ".join(json.dumps(row) for row in _rows(table, number_of, spelled))
    return f'{{"rules": [\n  {lines}\n],\n"states": [\n  {rows}\n]}}\n'


def _spelled(lark: Any) -> dict[str, str]:
    """Terminal name to the kind the lexer gives: literals by their text, the rest by name."""
    found = {"$END": "END"}
    for terminal in lark.terminals:
        literal = type(terminal.pattern).__name__ == "PatternStr"
        found[terminal.name] = terminal.pattern.value if literal else terminal.name
    return found


def _rows(table: Any, number_of: dict[Any, int], spelled: dict[str, str]) -> list[dict[str, int]]:
    order = [table.start_states["start"]]
    number = {order[0]: 0}
    rows: list[dict[str, int]] = []
    for state in order:
        row: dict[str, int] = {}
        actions = {spelled.get(name, name): act for name, act in table.states[state].items()}
        for symbol in sorted(actions):
            action, arg = actions[symbol]
            if action.name != "Shift":
                row[symbol] = -number_of[arg]
            elif arg == table.end_states["start"]:
                row[symbol] = 0
            else:
                if arg not in number:
                    number[arg] = len(order)
                    order.append(arg)
                row[symbol] = number[arg]
        rows.append(row)
    return rows


def main() -> None:
    """Write `grammar.json` beside the grammar."""
    import os

    path = os.path.join(os.path.dirname(__file__), "grammar.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(tables())


if __name__ == "__main__":
    main()
