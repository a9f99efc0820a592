"""The call of an engine that a document of another program stands for, as its launch."""

from __future__ import annotations

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.targets.shared.importing.programs.program import Command

CALLS = {"vllm": ("vllm.AsyncEngineArgs", "model"), "sglang": ("sglang.ServerArgs", "model_path")}
"""The call, and its keyword for the model."""


def engine_call(
    engine: str,
    model: str,
    said: Mapping[str, Any],
    env: Mapping[str, str],
    version: str,
    page: str,
) -> Iterator[Command]:
    """The launch of an engine that is told this of a model; `page`: what the call is shown as."""
    from servec.targets.shared.importing.python.launches import python_commands

    call, key = CALLS[engine]
    parts = (
        f"{name}={value!r}" if str(name).isidentifier() else f"**{{{name!r}: {value!r}}}"
        for name, value in {key: model, **said}.items()
    )
    program = f"import {call.partition('.')[0]}\n{call}({', '.join(parts)})\n"
    for found in python_commands(program, page, env, (engine, version)):
        yield replace(found, version=version)
