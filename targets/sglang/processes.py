"""The processes of one SGLang deployment: one a node, which meet at the first one's address."""

from __future__ import annotations

from servec.compiler.target import Process
from servec.targets.sglang.writers import WRITERS
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import planned
from servec.targets.shared.gguf import model_words
from servec.targets.shared.roles import address_variable, process_name, role_of, router

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

HERE = "127.0.0.1:20000"
LAUNCH = ("python3", "-m", "sglang.launch_server")


ROUTE = ("python3", "-m", "sglang_router.launch_router", "--pd-disaggregation")


def processes(case: Case, image: str) -> tuple[Process, ...]:
    """One process for each node of one replica, the one with the API first."""
    settings = command_settings(case, WRITERS)
    return tuple(_process(case, settings, rank, image) for rank in range(planned(case).nodes))


def front(prefill: Case, decode: Case, image: str) -> Process:
    """SGLang's router (sglang_router 0.3.2); each prefill server has a port to meet at."""
    return router(prefill, decode, ROUTE, image, bootstrap=True)


def _process(case: Case, settings: Settings, rank: int, image: str) -> Process:
    plan = planned(case)
    own = settings.copy()
    env = variables(case, own)
    if plan.nodes > 1:
        address = address_variable(case, "DIST_INIT_ADDR")
        own.apply({"nnodes": plan.nodes, "node-rank": rank, "dist-init-addr": f"${{{address}}}"})
        env.setdefault(address, HERE)
    secret = key_variable(case)
    return Process(
        name=process_name(case, rank),
        role=role_of(case),
        node_rank=rank,
        argv=(*LAUNCH, "--model-path", model_words(case), *own.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(secret,) if secret else (),
        port=0 if rank else port_of(case),
        health="" if rank else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )
