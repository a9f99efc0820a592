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
from servec.targets.shared.gguf import model_words
from servec.targets.shared.roles import address_variable, process_name, role_of, router, transport
from servec.targets.vllm.writers import KEY, NODE, WRITERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

HERE = "127.0.0.1"
RPC_PORT = 13345  # vllm 0.33.0 docs/serving/expert_parallel_deployment.md
API_ONLY = (
    *("host", "port", "root-path", "api-server-count"),
    *("chat-template", "default-chat-template-kwargs"),
)


def processes(case: Case, image: str) -> tuple[Process, ...]:
    """One process for each node of one replica, the one with the API first."""
    settings = command_settings(case, WRITERS)
    return tuple(_process(case, settings, rank, image) for rank in range(planned(case).nodes))


def front(prefill: Case, decode: Case, image: str) -> Process:
    """vLLM's router, a program of its own (vllm_router 0.1.17)."""
    program: tuple[str, ...] = ("vllm-router", "--vllm-pd-disaggregation")
    mooncake = transport(prefill) == "mooncake"
    if mooncake:
        program += ("--kv-connector", "mooncake")
    return router(prefill, decode, program, image, bootstrap=mooncake)


def _process(case: Case, settings: Settings, rank: int, image: str) -> Process:
    plan = planned(case)
    own = settings.copy()
    env = variables(case, own)
    if plan.nodes > 1:
        address = address_variable(case, "MASTER_ADDR")
        _spread(case, own, rank, f"${{{address}}}")
        env.setdefault(address, HERE)
    if f"${{{NODE}}}" in env.values():
        env.setdefault(NODE, HERE)
    secret = key_variable(case)
    if rank:
        own.drop(*API_ONLY)
        env.pop(KEY, None)
        secret = ""
    return Process(
        name=process_name(case, rank),
        role=role_of(case),
        node_rank=rank,
        argv=("vllm", "serve", model_words(case), *own.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(secret,) if secret else (),
        port=0 if rank else port_of(case),
        health="" if rank else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )


def _spread(case: Case, settings: Settings, rank: int, address: str) -> None:
    plan = planned(case)
    degrees, nodes = plan.degrees, plan.nodes
    width = degrees.tensor * degrees.context * degrees.pipeline
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
