"""The engines of an application of Ray Serve LLM, each as the call that Ray makes of it."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.targets.shared.importing.manifests.application import applications

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.targets.shared.importing.programs.program import Command

CALLS = {"vllm": ("vllm.AsyncEngineArgs", "model"), "sglang": ("sglang.ServerArgs", "model_path")}
"""The call, and its keyword for the model (ray 2.60.0 llm/_internal/serve/engines)."""
RAY = "ray"


def application_commands(text: str, env: Mapping[str, str]) -> Iterator[Command]:
    """The launches, for the engine that the release of Ray is made for, where the file states it;
    `ValueError` where it cannot be read."""
    from servec.targets.shared.importing.python.launches import python_commands
    from servec.targets.shared.wrapped import held

    for item in applications(text):
        call, key = CALLS[item.engine]
        said = {key: item.model, **item.arguments}
        parts = (
            f"{name}={value!r}" if str(name).isidentifier() else f"**{{{name!r}: {value!r}}}"
            for name, value in said.items()
        )
        module = call.partition(".")[0]
        program = f"import {module}\n{call}({', '.join(parts)})\n"
        version = held(RAY, item.version, item.engine) if item.version else ""
        seen = {**env, **item.env}
        for found in python_commands(program, "engine_kwargs", seen, (item.engine, version)):
            yield replace(found, version=version)
