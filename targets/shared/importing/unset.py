"""What a line leaves to variables that nothing sets."""

from __future__ import annotations

from servec.targets.shared.importing.scripts.shell import OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.argv import Line
    from servec.compiler.options.table import OptionTable


def unset_of(table: OptionTable, line: Line) -> Iterator[tuple[str, str]]:
    """Options that would be refused for the variable that stands where their value belongs, and
    words that are nothing but one. A rank among several nodes is the launch's to count.
    """
    from servec.compiler.options.command import argument_trouble

    nodes = [a.values for a in line.arguments if a.option is not None and a.option.name == "nnodes"]
    kept = "node-rank" if nodes and not OPEN.search("".join(nodes[-1])) else ""
    for argument in line.arguments:
        unknown = any(OPEN.search(value) for value in argument.values)
        if argument.option is None or argument.option.name == kept:
            continue
        if unknown and argument_trouble(table, argument):
            yield argument.flag, " ".join(argument.values)
    yield from (("", word) for word in spare(table, line) if OPEN.match(word))


def spare(table: OptionTable, line: Line) -> tuple[str, ...]:
    """Words without an option, more than the parser takes."""
    named = {argument.option.name for argument in line.arguments if argument.option is not None}
    taken = [name for name in table.positional if name.removesuffix("_tag") not in named]
    return line.positional[len(taken) :]
