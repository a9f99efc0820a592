"""The version and the option checks of a target, from the tables that lie beside it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


def version_of(runtime: str, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
    """The option table that applies to `spec`."""
    from servec.compiler.options.versions import pick
    from servec.targets.shared.table import versions

    block = spec.on.get(runtime)
    stated = str(block.version.value) if block is not None and block.version is not None else ""
    return pick(stated, versions(runtime)).version, ()


def check_block(runtime: str, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
    """What the option rules find in the `on` block, at each table the spec allows."""
    return ()
