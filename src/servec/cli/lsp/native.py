"""Options that only one runtime has, from the table of the version that the spec states."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.table import Option, OptionTable

_VERSION = re.compile(rb'on\s+(\w+)\s*\{[^{}]*?\bversion\s*=\s*"([^"\n]*)"')


def table_for(runtime: str, data: bytes) -> OptionTable | None:
    """The table of the version stated in an `on` block of the file, else the newest; None where
    the runtime has none."""
    from servec.targets.shared.table import load_table, picked, versions

    known = versions(runtime)
    if not known:
        return None
    stated = next(
        (v for name, v in _VERSION.findall(data) if name.decode() == runtime), b""
    ).decode("utf-8", "replace")
    version = picked(runtime, stated).version if stated else known[-1]
    return load_table(runtime, version if version in known else known[-1])


def native_names(runtime: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The options of a runtime by name, with a line about each."""
    table = table_for(runtime, data)
    if table is not None:
        for name in table.names():
            option = table.option(name)
            if option is not None and not option.deprecated:
                yield name, described(option)


def native_values(runtime: str, name: str, data: bytes) -> tuple[str, ...]:
    """The words that an option takes; empty where it takes anything."""
    table = table_for(runtime, data)
    option = table.option(name) if table is not None else None
    if table is None or option is None:
        return ()
    if option.boolean or option.type == "bool":
        return ("true", "false")
    words = option.choices or (table.values(option.values) if option.values else ())
    return tuple(_written(str(word)) for word in words)


def described(option: Option) -> str:
    """The type and default of an option in a line."""
    default = "" if option.default is None else f"; default: {option.default}"
    return f"{option.type}{default}"


def _written(word: str) -> str:
    return word if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", word) else f'"{word}"'
