"""Compares a command with what the compiler writes for the spec that was read from it."""

from __future__ import annotations

import re

from servec.dsl.record import record, replace
from servec.targets.shared.importing.options_file import with_file
from servec.targets.shared.importing.read import SECRETS, model_of
from servec.targets.shared.importing.renamed import renamed
from servec.targets.shared.importing.said import said, same
from servec.targets.shared.importing.settled import alike, spellings, unasked, usual
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Literal

    from servec.targets.shared.importing.read import Imported

    Kind = Literal["missing", "added", "changed"]

SECRET_OPTIONS = ("api-key",)


@record
class Difference:
    """One option or variable that the two commands do not say alike.

    `kind`: `missing` (only the line has it), `added` (only what is written has it) or `changed`.
    `why` explains one that means the same; "" where nothing does.
    """

    name: str
    kind: Kind
    before: str = ""
    after: str = ""
    why: str = ""
    process: str = ""


def compare(
    imported: Imported,
    argv: Sequence[str],
    env: Mapping[str, str],
    files: Mapping[str, str],
    rank: int = 0,
) -> tuple[Difference, ...]:
    """Differences between the imported command and an emitted one: options, then variables.

    `argv` holds the words behind the program's own; a word that stands for a variable of `env` is
    its value. `files`: the options files that are written with it.
    """
    table = imported.sheet.table
    words = [filled(word, env) for word in argv]
    written = with_file(table, said(table, words), files)
    before = normal(table.runtime, table.version, dict(imported.said.options))
    after = normal(table.runtime, table.version, dict(written.options))
    for name in ("model", "model-path", "model-tag", "model-id", "hf-repo"):
        before.pop(name, None)
        after.pop(name, None)
    found = list(_models(imported.model, model_of(written)))
    found += _unknown(imported, written.unknown)
    for name in dict.fromkeys((*before, *after)):
        found += _option(imported, name, before.get(name), after.get(name))
    late = normal(table.runtime, table.version, dict(said(table, argv).options))
    found = [_late(_of_rank(item, rank), late.get(item.name)) for item in found]
    return (*found, *_variables(imported, env))


def _of_rank(item: Difference, rank: int) -> Difference:
    """Ranks behind the first answer nobody: where they would listen is idle."""
    if rank and not item.why and item.kind == "added" and item.name in ("host", "port"):
        return replace(item, why="the first node alone answers")
    return item


def _late(item: Difference, word: object) -> Difference:
    """An address is known only at start: the launch takes it from a variable."""
    name = re.fullmatch(r"\$\{(SERVEC_[A-Z0-9_]+)\}", str(word))
    if item.name == "node-rank" and item.before.startswith("$") and not item.why:
        return replace(item, why="a variable tells each node its rank")
    if name and not item.why and item.kind == "changed":
        return replace(item, why=f"start with {name[1]}={item.before}")
    return item


def normal(runtime: str, version: str, options: dict[str, Any]) -> dict[str, Any]:
    """Options with settings that mean the same spelt in one way."""
    table = load_table(runtime, version)
    options = renamed(table, options)
    for rule in spellings(runtime):
        options = rule(options)
    return options


def filled(word: str, env: Mapping[str, str]) -> str:
    """A word with the value of the variable it stands for; others as they are."""
    name = re.fullmatch(r"\$\{(SERVEC_[A-Z0-9_]+)\}", word)
    return env.get(name[1], word) if name else word


def _models(before: str, after: str) -> Iterator[Difference]:
    if before.removeprefix("./").rstrip("/") != after.removeprefix("./").rstrip("/"):
        why = "" if before else "the line names no model"
        yield Difference("model", "changed", before, after, why)


def _unknown(
    imported: Imported, written: tuple[tuple[str, tuple[str, ...]], ...]
) -> Iterator[Difference]:
    after = {flag.lstrip("-"): values for flag, values in written}
    for flag, values in imported.said.unknown:
        if after.get(flag.lstrip("-")) != values:
            yield Difference(flag.lstrip("-"), "missing", " ".join(values))


def _option(imported: Imported, name: str, before: Any, after: Any) -> Iterator[Difference]:
    if before is not None and after is not None:
        if not same(before, after) and name not in SECRET_OPTIONS:
            why = alike(imported.sheet.portable, name, before, after)
            yield Difference(name, "changed", shown(before), shown(after), why)
    elif before is not None:
        one = unasked(name, before) or _default(imported, name, before)
        why = "it is the default" if one else _usual(imported, name, before)
        if name in imported.sheet.origin.get("precision.weights", ()):
            why = "the checkpoint says it itself"
        if name in SECRET_OPTIONS:
            why = "a key comes from its variable"
        yield Difference(name, "missing", _hidden(name, before), "", why)
    else:
        yield Difference(name, "added", "", _hidden(name, after), _why(imported, name, after))


def _usual(imported: Imported, name: str, value: Any) -> str:
    return usual(imported.sheet, imported.model, name, value)


def _hidden(name: str, value: Any) -> str:
    return "***" if name in SECRET_OPTIONS else shown(value)


def shown(value: Any) -> str:
    """A value for a reader."""
    from servec.targets.shared.settings import text_of

    return text_of(value)


def _default(imported: Imported, name: str, value: Any) -> bool:
    option = imported.sheet.table.option(name)
    if option is not None and option.boolean and value is False and not option.default:
        return True
    return option is not None and same(value, option.default)


def _why(imported: Imported, name: str, value: Any) -> str:
    """Why an option that the line leaves out may be written."""
    if _default(imported, name, value):
        return "it is the default"
    flags = (imported.sheet.table.flag(flag) for flag, _ in imported.said.unset)
    if any(found is not None and found[0].name == name for found in flags):
        return "nothing sets what the line has there"
    return _usual(imported, name, value)


def _set(imported: Imported, name: str, value: str) -> str:
    """Why a variable that the line leaves alone may be set."""
    if value.startswith("${SERVEC_"):
        return "an address is known only at start"
    if imported.sheet.role and name.endswith("_SIDE_CHANNEL_PORT"):
        return "roles on one machine hand over at ports of their own"
    return ""


def _variables(imported: Imported, env: Mapping[str, str]) -> Iterator[Difference]:
    before = imported.env
    for name in imported.ignored:
        unread = f"{imported.runtime} {imported.version} does not read it"
        yield Difference(f"env {name}", "missing", why=unread)
    for name in dict.fromkeys((*before, *env)):
        old, new = before.get(name), env.get(name)
        if name.startswith("SERVEC_") or old == new or SECRETS.fullmatch(name):
            continue
        if old is None:
            yield Difference(f"env {name}", "added", "", str(new), _set(imported, name, str(new)))
        elif new is None:
            yield Difference(f"env {name}", "missing", old)
        else:
            on = {old.lower(), new.lower()} <= {"1", "true"}
            why = "both switch it on" if on else ""
            yield Difference(f"env {name}", "changed", old, new, why)
