"""The processes of one TensorRT-LLM deployment.

What is no flag goes to a file that `--config` names. Over several nodes all ranks belong to one MPI
job that the first node starts; the others run a daemon it reaches them by (TensorRT-LLM
docs/source/commands/trtllm-serve/trtllm-serve.rst, examples/models/core/deepseek_v3/README.md).
"""

from __future__ import annotations

from servec.compiler.target import Artifact, Process
from servec.targets.shared.api import port_of
from servec.targets.shared.artifacts.mpi import HOSTS
from servec.targets.shared.artifacts.yaml import dump
from servec.targets.shared.command import command_settings, raw_args, variables
from servec.targets.shared.effective import effective, planned
from servec.targets.shared.roles import process_name, public_port, role_of
from servec.targets.trtllm import engine
from servec.targets.trtllm.writers import WRITERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

CONFIG = "SERVEC_CONFIG"
DAEMON = ("/usr/sbin/sshd", "-D", "-p", "2233")
# An encoder has no cache, and its server names and splits nothing (docs features/embeddings.md).
NOT_EMBEDDING = (
    *("tensor-parallel-size", "free-gpu-memory-fraction", "kv-cache-config"),
    *("served-model-name", "enable-chunked-prefill", "return-perf-metrics"),
)
EMBEDDING_FLAGS = ("host", "port", "max-batch-size", "max-num-tokens", "max-seq-len")


def processes(case: Case, image: str) -> tuple[Process, ...]:
    """One process for each node of one replica, the one with the API first."""
    plan = planned(case)
    first = _server(case, image)
    rest = [
        Process(
            name=process_name(case, rank),
            role=role_of(case),
            node_rank=rank,
            argv=DAEMON,
            gpus=plan.devices_per_node,
            image=image,
        )
        for rank in range(1, plan.nodes)
    ]
    return (first, *rest)


def config_name(case: Case) -> str:
    """The name of the options file of a case: each role has its own."""
    return f"config-{case.role}.yaml" if case.role else "config.yaml"


def config_file(case: Case) -> Artifact | None:
    """The options file, None where there is nothing to say in it."""
    content = _settings(case)[1]
    if not content:
        return None
    return Artifact(config_name(case), "config", dump(content))


def front(prefill: Case, decode: Case, image: str) -> Process:
    """The server in front, which reads where the others listen from its own file."""
    words = ("trtllm-serve", "disaggregated", "--config_file", f"${{{CONFIG}}}")
    return Process(
        name="router",
        role="router",
        node_rank=0,
        argv=words,
        env={CONFIG: "disagg.yaml"},
        files=("disagg.yaml",),
        port=public_port(prefill),
        health="/health",
        image=image,
    )


def front_file(prefill: Case, decode: Case) -> Artifact:
    """`disagg.yaml`: the addresses of both kinds of servers, one of each on this machine.

    Source: TensorRT-LLM docs/source/features/disagg-serving.md.
    """
    content: dict[str, Any] = {
        "hostname": str(effective(prefill)["api.host"]),
        "port": public_port(prefill),
        "backend": "pytorch",
    }
    for name, case in (("context_servers", prefill), ("generation_servers", decode)):
        copies = max(1, planned(case).replicas)
        urls = [f"localhost:{port_of(case)}"] * copies
        content[name] = {"num_instances": copies, "urls": urls}
    note = (
        "# The addresses are those of one machine: put the hosts of the servers in their place.\n"
    )
    return Artifact("disagg.yaml", "config", note + dump(content))


def is_embedding(case: Case) -> bool:
    """Whether vectors are served, which a command of its own does."""
    task = case.spec.word("features.task") or (case.model.task if case.model else "generate")
    return task == "embed"


def _settings(case: Case) -> tuple[Settings, dict[str, Any]]:
    """The flags, and the content of the options file."""
    settings = command_settings(case, WRITERS)
    cache = settings.get("kv-cache-config")
    if isinstance(cache, dict) and "free_gpu_memory_fraction" in cache:
        # On main a flag beats the file; before, the file beats the flag. The spec's word stands.
        settings.drop("free-gpu-memory-fraction")
    if engine.wanted(case.spec, case.capabilities.version):
        _engine_settings(case, settings)
    if not is_embedding(case):
        return settings, settings.filed()
    settings.drop(*NOT_EMBEDDING)
    filed = settings.filed()
    for name, value in settings.flags().items():
        if name not in EMBEDDING_FLAGS:
            filed[name.replace("-", "_")] = value
            settings.drop(name)
    return settings, filed


def _engine_settings(case: Case, settings: Settings) -> None:
    """The cache dtype is built in; experts were split when the checkpoint was converted."""
    cache = settings.get("kv-cache-config")
    if isinstance(cache, dict) and "dtype" in cache:
        settings.drop("kv-cache-config")
        settings.set("kv-cache-config", {k: v for k, v in cache.items() if k != "dtype"})
    if settings.get("tokenizer") is None:
        settings.set("tokenizer", planned(case).checkpoint)
    settings.drop("moe-tensor-parallel-size")


def _server(case: Case, image: str) -> Process:
    plan = planned(case)
    settings, filed = _settings(case)
    env = variables(case, settings)
    files: tuple[str, ...] = ()
    if filed:
        settings.set("config", f"${{{CONFIG}}}")
        files = (config_name(case),)
        env.setdefault(CONFIG, files[0])
    built = engine.wanted(case.spec, case.capabilities.version)
    model = engine.folder(case, "engine") if built else plan.checkpoint
    verb = "embeddings" if is_embedding(case) else "serve"
    words = ("trtllm-serve", verb, model, *settings.argv(), *raw_args(case))
    if plan.nodes > 1:
        env.setdefault(HOSTS, "localhost")
        words = (*_launcher(case, env), *words)
    return Process(
        name=process_name(case, 0),
        role=role_of(case),
        node_rank=0,
        argv=words,
        env={name: env[name] for name in sorted(env)},
        files=files,
        port=port_of(case),
        health="/health",
        gpus=plan.devices_per_node,
        image=image,
    )


def _launcher(case: Case, env: Mapping[str, str]) -> tuple[str, ...]:
    """One MPI rank a device, with the variables of the launch; SERVEC_HOSTS: `first:8,second:8`."""
    gpus = str(planned(case).gpus)
    words = ["mpirun", "--allow-run-as-root", "-n", gpus, "-H", f"${{{HOSTS}}}"]
    for name in sorted(env):
        if not name.startswith("SERVEC_"):
            words += ["-x", name]
    return (*words, "--mca", "plm_rsh_args", "-p 2233", "trtllm-llmapi-launch")
