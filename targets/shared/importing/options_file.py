"""Options that a command takes from a file it names.

The line outranks the file, or the file the line: `file` of a runtime's `programs.json` says which.
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.record import replace
from servec.targets.shared.importing.programs.listed import file_way
from servec.targets.shared.importing.said import merged
from servec.targets.shared.importing.typed import exact, single

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.options.table import Option, OptionTable
    from servec.targets.shared.importing.said import Said

OPTION = "config"
NODES = 20_000


def with_file(table: OptionTable, said: Said, files: Mapping[str, str]) -> Said:
    """What the line and the file it names say together; as it is where the file is not there."""
    path = said.options.get(OPTION)
    known = table.option(OPTION)
    if known is None or not isinstance(path, str):
        return said
    way = file_way(table.runtime)
    ends, outranks = tuple(way.get("ends", ("",))), bool(way.get("outranks"))
    if not path.lower().endswith(ends) and "$" not in path:
        return _refused(said, known, f"the name of its file ends in {' or '.join(ends)}")
    if path not in files:
        return said
    content = content_of(files[path])
    if content is None:
        return _refused(said, known, f"{path} is no mapping in YAML")
    options = {name: value for name, value in said.options.items() if name != OPTION}
    unknown = list(said.unknown)
    troubles = list(said.troubles)
    for key, value in content.items():
        known = table.option(str(key))
        pair = (known, True) if known else None
        if known is None and not outranks:  # its keys are flags, `--` put before
            pair = table.find(str(key))
        if pair is None or (not pair[1] and value is not True):
            unknown.append((str(key), (_text(value),)))
            continue
        found, value = pair[0], value if pair[1] else False
        if isinstance(value, str) and not outranks:
            value = single(found, value)
        troubles += _stray(table, found, str(key))
        troubles += _wrong(table, found.name, value)
        if outranks or found.name not in options:
            options[found.name] = merged(options.get(found.name), value)
    flags = said.flags + len(content) - 1
    told = tuple(troubles)
    return replace(said, options=options, unknown=tuple(unknown), flags=flags, troubles=told)


def _refused(said: Said, option: Option, why: str) -> Said:
    return replace(said, troubles=(*said.troubles, (option.long, why)))


def _stray(table: OptionTable, found: Option, key: str) -> Iterator[tuple[str, str]]:
    """A flag that the file does not hold, or not under that name: its keys are those of a class."""
    own = found.name.replace("-", "_")
    if not file_way(table.runtime).get("outranks") or (key == own and (found.file or found.filed)):
        return
    known = found.file or found.filed
    there = own if known else _inside(table, key) or _inside(table, own)
    says = f"it is `{there}` there" if there else f"on the line it is `{found.long}`"
    yield key, f"the parser of the file knows no such key: {says}"


def _inside(table: OptionTable, key: str) -> str:
    """The field of a block that a key is meant for: `kv_cache_dtype` is `kv_cache_config.dtype`."""
    for name in table.names():
        block = name.replace("-", "_")
        inner = key.removeprefix(block.removesuffix("config"))
        if block.endswith("_config") and inner in table.fields(name):
            return f"{block}.{inner}"
    return ""


def _wrong(table: OptionTable, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with a value of the file, whatever field of the language takes it up."""
    from servec.compiler.options.fields import field_troubles

    row = table.rows[name]
    if not file_way(table.runtime).get("outranks") or not row.get("file") or value is None:
        return
    if "type" not in row and "choices" not in row and isinstance(value, (int, Fraction)):
        yield name, "it takes a text"
    whole = {**row, "fields": table.fields(name)} if table.fields(name) else row
    for found in field_troubles({name: whole}, {name: value}):
        if found.text != "no such field":
            yield ".".join(found.path), found.text


def content_of(text: str) -> dict[str, Any] | None:
    """The mapping that a file holds; None where it is none, or holds too much."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.SafeLoader)
        count = _size(found, NODES)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(found, dict) or count <= 0:
        return None
    made: dict[str, Any] = exact(found)
    return made


def _size(value: Any, left: int) -> int:
    """What is left of a budget of nodes: aliases may make a small file large."""
    if left <= 0:
        return 0
    left -= 1
    items = value.values() if isinstance(value, dict) else value
    for item in items if isinstance(value, (dict, list)) else ():
        left = _size(item, left)
    return left


def _text(value: Any) -> str:
    from servec.targets.shared.settings import text_of

    return text_of(value)
