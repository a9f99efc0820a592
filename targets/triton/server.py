"""`tritonserver` and its files, from the launch of the engine beneath."""

from __future__ import annotations

from servec.compiler.target import Launch, Process
from servec.dsl.record import replace
from servec.targets.shared.api import port_of
from servec.targets.shared.capabilities import image_for
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.triton.repository import (
    CODE,
    CODE_MODEL,
    FOLDER,
    YAML,
    model_name,
    model_yaml,
    repository,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Artifact, Case, Target

MODELS = "SERVEC_MODELS"
CONFIG = "SERVEC_CONFIG"


def launch(case: Case, engine: Target) -> Launch:
    """One server with one model; the engine's command becomes the model's arguments."""
    beneath = engine.capabilities(engine.version(case.spec)[0])
    inner = engine.launch((replace(case, target=engine, capabilities=beneath),))
    settings = command_settings(case, {})
    env = dict(inner.processes[0].env) | variables(case, settings)
    code = engine.name == "trtllm"
    configs: tuple[Artifact, ...]
    if code:
        # The image's own model runs the LLM API; it takes its arguments from this file.
        env |= {CONFIG: YAML, "LLM_CONFIG_PATH": f"${{{CONFIG}}}"}
        files, configs, where = (YAML,), (model_yaml(inner),), CODE
    else:
        env[MODELS] = FOLDER
        files, configs, where = (FOLDER,), repository(case, inner), f"${{{MODELS}}}"
    image = _image(case, engine.name)
    process = Process(
        name="server",
        role="serve",
        node_rank=0,
        argv=("tritonserver", "--model-repository", where, *settings.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        files=files,
        port=port_of(case),
        health="/v2/health/ready",
        gpus=inner.processes[0].gpus,
        image=image,
    )
    return replace(
        inner,
        runtime=case.target.name,
        version=case.capabilities.version,
        processes=(process,),
        configs=configs,
        image=image,
        model_name=CODE_MODEL if code else model_name(case),
        api="generate",
        port=port_of(case),
    )


def _image(case: Case, engine: str) -> str:
    """The image that the spec pins, else the one with the engine's back end."""
    block = case.spec.on.get(case.target.name)
    if block is not None and block.image is not None:
        return str(block.image.value)
    return image_for(case.target.name, case.capabilities.version, engine, engine)
