"""The trtllm target: what it can do, and the processes that serve a planned case."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.constraints import Constraint
    from servec.compiler.target import Artifact, Case, Launch
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


class Trtllm:
    """TensorRT-LLM, launched by `trtllm-serve`."""

    name = "trtllm"

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        """The option table that applies to `spec`, with SRV207 or SRV209 where due."""
        from servec.targets.shared.options import version_of

        return version_of(self.name, spec)

    def capabilities(self, version: str) -> Capabilities:
        """What that version can do with its usual back end, PyTorch."""
        from servec.targets.shared.capabilities import load_capabilities

        return load_capabilities(self.name, version)

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """What that version can do with the back end that `spec` asks for."""
        tables = self.capabilities(version)
        if self.name not in spec.on:
            return tables
        from servec.targets.trtllm.engine import wanted, with_engine

        return with_engine(tables) if wanted(spec, version) else tables

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        """SRV2xx and SRV6xx of the spec's `on` block."""
        from servec.targets.shared.options import check_block

        return check_block(self.name, spec, version)

    def constraints(self, version: str) -> tuple[Constraint, ...]:
        """What refuses a planned launch beside the parser."""
        from servec.targets.shared.aside import load_constraints

        return load_constraints(self.name, version)

    def lifted(self, spec: Spec, version: str) -> Spec:
        """`spec` with the fields that its `on` block says by native options."""
        from servec.targets.shared.options import lifted

        return lifted(self.name, spec, version)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The processes for one replica: one case, or prefill and decode."""
        from servec.dsl.record import replace
        from servec.targets.shared.launch import launch_of
        from servec.targets.trtllm import engine
        from servec.targets.trtllm.processes import front, processes

        made = launch_of(cases, processes, front)
        first = cases[0]
        steps = made.steps
        if engine.wanted(first.spec, first.capabilities.version):
            steps = (*engine.steps(first), *steps)
        name = _served(first, made.model_name)
        return replace(made, steps=steps, configs=_configs(cases), model_name=name)


def _configs(cases: tuple[Case, ...]) -> tuple[Artifact, ...]:
    """The options files, and that of the server in front."""
    from servec.targets.trtllm.processes import config_file, front_file

    made = [file for case in cases if (file := config_file(case)) is not None]
    if len(cases) > 1:
        prefill, decode = sorted(cases, key=lambda case: case.role != "prefill")
        made.append(front_file(prefill, decode))
    return tuple(made)


def _served(case: Case, name: str) -> str:
    """The name that requests give: the repository, or the folder, where none can be set."""
    from servec.targets.trtllm import engine
    from servec.targets.trtllm.processes import is_embedding

    if "api.name" not in case.capabilities.lacks and not is_embedding(case):
        return name
    if engine.wanted(case.spec, case.capabilities.version):
        return "engine"
    checkpoint = case.plan.checkpoint if case.plan else ""
    local = checkpoint.startswith(("/", "./", "../"))
    return checkpoint.rstrip("/").rsplit("/", 1)[-1] if local else checkpoint
