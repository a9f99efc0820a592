"""The version and the option checks of a target, from the tables that lie beside it."""

from __future__ import annotations

from servec.compiler.options.versions import Picked, below
from servec.targets.shared.table import beside, load_table, picked, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.context import Context
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import OnBlock, Spec


def version_of(runtime: str, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
    """The option table that applies to `spec`, with SRV207 or SRV209 where due.

    Where no table applies, the newest one stands in, so that the rest can still be judged.
    """
    block = spec.on.get(runtime)
    known = versions(runtime)
    chosen = _picked(runtime, block)
    if block is None or block.version is None:
        return chosen.version, ()
    if not chosen.version:
        from servec.compiler.options.rules.srv207_unknown_version import unknown_version

        return known[-1], (_named(unknown_version(runtime, block.version, known), spec),)
    if chosen.near:
        from servec.compiler.options.rules.srv209_neighbour_version import neighbour_version

        found = neighbour_version(runtime, block.version, chosen.version)
        return chosen.version, (_named(found, spec),)
    if chosen.wide and (oldest := below(str(block.version.value), known)):
        from servec.compiler.options.rules.srv209_neighbour_version import lower_range

        return chosen.version, (_named(lower_range(runtime, block.version, oldest), spec),)
    return chosen.version, ()


def check_block(runtime: str, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
    """What the option rules find in the `on` block, at each table the stated version allows."""
    block = spec.on.get(runtime)
    if block is None and not spec.env:
        return ()
    return judged(runtime, spec, version)


def lifted(runtime: str, spec: Spec, version: str) -> Spec:
    """`spec` with the portable fields that its `on` block says by native options."""
    block = spec.on.get(runtime)
    if block is None or not block.options or not version:
        return spec
    from servec.compiler.options.lift import lift
    from servec.targets.shared.portable import load_portable

    return lift(spec, block, load_table(runtime, version), load_portable(runtime, version))


def says(runtime: str, spec: Spec, version: str) -> Mapping[str, Spoken]:
    """Every option that `spec` says, by its name in the table of the version and by its aliases,
    which are its names in other versions; callers must not change it. The last spec's are kept:
    each of its plans asks."""
    kept = _spoken.get((runtime, version))
    if kept is not None and kept[0] is spec:
        return kept[1]
    from servec.compiler.options.spoken import spoken
    from servec.targets.shared.portable import load_portable

    table = load_table(runtime, version)
    found = aliased(table, spoken(spec, runtime, table, load_portable(runtime, version)))
    _spoken[runtime, version] = (spec, found)
    return found


def aliased(table: OptionTable, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said of options by every long name that they have."""
    names = ((name, table.option(name)) for name in said)
    flags = ((flag, name) for name, option in names if option for flag in option.flags)
    return {**{flag[2:]: said[name] for flag, name in flags if flag[:2] == "--"}, **said}


_spoken: dict[tuple[str, str], tuple[Spec, Mapping[str, Spoken]]] = {}


def judged(runtime: str, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
    """The findings on the `on` block and on the variables of a spec."""
    from servec.compiler.options.judge import judge

    return judge(context_of(runtime, spec, version))


def context_of(runtime: str, spec: Spec, version: str) -> Context:
    """What the rules need to judge the `on` block of a spec, which may have none."""
    from servec.compiler.options.context import Context
    from servec.dsl.spec import OnBlock
    from servec.targets.shared.aside import load_exclusions, load_successors
    from servec.targets.shared.portable import load_portable

    block = spec.on.get(runtime)
    tables = _picked(runtime, block).tables or (version,)
    return Context(
        runtime,
        spec,
        block or OnBlock(runtime, spec.name_span),
        tuple(load_table(runtime, name) for name in tables),
        load_portable(runtime, tables[-1]),
        lambda: tuple(load_table(runtime, name) for name in versions(runtime)),
        lambda: load_successors(runtime),
        lambda: load_exclusions(runtime, tables[-1]),
        _beside(runtime, block),
        lambda name: _lost(runtime, name),
    )


def _lost(runtime: str, name: str) -> str:
    from servec.targets.shared.past.lost import lost_since

    return lost_since(runtime, name)


def _beside(runtime: str, block: OnBlock | None) -> str:
    stated = str(block.version.value) if block and block.version and block.version.op == "=" else ""
    return beside(runtime, stated)


def _picked(runtime: str, block: OnBlock | None) -> Picked:
    if block is None or block.version is None:
        return picked(runtime, "")
    stated = str(block.version.value)
    found = picked(runtime, stated) if stated else Picked()
    return found if found.version or not stated else _inside(runtime, stated)


def _inside(runtime: str, stated: str) -> Picked:
    """What applies to a version that is said as people do, or as that of a program around it."""
    from servec.dsl.record import replace
    from servec.targets.shared.called import version_in

    version = version_in(runtime, stated)
    return replace(picked(runtime, version), near=True) if version != stated else Picked()


def _named(found: Diagnostic, spec: Spec) -> Diagnostic:
    from servec.dsl.record import replace

    return replace(found, deployment=spec.name)
