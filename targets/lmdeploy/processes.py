"""The processes of one LMDeploy deployment: one a node, and a proxy before roles and data ranks.

Over several nodes TurboMind's ranks meet at `--dist-init-addr` (lmdeploy 0.18.0
lmdeploy/turbomind/turbomind.py). With roles servers tell the proxy where they are, once they have
loaded their weights, so it has to be up by then (lmdeploy/serve/openai/api_server.py
register_to_proxy).
"""

from __future__ import annotations

from servec.compiler.target import Launch, Process
from servec.dsl.record import replace
from servec.targets.lmdeploy.engine import ranks_apart
from servec.targets.lmdeploy.writers import PROXY, WRITERS, model_path
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import effective, planned
from servec.targets.shared.launch import launch_of
from servec.targets.shared.roles import address_variable, process_name, public_port, role_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

SERVE = ("lmdeploy", "serve", "api_server")
FRONT = ("lmdeploy", "serve", "proxy")
HERE = "127.0.0.1"
MEET = f"{HERE}:20000"
MASTER = "SERVEC_DP_MASTER_ADDR"
MASTER_PORT = "29555"
"""Where data ranks meet: the port of LMDeploy's own example (docs/en/advance/metrics.md)."""


def launch(cases: tuple[Case, ...]) -> Launch:
    """The processes of a launch, after the steps that make its model."""
    made = launch_of(cases, processes, front)
    if len(cases) == 1 and ranks_apart(cases[0]):
        proxy = _proxy(cases[0], made.image, "Hybrid")
        made = replace(made, processes=(*made.processes, proxy), port=proxy.port)
    return replace(made, steps=(*model_path(cases[0])[1], *made.steps))


def processes(case: Case, image: str) -> tuple[Process, ...]:
    """One process for each node of one replica, the one with the API first."""
    settings = command_settings(case, WRITERS)
    return tuple(_process(case, settings, rank, image) for rank in range(planned(case).nodes))


def front(prefill: Case, _decode: Case, image: str) -> Process:
    """The proxy, which sends each request to a prefill and then to a decode server."""
    return _proxy(prefill, image, "DistServe")


def _proxy(case: Case, image: str, strategy: str) -> Process:
    port, key = public_port(case), key_variable(case)
    words = [*FRONT, "--server-name", str(effective(case)["api.host"])]
    words += ["--server-port", str(port), "--serving-strategy", strategy]
    words += ["--api-keys", f"${{{key}}}"] if key else []
    return Process(
        name="router",
        role="router",
        node_rank=0,
        argv=tuple(words),
        secrets=(key,) if key else (),
        port=port,
        health="/nodes/status",
        image=image,
    )


def _process(case: Case, settings: Settings, rank: int, image: str) -> Process:
    plan = planned(case)
    own = settings.copy()
    env = variables(case, own)
    apart = ranks_apart(case)
    if apart:
        _apart(case, own, env, rank)
    elif plan.nodes > 1:
        address = address_variable(case, "DIST_INIT_ADDR")
        own.apply({"nnodes": plan.nodes, "node-rank": rank, "dist-init-addr": f"${{{address}}}"})
        env.setdefault(address, MEET)
    if case.role:
        host = address_variable(case, "HOST")
        own.set("server-name", f"${{{host}}}")
        env.setdefault(host, HERE)
        env.setdefault(PROXY, f"http://{HERE}:{public_port(case)}")
    secret = "" if case.role or apart else key_variable(case)
    return Process(
        name=process_name(case, rank),
        role=role_of(case),
        node_rank=rank,
        argv=(*SERVE, model_path(case)[0], *own.argv(), *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        secrets=(secret,) if secret else (),
        port=0 if rank or apart else port_of(case),
        health="" if rank or apart else "/health",
        gpus=plan.devices_per_node,
        image=image,
    )


def _apart(case: Case, own: Settings, env: dict[str, str], rank: int) -> None:
    """Data ranks as servers: one command starts those of a node, each at the next port.

    They listen at the machine's own address alone and tell it to the proxy, so no health is asked
    of them (lmdeploy 0.18.0 lmdeploy/serve/openai/launch_server.py get_host_ip).
    """
    plan = planned(case)
    own.apply({"server-port": public_port(case) + 1, "proxy-url": f"${{{PROXY}}}"})
    own.drop("server-name")
    if plan.nodes > 1:
        own.apply({"nnodes": plan.nodes, "node-rank": rank})
    env["LMDEPLOY_DP_MASTER_ADDR"] = f"${{{MASTER}}}"
    env.setdefault("LMDEPLOY_DP_MASTER_PORT", MASTER_PORT)
    env.setdefault(MASTER, HERE)
    env.setdefault(PROXY, f"http://{HERE}:{public_port(case)}")
