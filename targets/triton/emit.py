"""The triton target: vLLM in Triton Inference Server, with a model repository."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.constraints import Constraint
    from servec.compiler.target import Case, Launch, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

# What the generate route has no place for; the rest is the engine's.
LOST = ("tools", "reasoning", "lora", "embed", "rerank", "classify", "roles", "nodes")


class Triton:
    """Triton Inference Server, launched by `tritonserver`; it inherits what its engine refuses."""

    name = "triton"

    def __init__(self, engine: Target) -> None:
        """`engine`: the runtime that Triton's back end runs."""
        self.engine = engine

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
        return self._over(self.engine.capabilities(self.engine.version(spec)[0]), version)

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
            image=image_for(self.name, version, "nvidia", ""),
            reach={k: v for k, v in tables.reach.items() if k.startswith("sm")},
            table=version,
        )

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version) if self.name in spec.on else ()

    def constraints(self, version: str) -> tuple[Constraint, ...]:
        """What refuses a planned launch beside the parser: what the engine's newest refuses."""
        from servec.targets.shared.table import versions

        return self.engine.constraints(versions(self.engine.name)[-1])

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that the engine's `on` block and Triton's say."""
        from servec.targets.shared.options import lifted

        engine = self.engine.lifted(spec, self.engine.version(spec)[0])
        return lifted(self.name, engine, version)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The server with one model: the engine's command becomes the model's arguments."""
        from servec.compiler.target import Process
        from servec.dsl.record import replace
        from servec.targets.shared.api import port_of
        from servec.targets.shared.command import command_settings, raw_args, variables
        from servec.targets.shared.launch import image_of
        from servec.targets.triton.repository import FOLDER, model_name, repository

        (case,) = cases
        beneath = self.engine.capabilities(self.engine.version(case.spec)[0])
        inner = self.engine.launch((replace(case, target=self.engine, capabilities=beneath),))
        settings = command_settings(case, {})
        env = {**inner.processes[0].env, **variables(case, settings), "SERVEC_MODELS": FOLDER}
        words = ("tritonserver", "--model-repository", "${SERVEC_MODELS}")
        image = image_of(case)
        process = Process(
            name="server",
            role="serve",
            node_rank=0,
            argv=(*words, *settings.argv(), *raw_args(case)),
            env={name: env[name] for name in sorted(env)},
            files=(FOLDER,),
            port=port_of(case),
            health="/v2/health/ready",
            gpus=inner.processes[0].gpus,
            image=image,
        )
        return replace(
            inner,
            runtime=self.name,
            version=case.capabilities.version,
            processes=(process,),
            configs=repository(case, inner),
            image=image,
            model_name=model_name(case),
            api="generate",
            port=port_of(case),
        )
