"""What the checks of one `on` block need: the block, the tables it is judged by, and the rest."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from servec.compiler.options.exclusions import Exclusion
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Label
    from servec.dsl.spec import OnBlock, Spec

    class Portable(Protocol):
        """The target's table from portable fields to native options."""

        @property
        def rows(self) -> Mapping[str, Mapping[str, Any]]:
            """Portable path to its row."""

        def options(self) -> Mapping[str, tuple[str, ...]]:
            """Native option (or `env:NAME`) to the portable paths it can be said by."""

        def words(self, path: str) -> Mapping[str, Mapping[str, Any]]:
            """The words a path knows, each with its native options."""

        def settings(self, path: str, value: object) -> Mapping[str, Any] | None:
            """The native options that say `path = value`."""


@record
class Successor:
    """What took the place of an option that no known version, or only an old one, has.

    `use`: the option to write instead, "" for none. `note`: one sentence for the reader. `gone`:
    the version that first lacked it, where the tables do not show it. `set`: options that say the
    same now, `$` for the old value and `$name` for that of another option; empty where nothing
    has to be said, None where nothing says just that. `words`: such a set for each old value.
    """

    use: str = ""
    note: str = ""
    gone: str = ""
    source: str = ""
    set: Mapping[str, Any] | None = None
    words: Mapping[str, Mapping[str, Any]] | None = None


def _never(_name: str) -> str:
    return ""


@record
class Context:
    """One `on` block under judgement.

    `tables`: those of the stated version or range, oldest first. `history` gives all tables of the
    runtime, oldest first; `successors` what is known of old options, by name; `exclusions` the
    pairs of options that the stated version refuses. `beside`: the table on the other side of a
    stated version that has none and lies far from both, "" elsewhere. `lost`: the release before
    the tables that first lacked an option which earlier ones had, "" for any other.
    """

    runtime: str
    spec: Spec
    on: OnBlock
    tables: tuple[OptionTable, ...]
    portable: Portable
    history: Callable[[], tuple[OptionTable, ...]]
    successors: Callable[[], Mapping[str, Successor]]
    exclusions: Callable[[], tuple[Exclusion, ...]]
    beside: str = ""
    lost: Callable[[str], str] = _never

    @property
    def newest(self) -> OptionTable:
        """The table that is emitted for."""
        return self.tables[-1]

    @property
    def where(self) -> str:
        """The runtime with its version or versions, for a title."""
        return f"{self.runtime} {span_of(tuple(t.version for t in self.tables))}"

    def version_label(self, text: str) -> tuple[Label, ...]:
        """The line that states the version, if one does."""
        from servec.dsl.diagnostic import Label

        return (Label(self.on.version.span, text),) if self.on.version else ()

    @property
    def stated(self) -> str:
        """The runtime with the version as it was stated, for a title."""
        bound = self.on.version
        return f"{self.runtime} {bound.value}" if bound is not None else self.where

    def gone(self, name: str) -> bool:
        """Whether an option of the table that is used was away by the stated version behind it."""
        from servec.compiler.options.versions import is_exact, order

        known, bound = self.successors().get(name), self.on.version
        stated = str(bound.value) if bound is not None and bound.op == "=" else ""
        if known is None or not known.gone or not is_exact(stated) or stated == "main":
            return False
        return order(self.newest.version) < order(known.gone) <= order(stated)

    def between(self, have: tuple[str, ...]) -> str:
        """What is to be said where the stated version lies between the table that is used and one
        of those that have what is asked for, so that it may have it; "" where it does not."""
        from servec.compiler.options.versions import is_exact, order

        bound = self.on.version
        stated = str(bound.value) if bound is not None and bound.op == "=" else ""
        if not is_exact(stated) or order(stated) <= order(self.newest.version):
            return ""
        after = next((version for version in have if order(version) > order(stated)), "")
        told = f"{stated} lies between {self.newest.version} and {after}: it may have it"
        return told if after else ""


def span_of(versions: tuple[str, ...]) -> str:
    """Versions as text: one, or the oldest to the newest."""
    if not versions:
        return "none"
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def having(context: Context, name: str) -> tuple[str, ...]:
    """The versions of the runtime, of all tables, that have an option, oldest first."""
    return tuple(table.version for table in context.history() if table.find(name))


def clip(text: str, limit: int = 40) -> str:
    """A text short enough for a title."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def listed(words: tuple[str, ...], limit: int = 12) -> str:
    """Some words for a figure, and how many more there are."""
    shown = ", ".join(words[:limit])
    more = len(words) - limit
    return f"{shown}, and {more} more" if more > 0 else shown
