"""The processes of one vLLM deployment: one a node, in one of two dialects.

Data ranks that fit on one node each are spread by `--data-parallel-*` (vllm 0.33.0
docs/serving/data_parallel_deployment.md); a rank that spans nodes is launched by `--nnodes`
(vllm 0.33.0 vllm/engine/arg_utils.py create_engine_config). All nodes but the first are headless.
"""

from __future__ import annotations

from servec.compiler.target import Process
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned
from servec.targets.vllm.writers import KEY, WRITERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

    Role = Literal["serve", "prefill", "decode"]

ADDRESS = "SERVEC_MASTER_ADDR"
HERE = "127.0.0.1"
RPC_PORT = 13345  # vllm 0.33.0 docs/serving/expert_parallel_deployment.md
API_ONLY = ("host", "port", "root-path", "chat-template", "default-chat-template-kwargs")


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
        _spread(case, own, rank, nodes)
        env[ADDRESS] = env.get(ADDRESS, HERE)
    secret = key_variable(case)
    if rank:
        own.drop(*API_ONLY)
        env.pop(KEY, None)
        secret = ""
    prefix = "server" if role == "serve" else role
    return Process(
        name=prefix if nodes == 1 else f"{prefix}-{rank}",
        role=role,
        node_rank=rank,
        argv=("vllm", "serve", plan.checkpoint, *own.argv(), *raw_args(case)),
        env=_ordered(env),
        secrets=(secret,) if secret else (),
        port=0 if rank else port_of(case),
        health="" if rank else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )


def _spread(case: Case, settings: Settings, rank: int, nodes: int) -> None:
    plan = planned(case)
    degrees = plan.degrees
    width = degrees.tensor * degrees.context * degrees.pipeline
    address = f"${{{ADDRESS}}}"
    if degrees.data > 1 and width <= plan.devices_per_node and degrees.data % nodes == 0:
        local = degrees.data // nodes
        settings.set("data-parallel-size-local", local)
        settings.set("data-parallel-address", address)
        settings.set("data-parallel-rpc-port", RPC_PORT)
        if rank:
            settings.set("data-parallel-start-rank", rank * local)
    else:
        settings.set("nnodes", nodes)
        settings.set("node-rank", rank)
        settings.set("master-addr", address)
    if rank:
        settings.set("headless", True)


def _ordered(env: Mapping[str, str]) -> dict[str, str]:
    return {name: env[name] for name in sorted(env)}
