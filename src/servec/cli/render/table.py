"""Tables of text: plain columns, or drawn by rich where a terminal takes colour."""

from __future__ import annotations

from servec.cli.render.shown import cells, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def render_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], color: bool = False, right: str = ""
) -> str:
    """`rows` under `head`; the columns whose number stands in `right` are set to the right.

    Plain columns are separated by two spaces, so that `awk` and people can read them.
    """
    rows = [[shown(cell) for cell in row] for row in rows]
    if color:
        return _rich(head, rows, right)
    widths = [max(cells(row[at]) for row in (head, *rows)) for at in range(len(head))]
    lines = []
    for row in (head, *rows):
        padded = []
        for at, cell in enumerate(row):
            space = " " * (widths[at] - cells(cell))
            padded.append(space + cell if str(at) in right else cell + space)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines) + "\n"


def _rich(head: Sequence[str], rows: Sequence[Sequence[str]], right: str) -> str:
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for at, name in enumerate(head):
        table.add_column(name, justify="right" if str(at) in right else "left", no_wrap=True)
    for number, row in enumerate(rows):
        style = "green" if number == 0 else ""
        table.add_row(*(Text(cell, style=style) for cell in row))
    out = StringIO()
    Console(file=out, force_terminal=True, width=200).print(table)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
