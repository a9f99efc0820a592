"""The keywords of a call that starts a runtime, each under the name that the engine has for it."""

from __future__ import annotations

from servec.dsl.record import record
from servec.targets.shared.importing.python.known import Call, called, documents
from servec.targets.shared.importing.python.values import Dotted, Made, Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.python.values import Spot

MODULES = ("torch.", "mlx.core.", "jax.numpy.", "numpy.", "ml_dtypes.")
"""Modules whose names stand for themselves: `torch.float16` is the word float16."""


KINDS = ("instruct", "chat", "thinking", "coder", "base", "it")
"""What stands behind the size in a model's name, where a family's name has none."""


@record
class Keyword:
    """An argument: its `name` for the engine, its value, where it stands and how it is typed.

    `item`: the call whose class has to have it; `added`: nobody said it, the call means it.
    """

    name: str
    value: Any
    spot: Spot | None
    typed: str
    item: Call
    added: bool = False


def bound(made: Made, item: Call) -> tuple[Keyword, ...]:
    """The keywords of a call, without those of the program around the engine."""
    row = item.row
    table = placed(made, row.get("positional", ()))
    if "sized" in row:
        _sized(table, *row["sized"])
    found: list[Keyword] = []
    for key, value in row.get("adds", {}).items():
        if key not in table:
            found.append(Keyword(key, value, None, key, item, added=True))
    if "inner" in row:
        return (*found, *_around(table, item))
    config = row.get("config", "")
    for key in table:
        if key == config:
            found += _config(table[key])
        elif key not in row.get("own", ()):
            found.append(_keyword(key, table, item))
    return tuple(found)


def _sized(table: Table, name: str, size: str) -> None:
    """A model of which the program says the family, the size and the format, as one name; one of
    which no model of the catalogue is a base is not known. A path that is said goes first."""
    from servec.targets.shared.importing.head import known_model

    family, path = table.get(name), table.get("model_path")
    if isinstance(path, str) and path:
        table.put(name, path, table.spots.get("model_path"))
        return
    if not isinstance(family, str) or "/" in family:
        return
    billions = str(table.get(size, "")).replace("_", ".")
    stem, dash, kind = _kind(family.lower())
    told = (f"{stem}-{billions}b{dash}{kind}", f"{stem}-{billions}b", family)
    found = next(filter(None, map(known_model, told)), None)
    end = _formatted(table.get("model_format"), table.get("quantization"))
    whole = found.id + end if found is not None and end is not None else Unknown(family)
    table.put(name, whole, table.spots.get(name))


def _kind(family: str) -> tuple[str, str, str]:
    """The name of a family in two: what stands before the size, and what behind it."""
    for kind in KINDS:
        stem, dash, rest = family.partition(f"-{kind}")
        if dash:
            return stem, dash, rest
    return family, "", ""


def _formatted(form: Any, quantised: Any) -> str | None:
    """The end of a repository's name for a format of weights, None where that is not told."""
    if form in (None, "pytorch"):
        return "" if quantised in (None, "none") else None
    bits = quantised if isinstance(quantised, str) and quantised else "Int4"
    return {"awq": "-AWQ", "gptq": f"-GPTQ-{bits}", "fp8": "-FP8"}.get(str(form))


def _around(table: Table, item: Call) -> Iterator[Keyword]:
    """The engine's keywords among those of a program around it, and those of the dict for it."""
    row = item.row
    for path in row.get("model", ()):
        name, spot = _within(table, path)
        if isinstance(name, (str, Unknown)):
            yield Keyword("model", name, spot, path.rpartition(".")[2], item)
            break
    for key in row["only"]:
        if key in table:
            yield _keyword(key, table, item)
    inner = table.get(row["inner"])
    inner = inner.table if isinstance(inner, Made) else inner
    if isinstance(inner, Table):
        yield from (_keyword(key, inner, item) for key in inner)


def placed(made: Made, names: list[str]) -> Table:
    """The keywords of a call with those that stand at a place."""
    table = Table()
    nodes = made.node.args if len(made.node.args) == len(made.args) else ()
    for at, (name, value) in enumerate(zip(names, made.args, strict=False)):
        table.put(name, value, made.positions.get(at) if nodes else None)
    table.take(made.table)
    return table


def _keyword(key: str, table: Table, item: Call) -> Keyword:
    named = item.row.get("names", {}).get(key, key)
    return Keyword(named, table[key], table.spots.get(key), key, item)


def _config(value: Any) -> Iterator[Keyword]:
    """The keywords of the engine's config that a call is given."""
    found = called(value.path, {}, "", "configs") if isinstance(value, Made) else None
    if found is None:
        return
    for key, word in found.row.get("adds", {}).items():
        yield Keyword(key, word, None, key, found, added=True)
    table = placed(value, found.row.get("positional", ()))
    yield from (_keyword(key, table, found) for key in table)


def _within(table: Table, path: str) -> tuple[Any, Spot | None]:
    """What lies at a path of keys."""
    *outer, last = path.split(".")
    for key in outer:
        held = table.get(key)
        held = held.table if isinstance(held, Made) else held
        if not isinstance(held, Table):
            return None, None
        table = held
    return table.get(last), table.spots.get(last)


def variables(made: Made, item: Call) -> Mapping[str, str]:
    """The variables that a call sets for the engine."""
    path = item.row.get("env", "")
    held, _ = _within(placed(made, item.row.get("positional", ())), path) if path else (None, None)
    held = held if isinstance(held, Table) else {}
    return {name: str(value) for name, value in held.items() if isinstance(value, (str, int))}


def plain(value: Any, runtime: str) -> Any:
    """A value as the engine's options have it, `Unknown` for one that only a run would tell.

    Of an object, what is not known is left out.
    """
    if isinstance(value, Dotted):
        return _dotted(value)
    if isinstance(value, Made):
        return _object(value, runtime)
    if isinstance(value, dict):
        items = ((key, plain(item, runtime)) for key, item in value.items())
        return {key: item for key, item in items if not isinstance(item, Unknown)}
    if isinstance(value, (list, tuple)):
        made = [plain(item, runtime) for item in value]
        return next((item for item in made if isinstance(item, Unknown)), made)
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return value if isinstance(value, Unknown) else Unknown("...")


def _dotted(value: Dotted) -> Any:
    """A name of a module that stands for a word, or of a list of choices: `QuantAlgo.FP8`."""
    *outer, last = value.path.split(".")
    enumerated = bool(outer) and last.isupper() and outer[-1][:1].isupper()
    return last if enumerated or value.path.startswith(MODULES) else Unknown(value.path)


def _object(value: Made, runtime: str) -> Any:
    """What an object says: its keywords, and what its class does; `from_cli` reads JSON."""
    if value.path.endswith(".from_cli") and value.args and isinstance(value.args[0], str):
        return value.args[0]
    name = value.path.rpartition(".")[2]
    if not value.whole or value.args or not name[:1].isupper():
        return Unknown(f"{name}(...)")
    beside = documents()[runtime].get("kinds", {}).get(name, {})
    return {**beside, **plain(value.table, runtime)}
