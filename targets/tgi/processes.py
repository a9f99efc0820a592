"""The process of one TGI deployment: a launcher that starts a shard a device and the web server."""

from __future__ import annotations

from servec.compiler.target import Launch, Process
from servec.dsl.record import replace
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned
from servec.targets.shared.launch import launch_of
from servec.targets.tgi.writers import WRITERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def launch(cases: tuple[Case, ...]) -> Launch:
    """The process; requests name the model by its repository, for there is no other name."""
    made = launch_of(cases, _processes, _no_front)
    return replace(made, model_name=planned(cases[0]).checkpoint)


def _no_front(prefill: Case, _decode: Case, _image: str) -> Process:
    raise ValueError(f"{prefill.spec.name}: TGI has no roles")


def _processes(case: Case, image: str) -> tuple[Process, ...]:
    settings = command_settings(case, WRITERS)
    env = variables(case, settings)
    model = ("--model-id", planned(case).checkpoint)
    secret = key_variable(case)
    process = Process(
        name="server",
        role="serve",
        node_rank=0,
        argv=("text-generation-launcher", *model, *settings.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(secret,) if secret else (),
        port=port_of(case),
        health="/health",
        gpus=planned(case).devices_per_node,
        image=image,
    )
    return (process,)
