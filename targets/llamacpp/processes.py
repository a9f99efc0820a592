"""The launch of one llama.cpp deployment: one process, after the steps that make its files."""

from __future__ import annotations

from servec.compiler.target import Launch, Process
from servec.dsl.record import replace
from servec.targets.llamacpp.files import adapter_file, draft_file
from servec.targets.llamacpp.writers import WRITERS, gguf
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import effective, planned
from servec.targets.shared.launch import launch_of
from servec.targets.shared.lora import local_path
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Step

IN_IMAGE = "/app/llama-server"
"""Where ghcr.io/ggml-org/llama.cpp:server has it (.devops/*.Dockerfile at commit 0c1e57098)."""


def launch(case: Case) -> Launch:
    """The process and its steps. What a step makes lies on the host, so no image is named then."""
    made = launch_of((case,), _processes, _no_front)
    steps = (*made.steps, *_steps(case))
    if steps:
        bare = tuple(replace(process, image="", image_program="") for process in made.processes)
        return replace(made, steps=steps, image="", processes=bare)
    return made


def _no_front(prefill: Case, _decode: Case, _image: str) -> Process:
    raise ValueError(f"{prefill.spec.name}: llama.cpp has no roles")


def _processes(case: Case, image: str) -> tuple[Process, ...]:
    settings = command_settings(case, WRITERS)
    env = variables(case, settings)
    secret = key_variable(case)
    device = case.device
    process = Process(
        name="server",
        role="serve",
        node_rank=0,
        argv=("llama-server", *settings.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(secret,) if secret else (),
        port=port_of(case),
        health=str(effective(case).get("api.prefix", "")).rstrip("/") + "/health",
        gpus=0 if device is not None and device.kind == "cpu" else planned(case).devices_per_node,
        image=image,
        image_program=IN_IMAGE if image else "",
    )
    return (process,)


def _steps(case: Case) -> tuple[Step, ...]:
    """Fetch, convert and quantise: the model, then its draft, then adapters."""
    steps = list(gguf(case).steps)
    draft = drafting(case, effective(case))
    if draft is not None and draft.model:
        steps += draft_file(case, draft.model).steps
    for item in case.spec.adapters:
        steps += adapter_file(item.name, local_path(item), planned(case).checkpoint)[1]
    known: dict[str, Step] = {}
    for step in steps:
        known.setdefault(step.name, step)
    return tuple(known.values())
