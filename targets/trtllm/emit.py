"""The trtllm target: what it can do, and the processes that serve a planned case."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.target import Artifact, Case, Launch
    from servec.dsl.spec import Spec


class Trtllm(Tabled):
    """TensorRT-LLM, launched by `trtllm-serve`."""

    name = "trtllm"

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """What that version can do with the back end that `spec` asks for."""
        tables = self.capabilities(version)
        if self.name not in spec.on:
            return tables
        from servec.targets.trtllm import autodeploy
        from servec.targets.trtllm.engine import asked, wanted, with_engine

        if autodeploy.wanted(spec):
            return autodeploy.with_autodeploy(tables)
        if wanted(spec, version):
            return with_engine(tables)
        from servec.targets.trtllm.dated import between, with_dated

        stated = between(spec, version)
        if stated and asked(spec):  # behind the last release that has engines, before `main`
            from servec.targets.shared.table import beside

            return with_engine(tables, beside(self.name, stated))
        return with_dated(tables, stated) if stated else tables

    def constraints_for(self, spec: Spec, version: str) -> RuleSet:
        """The rules of a version; those of a release behind its table end where they say."""
        from servec.targets.shared.aside import load_constraints
        from servec.targets.trtllm.dated import between

        stated = between(spec, version) if version != "main" else ""
        return load_constraints(self.name, stated or version)

    def front_troubles(
        self, words: Sequence[str], files: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """What the program in front of servers refuses of its line, each with the reason."""
        from servec.targets.trtllm.front import front_troubles

        return front_troubles(words, files)

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
