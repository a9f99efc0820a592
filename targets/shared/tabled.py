"""A target whose versions, capabilities and option checks are all in tables beside it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.options.spoken import Spoken
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


class Tabled:
    """What every such target has in common; it adds its `name` and `launch`."""

    name: str

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
        from servec.targets.shared.options import version_of

        return version_of(self.name, spec)

    def capabilities(self, version: str) -> Capabilities:
        """What that version can do."""
        from servec.targets.shared.capabilities import load_capabilities

        return load_capabilities(self.name, version)

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version)

    def constraints(self, version: str) -> RuleSet:
        """What refuses a planned launch beside the parser."""
        from servec.targets.shared.aside import load_constraints

        return load_constraints(self.name, version)

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """The options that the spec says, natively or by fields, by name."""
        from servec.targets.shared.options import says

        return says(self.name, spec, version)

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that its `on` block says by native options."""
        from servec.targets.shared.options import lifted

        return lifted(self.name, spec, version)
