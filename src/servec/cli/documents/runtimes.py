"""`servec.runtimes/1`: option tables, one option, what changed, what was extracted."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal


@record
class RuntimeDocument:
    """One line of `runtimes list`: versions oldest first, and the size of the newest table."""

    name: str
    versions: tuple[str, ...]
    options: int
    sets: Mapping[str, int]
    target: bool


@record
class OptionDocument:
    """One option of one version, with the versions that have it and the fields that say it."""

    name: str
    flags: tuple[str, ...]
    off: tuple[str, ...]
    type: str
    arity: str
    choices: tuple[str, ...]
    default: Any
    repeat: bool
    env: str
    deprecated: bool
    use: tuple[str, ...]
    low: float | None
    high: float | None
    values: tuple[str, ...]
    fields: tuple[str, ...]
    versions: tuple[str, ...]
    portable: tuple[str, ...]


@record
class ChangeDocument:
    """One change; `old` and `new` of choices and sets are the members that differ."""

    kind: Literal["removed", "added", "default", "choices", "type", "flags", "deprecated"]
    name: str
    set: bool
    old: Any
    new: Any
    use: str


@record
class RuntimesDocument:
    """Output of `runtimes`: rows for `list`, options or `members` of a set for `show`, changes for
    `diff`; for `extract` the files, and those that differ from what is committed."""

    schema: Literal["servec.runtimes/1"] = "servec.runtimes/1"
    runtimes: tuple[RuntimeDocument, ...] = ()
    runtime: str = ""
    version: str = ""
    options: tuple[OptionDocument, ...] = ()
    members: tuple[str, ...] = ()
    changes: tuple[ChangeDocument, ...] = ()
    files: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    error: str = ""
