"""One option of a table as a document."""

from __future__ import annotations

from servec.cli.documents.runtimes import OptionDocument
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.table import OptionTable


def option_document(table: OptionTable, name: str) -> OptionDocument:
    """The option called `name` (or spelt so) in `table`; `UsageError` where there is none."""
    from servec.targets.shared.table import load_table, versions

    found = table.find(name) or table.flag(name) or table.flag("-" + name)
    if found is None:
        raise UsageError(
            f"{table.runtime} {table.version} has no option {name!r}{_near(table, name)}"
        )
    option = found[0]
    have = tuple(
        v for v in versions(table.runtime) if load_table(table.runtime, v).find(option.name)
    )
    return OptionDocument(
        name=option.name,
        flags=option.flags,
        off=option.off,
        type=option.type,
        arity=option.arity,
        choices=tuple(map(str, option.choices)),
        default=option.default,
        repeat=option.repeat,
        env=option.env,
        deprecated=option.deprecated,
        use=option.use,
        low=option.low if option.low is not None else option.above,
        high=option.high if option.high is not None else option.below,
        values=table.values(option.values) if option.values else (),
        fields=tuple(sorted(table.fields(option.name))),
        versions=have,
        portable=_portable(table, option.name),
    )


def _portable(table: OptionTable, name: str) -> tuple[str, ...]:
    """The fields of the language that say the option, where the runtime is a target."""
    from servec.targets.shared.portable import load_portable

    try:
        return load_portable(table.runtime, table.version).options().get(name, ())
    except FileNotFoundError:
        return ()


def _near(table: OptionTable, name: str) -> str:
    from servec.dsl.nearest import nearest

    found = nearest(name.lstrip("-"), table.names())
    return f", did you mean {found[0]!r}?" if found else ""
