"""The launch of one MLX deployment: one server, which `mlx.launch` spreads over several Macs."""

from __future__ import annotations

from servec.compiler.target import Launch, Process
from servec.dsl.record import replace
from servec.targets.mlx.writers import WRITERS, model_path
from servec.targets.shared.api import port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned
from servec.targets.shared.launch import launch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

HOSTS = "SERVEC_HOSTS"
"""The addresses of the Macs, with commas; the first one answers requests."""
MODEL = "default_model"
"""The name requests give: any other would be loaded from the hub (mlx-lm 0.32.2 server.py)."""


def launch(case: Case) -> Launch:
    """The process and the steps that make its model."""
    made = launch_of((case,), _processes, _no_front)
    steps = (*made.steps, *model_path(case)[1])
    return replace(made, steps=steps, model_name=MODEL)


def _no_front(prefill: Case, _decode: Case, _image: str) -> Process:
    raise ValueError(f"{prefill.spec.name}: mlx-lm has no roles")


def _processes(case: Case, image: str) -> tuple[Process, ...]:
    """One process: `mlx.launch` starts the ranks on the other Macs over SSH.

    Source: mlx 0.32.4 mlx/_distributed_utils/launch.py; ring is the back end of Macs.
    """
    settings = command_settings(case, WRITERS)
    env = variables(case, settings)
    words = ("mlx_lm.server", *settings.argv(), *raw_args(case))
    ranks = planned(case).gpus
    if ranks > 1:
        env.setdefault(HOSTS, ",".join(["127.0.0.1"] * ranks))
        words = ("mlx.launch", "--backend", "ring", "--hosts", f"${{{HOSTS}}}", "--", *words)
    process = Process(
        name="server",
        role="serve",
        node_rank=0,
        argv=words,
        env={name: env[name] for name in sorted(env)},
        port=port_of(case),
        health="/health",
        gpus=planned(case).devices_per_node,
        image=image,
    )
    return (process,)
