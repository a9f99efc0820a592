"""The rayserve target: an engine in Ray Serve LLM, in as many copies as the spec asks for."""

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

# Devices that Ray counts as GPU and labels by kind (python/ray/_private/accelerators).
REACH = ("sm", "gfx")


class Rayserve:
    """Ray Serve LLM, launched by `serve run`; it inherits what its engine refuses."""

    name = "rayserve"

    def __init__(self, *engines: Target) -> None:
        """`engines`: the runtimes whose arguments are `engine_kwargs`, the usual one first."""
        self.engines = engines
        self._known: dict[tuple[str, str], Capabilities] = {}

    def beneath(self, spec: Spec, version: str) -> Target:
        """The engine that serves `spec`."""
        from servec.targets.rayserve.beneath import engine_of

        return engine_of(self.name, spec, version, self.engines)[0]

    def engine_for(self, case: Case) -> tuple[str, str]:
        """The engine beneath, and why, where it is not the one that the release brings."""
        from servec.targets.rayserve.beneath import engine_of

        version = case.capabilities.version
        engine, why = engine_of(self.name, case.spec, version, self.engines)
        return ("", "") if engine is self.engines[0] else (engine.name, why)

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
        from servec.targets.shared.options import version_of

        return version_of(self.name, spec)

    def capabilities(self, version: str) -> Capabilities:
        """What the engine that this release brings can do beneath Ray Serve."""
        return self._of_release(self.engines[0], version)

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """What the engine can do at the version that `spec` states for it, else at the release's.

        Refused is what the spec tells the engine and that version, or Ray, does not take.
        """
        engine = self.beneath(spec, version)
        if engine.name not in spec.on and not spec.env and not spec.adapters:
            return self._of_release(engine, version)
        from servec.dsl.record import replace
        from servec.targets.rayserve.refusals import refusals

        inner = self._inner(spec, version)
        stated, _ = engine.version(inner)
        tables = self._over(engine.capabilities(stated), version)
        return replace(tables, refusals=refusals(spec, inner, engine, stated))

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version) if self.name in spec.on else ()

    def constraints(self, version: str) -> RuleSet:
        """What refuses a planned launch beside the parser: what the usual engine refuses."""
        usual = self.engines[0]
        return usual.constraints(self._brought(usual, version))

    def constraints_for(self, spec: Spec, version: str) -> RuleSet:
        """What the engine that serves `spec` refuses."""
        engine = self.beneath(spec, version)
        return engine.constraints(self._brought(engine, version))

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """The options of the engine that the spec says, by name."""
        engine, inner = self.beneath(spec, version), self._inner(spec, version)
        return engine.says(inner, engine.version(inner)[0])

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that the engine's `on` block and Ray's say."""
        from servec.targets.shared.options import lifted

        engine, inner = self.beneath(spec, version), self._inner(spec, version)
        return lifted(self.name, engine.lifted(spec, engine.version(inner)[0]), version)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The application of one case, or of prefill and decode, and the cluster it needs."""
        from servec.dsl.record import replace
        from servec.targets.rayserve.server import launch

        version = cases[0].capabilities.version
        engine = self.beneath(cases[0].spec, version)
        under = []
        for case in cases:
            spec = self._inner(case.spec, version, engine)
            tables = engine.capabilities(engine.version(spec)[0])
            under.append(replace(case, spec=spec, target=engine, capabilities=tables))
        return launch(cases, engine.launch(tuple(under)))

    def _inner(self, spec: Spec, version: str, engine: Target | None = None) -> Spec:
        """`spec` as the engine reads it, with its version stated."""
        from servec.targets.rayserve.pinned import pinned

        engine = engine or self.beneath(spec, version)
        return pinned(spec, engine.name, self._brought(engine, version))

    def _brought(self, engine: Target, version: str) -> str:
        """The version of the engine that goes with a release of Ray."""
        from servec.targets.rayserve.beneath import engine_version

        return engine_version(self.name, version, engine.name)

    def _of_release(self, engine: Target, version: str) -> Capabilities:
        key = (engine.name, version)
        if key not in self._known:
            tables = engine.capabilities(self._brought(engine, version))
            self._known[key] = self._over(tables, version)
        return self._known[key]

    def _over(self, tables: Capabilities, version: str) -> Capabilities:
        from servec.dsl.record import replace
        from servec.targets.rayserve.beneath import beneath
        from servec.targets.shared.capabilities import claimed, image_for
        from servec.targets.shared.portable import load_portable

        portable, under = load_portable(self.name, version), beneath(tables.runtime)
        own = {path for path, row in portable.rows.items() if row.get("by") != "engine"}
        theirs = {path: why for path, why in tables.lacks.items() if path not in own}
        words = {path: portable.words(path) for path in own if "words" in portable.rows[path]}
        usual = tables.runtime == self.engines[0].name
        return replace(
            tables,
            runtime=self.name,
            version=version,
            features={k: v for k, v in tables.features.items() if k not in under.lost},
            transfer=tables.transfer & under.transfer,
            lacks={**theirs, **portable.lacks(), **under.lacks, **under.lost},
            spares={**tables.spares, **portable.spares()},
            values={
                **tables.values,
                **{path: dict.fromkeys(known, "") for path, known in words.items()},
            },
            image=image_for(self.name, version, "nvidia", "") if usual else "",
            reach={k: v for k, v in tables.reach.items() if k.startswith(REACH)},
            default_port=claimed(self.name, version, "port"),
            table=version,
            beneath=(tables.runtime, tables.version),
        )
