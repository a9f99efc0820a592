"""Builds the settings of a command: portable fields by the table, then the `on` block."""

from __future__ import annotations

from servec.targets.shared.effective import effective
from servec.targets.shared.left_open import drop_open, leaves_open, open_values
from servec.targets.shared.native import native_settings
from servec.targets.shared.portable import load_portable
from servec.targets.shared.settings import Settings
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.target import Case

    Writer = Callable[[Case, Mapping[str, Any], Settings], None]


def command_settings(case: Case, writers: Mapping[str, Writer]) -> Settings:
    """Everything the plan and the spec say, as options and variables of `case`'s runtime.

    Fields go in the order of the portable table. A row that names a writer is written by it, once.
    The `on` block comes last and wins; so do variables of the spec over those set here.
    """
    runtime, version = case.target.name, case.capabilities.version
    portable = load_portable(runtime, version)
    table = load_table(runtime, version)
    values = open_values(case, effective(case))
    settings = Settings(table)
    written: set[str] = set()
    for path, row in portable.rows.items():
        writer = row.get("by", "")
        if writer:
            if writer not in written and writer in writers:
                written.add(writer)
                writers[writer](case, values, settings)
        elif path in values:
            found = portable.settings(path, values[path])
            if found is None and row.get("open") in values:
                found = portable.own_word(path, values[path])
            settings.apply(found or {})
            if "then" in row:
                writers[row["then"]](case, values, settings)
    if leaves_open(case.spec):
        drop_open(case, portable, settings)
    settings.fold(portable.folds)
    block = case.spec.on.get(runtime)
    if block is not None:
        for name, value in native_settings(block, table).items():
            settings.set(name, value)
    return settings


def variables(case: Case, settings: Settings) -> dict[str, str]:
    """The environment: what the command needs, then the spec's, then the `on` block's."""
    block = case.spec.on.get(case.target.name)
    made = dict(settings.env)
    made.update({name: str(bound.value) for name, bound in case.spec.env.items()})
    if block is not None:
        made.update({name: str(bound.value) for name, bound in block.env.items()})
    return made


def raw_args(case: Case) -> tuple[str, ...]:
    """The words that the spec appends untouched."""
    block = case.spec.on.get(case.target.name)
    bound = block.raw_args if block is not None else None
    if bound is None or not isinstance(bound.value, tuple):
        return ()
    return tuple(str(word) for word in bound.value)
