"""What of a line no field can say: flags of no table, values out of bounds, strange characters."""

from __future__ import annotations

from servec.targets.shared.importing.literal import WORD, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.said import Said
    from servec.targets.shared.importing.sheet import Sheet

RESERVED = ("servec", "import", "let", "unset", "assert", "version", "image", "raw_args", "env")


def out_of_bounds(table: OptionTable, found: Said) -> Iterator[str]:
    """Options with a number that their parser refuses: no field says such a one, or it would say
    another (a share of 90 is no share, and as bytes it would be 90)."""
    for flag, _ in found.troubles:
        known = table.flag(flag)
        if known is not None and known[0].type in ("int", "float", "size"):
            yield known[0].name


def strange(sheet: Sheet, found: Said) -> None:
    """Flags that the table does not have: as options, or as words where they have no name."""
    flags = (*RESERVED, *(name for name in sheet.rest if "." in name))
    words = [f"--{name}" for name in flags if sheet.rest.pop(name, None) is True]
    for flag, values in found.unknown:
        name = flag.lstrip("-")
        if WORD.fullmatch(name) and "." not in name and name not in RESERVED:
            sheet.rest[name] = values[0] if len(values) == 1 else list(values) or True
        else:
            words += [flag, *values]
    if words:
        sheet.on["raw_args"] = [*sheet.on.get("raw_args", ()), *words]


def unsayable(sheet: Sheet) -> tuple[str, ...]:
    """Leave out what holds control characters; the names left out."""
    from servec.targets.shared.settings import text_of

    gone = [name for name, value in sheet.variables.items() if quoted(value) is None]
    options = {**sheet.rest, **sheet.on}
    lost = [
        name
        for name, value in options.items()
        if any(quoted(text_of(v)) is None for v in (value if isinstance(value, list) else [value]))
    ]
    for name in gone:
        sheet.variables.pop(name)
    for name in lost:
        sheet.rest.pop(name, None)
        sheet.on.pop(name, None)
    return (*gone, *lost)
