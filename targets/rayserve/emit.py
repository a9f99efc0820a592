"""The rayserve target: an engine in Ray Serve LLM, in as many copies as the spec asks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.constraints import Constraint
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.target import Case, Launch, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

# What the ingress has no route for; the rest is the engine's.
LOST = ("rerank", "classify")
# Connectors that a transfer between roles of an application is known to work with.
TRANSFER = frozenset({"nixl"})
# Devices that Ray counts as GPU and labels by kind (python/ray/_private/accelerators).
REACH = ("sm", "gfx")


class Rayserve:
    """Ray Serve LLM, launched by `serve run`; it inherits what its engine refuses."""

    name = "rayserve"

    def __init__(self, inner: Target) -> None:
        """`inner`: the runtime whose arguments are `engine_kwargs`."""
        self.inner = inner
        self._known: dict[str, Capabilities] = {}

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
        from servec.targets.shared.options import version_of

        return version_of(self.name, spec)

    def capabilities(self, version: str) -> Capabilities:
        """What the engine that this release brings can do beneath Ray Serve."""
        if version not in self._known:
            tables = self.inner.capabilities(self._brought(version))
            self._known[version] = self._over(tables, version)
        return self._known[version]

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """What the engine can do at the version that `spec` states for it, else at the release's.

        Refused is what the spec tells the engine and that version, or Ray, does not take.
        """
        if self.inner.name not in spec.on and not spec.env and not spec.adapters:
            return self.capabilities(version)
        from servec.dsl.record import replace
        from servec.targets.rayserve.engine import pinned
        from servec.targets.rayserve.refusals import refusals

        inner = pinned(spec, self.inner.name, self._brought(version))
        engine, _ = self.inner.version(inner)
        tables = self._over(self.inner.capabilities(engine), version)
        return replace(tables, refusals=refusals(spec, inner, self.inner, engine))

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version) if self.name in spec.on else ()

    def constraints(self, version: str) -> tuple[Constraint, ...]:
        """What refuses a planned launch beside the parser: what the engine refuses."""
        return self.inner.constraints(self._brought(version))

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """The options of the engine that the spec says, by name."""
        from servec.targets.rayserve.engine import pinned

        inner = pinned(spec, self.inner.name, self._brought(version))
        return self.inner.says(inner, self.inner.version(inner)[0])

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that the engine's `on` block and Ray's say."""
        from servec.targets.rayserve.engine import pinned
        from servec.targets.shared.options import lifted

        engine, _ = self.inner.version(pinned(spec, self.inner.name, self._brought(version)))
        return lifted(self.name, self.inner.lifted(spec, engine), version)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The application of one case, or of prefill and decode, and the cluster it needs."""
        from servec.dsl.record import replace
        from servec.targets.rayserve.engine import pinned
        from servec.targets.rayserve.server import launch

        brought = self._brought(cases[0].capabilities.version)
        beneath = []
        for case in cases:
            spec = pinned(case.spec, self.inner.name, brought)
            tables = self.inner.capabilities(self.inner.version(spec)[0])
            beneath.append(replace(case, spec=spec, target=self.inner, capabilities=tables))
        return launch(cases, self.inner.launch(tuple(beneath)))

    def _brought(self, version: str) -> str:
        """The version of the engine that a release of Ray asks for."""
        from servec.targets.rayserve.engine import engine_version

        return engine_version(self.name, version)

    def _over(self, tables: Capabilities, version: str) -> Capabilities:
        from servec.dsl.record import replace
        from servec.targets.shared.capabilities import image_for
        from servec.targets.shared.portable import load_portable

        portable = load_portable(self.name, version)
        own = {path for path, row in portable.rows.items() if row.get("by") != "engine"}
        theirs = {path: why for path, why in tables.lacks.items() if path not in own}
        words = {path: portable.words(path) for path in own if "words" in portable.rows[path]}
        return replace(
            tables,
            runtime=self.name,
            version=version,
            features={k: v for k, v in tables.features.items() if k not in LOST},
            transfer=tables.transfer & TRANSFER,
            lacks={**theirs, **portable.lacks()},
            spares={**tables.spares, **portable.spares()},
            values={
                **tables.values,
                **{path: dict.fromkeys(known, "") for path, known in words.items()},
            },
            image=image_for(self.name, version, "nvidia", ""),
            reach={k: v for k, v in tables.reach.items() if k.startswith(REACH)},
            table=version,
        )
