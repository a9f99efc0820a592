"""The processes of one SGLang deployment: one a node, which meet at the first one's address."""

from __future__ import annotations

from servec.compiler.target import Process
from servec.targets.sglang.writers import WRITERS
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

    Role = Literal["serve", "prefill", "decode"]

ADDRESS = "SERVEC_DIST_INIT_ADDR"
HERE = "127.0.0.1:20000"
LAUNCH = ("python3", "-m", "sglang.launch_server")


def processes(case: Case, image: str, role: Role = "serve") -> tuple[Process, ...]:
    """One process for each node of one replica, the one with the API first."""
    settings = command_settings(case, WRITERS)
    nodes = planned(case).nodes
    return tuple(_process(case, settings, rank, nodes, image, role) for rank in range(nodes))


def _process(
    case: Case, settings: Settings, rank: int, nodes: int, image: str, role: Role
) -> Process:
    plan = planned(case)
    own = settings.copy()
    env = variables(case, own)
    if nodes > 1:
        own.apply({"nnodes": nodes, "node-rank": rank, "dist-init-addr": f"${{{ADDRESS}}}"})
        env[ADDRESS] = env.get(ADDRESS, HERE)
    prefix = "server" if role == "serve" else role
    return Process(
        name=prefix if nodes == 1 else f"{prefix}-{rank}",
        role=role,
        node_rank=rank,
        argv=(*LAUNCH, "--model-path", plan.checkpoint, *own.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(key_variable(case),) if key_variable(case) else (),
        port=0 if rank else port_of(case),
        health="" if rank else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )
