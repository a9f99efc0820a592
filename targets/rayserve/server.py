"""The processes of a Ray cluster and of the application on it."""

from __future__ import annotations

from servec.compiler.target import Artifact, Launch, Process
from servec.dsl.record import replace
from servec.targets.rayserve.application import document, prefix
from servec.targets.rayserve.beneath import beneath
from servec.targets.rayserve.copies import nodes_of
from servec.targets.shared.api import request_shape, served_name
from servec.targets.shared.artifacts.yaml import dump
from servec.targets.shared.command import raw_args
from servec.targets.shared.effective import planned
from servec.targets.shared.launch import image_of
from servec.targets.shared.roles import public_port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.target import Case

CONFIG = "SERVEC_CONFIG"
FILE = "ray/serve.yaml"
HEAD = "SERVEC_HEAD_ADDR"
PORT = 6379
"""Where the head listens: the default of `ray start --port` (ray 2.60.0 scripts/scripts.py)."""


def launch(cases: tuple[Case, ...], inner: Launch) -> Launch:
    """The application, and before it a Ray node on every machine where there are several."""
    first = cases[0]
    image = _image(first)
    nodes = nodes_of(cases)
    config = Artifact(FILE, "config", dump(document(cases, inner)))
    env = _of_engine(first, inner.runtime)
    cluster = tuple(_node(first, rank, image, env) for rank in range(nodes)) if nodes > 1 else ()
    return replace(
        inner,
        runtime=first.target.name,
        version=first.capabilities.version,
        processes=(*cluster, _application(first, nodes, image, env)),
        configs=(config,),
        steps=tuple(
            step for step in inner.steps if step.kind != "download" or not first.spec.adapters
        ),
        image=image,
        model_name=served_name(first),
        api=request_shape(first),
        port=public_port(first),
        prefix=prefix(first),
        shm=True,
    )


def _image(case: Case) -> str:
    """The image that the spec pins, else Ray's own, which holds the usual engine alone."""
    block = case.spec.on.get(case.target.name)
    pinned = block is not None and block.image is not None
    return image_of(case) if pinned or case.capabilities.image else ""


def _of_engine(case: Case, engine: str) -> Mapping[str, str]:
    """Variables that the engine wants on every node of the cluster, by the device's vendor."""
    vendor = case.device.vendor if case.device is not None else ""
    return beneath(engine).env.get(vendor, {})


def _application(case: Case, nodes: int, image: str, engine: Mapping[str, str]) -> Process:
    """`serve run`, which starts Ray on this machine, or finds the cluster that runs here."""
    env = {CONFIG: FILE, **engine} | ({"RAY_ADDRESS": "auto"} if nodes > 1 else {})
    block = case.spec.on.get(case.target.name)
    own = block.env if block is not None else {}
    env |= {name: str(bound.value) for name, bound in own.items()}
    return Process(
        name="server",
        role="serve",
        node_rank=0,
        argv=("serve", "run", f"${{{CONFIG}}}", *raw_args(case)),
        env={name: env[name] for name in sorted(env)},
        files=(FILE,),
        port=public_port(case),
        health=f"{prefix(case)}/v1/models",
        gpus=planned(case).devices_per_node if nodes == 1 else 0,
        image=image,
    )


def _node(case: Case, rank: int, image: str, engine: Mapping[str, str]) -> Process:
    """One node of the cluster; all but the head only need to know where that is."""
    where = ("--address", f"${{{HEAD}}}") if rank else ("--head", "--port", str(PORT))
    return Process(
        name=f"ray-{rank}",
        role="ray",
        node_rank=rank,
        argv=("ray", "start", *where, "--block"),
        env={**({HEAD: f"127.0.0.1:{PORT}"} if rank else {}), **engine},
        gpus=planned(case).devices_per_node,
        image=image,
    )
