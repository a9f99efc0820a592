"""The triton target: an engine in Triton Inference Server, with a model repository."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.target import Case, Launch, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

# What the generate route has no place for; the rest is the engine's.
LOST = ("tools", "reasoning", "lora", "embed", "rerank", "classify", "roles", "nodes")


class Triton:
    """Triton Inference Server, launched by `tritonserver`; it inherits what its engine refuses."""

    name = "triton"

    def __init__(self, engine: Target, other: Target) -> None:
        """`engine`: the runtime of the usual back end; `other` where the spec has its block."""
        self.engine, self.other = engine, other

    def beneath(self, spec: Spec) -> Target:
        """The engine: the other one where the spec has options for it and none for the usual."""
        named = self.other.name in spec.on and self.engine.name not in spec.on
        return self.other if named else self.engine

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
        from servec.targets.shared.options import version_of

        return version_of(self.name, spec)

    def capabilities(self, version: str) -> Capabilities:
        """What the engine's newest version can do beneath Triton."""
        from servec.targets.shared.table import versions

        return self._over(self.engine.capabilities(versions(self.engine.name)[-1]), version)

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """What the engine can do at the version that `spec` states for it."""
        engine = self.beneath(spec)
        return self._over(engine.capabilities(engine.version(spec)[0]), version)

    def _over(self, tables: Capabilities, version: str) -> Capabilities:
        from servec.dsl.record import replace
        from servec.targets.shared.capabilities import image_for
        from servec.targets.shared.portable import load_portable

        return replace(
            tables,
            runtime=self.name,
            version=version,
            features={k: v for k, v in tables.features.items() if k not in LOST},
            topology=replace(tables.topology, nodes=False),
            transfer=frozenset(),
            lacks={**tables.lacks, **load_portable(self.name, version).lacks()},
            spares={**tables.spares, **load_portable(self.name, version).spares()},
            image=image_for(self.name, version, tables.runtime, tables.runtime),
            reach={k: v for k, v in tables.reach.items() if k.startswith("sm")},
            table=version,
            beneath=(tables.runtime, tables.version),
        )

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version) if self.name in spec.on else ()

    def constraints(self, version: str) -> RuleSet:
        """What refuses a planned launch beside the parser: what the engine's newest refuses."""
        from servec.targets.shared.table import versions

        return self.engine.constraints(versions(self.engine.name)[-1])

    def constraints_for(self, spec: Spec, version: str) -> RuleSet:
        """What the engine that serves `spec` refuses, at the version that it states."""
        engine = self.beneath(spec)
        return engine.constraints(engine.version(spec)[0])

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """The options of the engine that the spec says, by name."""
        engine = self.beneath(spec)
        return engine.says(spec, engine.version(spec)[0])

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that the engine's `on` block and Triton's say."""
        from servec.targets.shared.options import lifted

        engine = self.beneath(spec)
        return lifted(self.name, engine.lifted(spec, engine.version(spec)[0]), version)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The server with one model: the engine's command becomes the model's arguments."""
        from servec.targets.triton.server import launch

        (case,) = cases
        return launch(case, self.beneath(case.spec))
