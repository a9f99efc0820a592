"""The version and the option checks of a target, from the tables that lie beside it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.versions import Picked
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


def picked(runtime: str, spec: Spec) -> Picked:
    """The option tables that the `on` block of `spec` states, the newest where it states none."""
    from servec.compiler.options.versions import pick
    from servec.targets.shared.table import versions

    block = spec.on.get(runtime)
    stated = str(block.version.value) if block is not None and block.version is not None else ""
    return pick(stated, versions(runtime))


def version_of(runtime: str, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
    """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
    found = picked(runtime, spec)
    if found.tables and not found.near:
        return found.version, ()
    from servec.targets.shared.table import versions

    block = spec.on.get(runtime)
    if block is None or block.version is None:
        return found.version, ()
    if not found.tables:
        from servec.compiler.options.rules.srv207_unknown_version import unknown_version

        return "", (unknown_version(runtime, block.version, versions(runtime)),)
    from servec.compiler.options.rules.srv209_neighbour_version import neighbour_version

    return found.version, (neighbour_version(runtime, block.version, found.version),)


def check_block(runtime: str, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
    """What the option rules find in the `on` block, at each table the spec allows."""
    if runtime not in spec.on or not version:
        return ()
    from servec.compiler.options.judge import judge

    return judge(context_of(runtime, spec))


def context_of(runtime: str, spec: Spec) -> Context:
    """What the rules need to judge the `on` block of `spec` for a runtime."""
    from servec.compiler.options.context import Context
    from servec.targets.shared.aside import load_exclusions, load_successors
    from servec.targets.shared.portable import load_portable
    from servec.targets.shared.table import load_table, versions

    found = picked(runtime, spec)
    return Context(
        runtime,
        spec,
        spec.on[runtime],
        tuple(load_table(runtime, version) for version in found.tables),
        load_portable(runtime, found.version),
        lambda: tuple(load_table(runtime, version) for version in versions(runtime)),
        lambda: load_successors(runtime),
        lambda: load_exclusions(runtime, found.version),
    )
