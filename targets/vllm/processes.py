"""The processes of one vLLM deployment: one a node, in one of two dialects.

Data ranks that fit on one node each are spread by `--data-parallel-*` (vllm 0.33.0
docs/serving/data_parallel_deployment.md); a rank that spans nodes is launched by `--nnodes`
(vllm 0.33.0 vllm/engine/arg_utils.py create_engine_config). All nodes but the first are headless.
"""

from __future__ import annotations

from servec.compiler.decide.transfer import transport
from servec.compiler.target import Process
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned
from servec.targets.shared.gguf import model_words
from servec.targets.shared.roles import address_variable, process_name, role_of, router
from servec.targets.vllm.writers import KEY, NODE, WRITERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

HERE = "127.0.0.1"
RPC_PORT = 13345  # vllm 0.33.0 docs/serving/expert_parallel_deployment.md
# Every node answers, or every rank at a port of its own; what is in front shares requests out.
HYBRID, RANKS = "data-parallel-hybrid-lb", "data-parallel-multi-port-external-lb"
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
    return router(prefill, decode, program, image, bootstrap=mooncake, doors=doors)


def doors(case: Case) -> tuple[int, ...]:
    """The ports at which one replica answers: one, unless each node or each rank has an API.

    Source: vllm 0.33.0 docs/serving/data_parallel_deployment.md, hybrid and external balancing.
    """
    plan, port = planned(case), port_of(case)
    how = _balanced(case)
    each = plan.degrees.data // plan.nodes if how == RANKS else 1
    nodes = plan.nodes if how else 1
    return tuple(port + rank for _ in range(nodes) for rank in range(each))


def _balanced(case: Case) -> str:
    """The option by which requests are shared out before they reach the server, "" for none."""
    block = case.spec.on.get(case.target.name)
    said = {o.name.replace("_", "-"): o.value for o in block.options} if block else {}
    return next((name for name in (HYBRID, RANKS) if said.get(name) is True), "")


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
    silent = rank > 0 and not _balanced(case)
    if silent:
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
        port=0 if silent else port_of(case),
        health="" if silent else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )


def _spread(case: Case, settings: Settings, rank: int, address: str) -> None:
    plan = planned(case)
    degrees, nodes = plan.degrees, plan.nodes
    apart = _balanced(case)
    width = degrees.tensor * degrees.context * degrees.pipeline
    if degrees.data > 1 and width <= plan.devices_per_node and degrees.data % nodes == 0:
        local = degrees.data // nodes
        settings.set("data-parallel-size-local", local)
        settings.set("data-parallel-address", address)
        if settings.get("data-parallel-rpc-port") is None:
            settings.set("data-parallel-rpc-port", RPC_PORT)
        if rank or apart:
            settings.set("data-parallel-start-rank", rank * local)
    else:
        settings.set("nnodes", nodes)
        settings.set("node-rank", rank)
        settings.set("master-addr", address)
    if rank and not apart:
        settings.set("headless", True)
