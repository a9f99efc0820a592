"""The engines of an application of Ray Serve LLM, each as the call that Ray makes of it
(ray 2.60.0 llm/_internal/serve/engines)."""

from __future__ import annotations

from servec.targets.shared.importing.manifests.application import applications
from servec.targets.shared.importing.manifests.by_variables import VLLM, is_option, takes
from servec.targets.shared.importing.programs.engine_call import engine_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.targets.shared.importing.programs.program import Command

RAY = "ray"


def application_commands(text: str, env: Mapping[str, str]) -> Iterator[Command]:
    """The launches, for the engine that the release of Ray is made for, where the file states it;
    `ValueError` where it cannot be read. What vLLM's server takes beside the engine, Ray's front
    does."""
    from servec.targets.shared.wrapped import held

    for item in applications(text):
        version = held(RAY, item.version, item.engine) if item.version else ""
        seen = {**env, **item.env}
        said = {
            name: value
            for name, value in item.arguments.items()
            if item.engine != VLLM or takes(str(name), version) or not is_option(str(name))
        }
        yield from engine_call(item.engine, item.model, said, seen, version, "engine_kwargs")
