"""Prefill and decode apart: their ports, how they find each other, and the router in front.

The API keeps its port, where the router listens; the roles take the two above it, so that all three
may also share a machine. Addresses are known only at start: each is a variable with a default that
holds for one machine.
"""

from __future__ import annotations

from servec.compiler.target import Process
from servec.targets.shared.api import key_variable, port_of
from servec.targets.shared.effective import effective, planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from servec.compiler.target import Case

    Role = Literal["serve", "prefill", "decode"]

BOOTSTRAP_PORT = 8998
"""Where prefill hands over: the default of SGLang (0.5.23 arg_groups/fields/disagg.py) and of
vLLM's Mooncake connector (0.33.0 envs.py VLLM_MOONCAKE_BOOTSTRAP_PORT)."""


def role_of(case: Case) -> Role:
    """The role of the case's processes."""
    if case.role == "prefill":
        return "prefill"
    return "decode" if case.role == "decode" else "serve"


def process_name(case: Case, rank: int) -> str:
    """A name that is unique in the launch: `server`, `prefill`, `decode-1`."""
    role = role_of(case)
    prefix = "server" if role == "serve" else role
    return prefix if planned(case).nodes == 1 else f"{prefix}-{rank}"


def address_variable(case: Case, name: str) -> str:
    """The variable for the address of a role's first node: each role has its own."""
    return f"SERVEC_{case.role.upper()}_{name}" if case.role else f"SERVEC_{name}"


def one_door(case: Case) -> tuple[int, ...]:
    """The ports at which one replica answers: that of its first node."""
    return (port_of(case),)


def router(
    prefill: Case,
    decode: Case,
    program: tuple[str, ...],
    image: str,
    bootstrap: bool,
    doors: Callable[[Case], tuple[int, ...]] = one_door,
) -> Process:
    """The process in front: it sends each request to a prefill and then to a decode server.

    Both routers name their workers alike (sglang_router 0.3.2 and vllm_router 0.1.17
    router_args.py): `--prefill URL [BOOTSTRAP_PORT]`, `--decode URL`, once for each copy,
    or for each of its `doors`.
    """
    words: list[str] = list(program)
    env: dict[str, str] = {}
    for case in (prefill, decode):
        ports = [port for _ in range(planned(case).replicas) for port in doors(case)]
        for number, port in enumerate(ports, 1):
            name = f"SERVEC_{case.role.upper()}_URL" + (f"_{number}" if number > 1 else "")
            env[name] = f"http://127.0.0.1:{port}"
            words += [f"--{case.role}", f"${{{name}}}"]
            if bootstrap and case is prefill:
                words.append(str(BOOTSTRAP_PORT))
    values = effective(prefill)
    key = key_variable(prefill)
    words += ["--host", str(values["api.host"]), "--port", str(public_port(prefill))]
    words += ["--api-key", f"${{{key}}}"] if key else []
    return Process(
        name="router",
        role="router",
        node_rank=0,
        argv=tuple(words),
        env=env,
        secrets=(key,) if key else (),
        port=public_port(prefill),
        health="/health",
        image=image,
    )


def public_port(case: Case) -> int:
    """The port that users call, whatever the role."""
    return case.spec.whole("api.port") or case.capabilities.default_port
