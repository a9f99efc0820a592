"""`ray/serve.yaml`: an application of Ray Serve LLM, from the commands of the engine beneath.

Source: ray 2.60.0 serve/schema.py ServeDeploySchema;
llm/_internal/serve/core/configs/llm_config.py LLMConfig.
"""

from __future__ import annotations

from servec.compiler.options.versions import order
from servec.targets.rayserve.beneath import beneath
from servec.targets.rayserve.copies import copies_of, is_dense
from servec.targets.rayserve.refusals import adapter_folder
from servec.targets.shared.api import served_name
from servec.targets.shared.command import command_settings
from servec.targets.shared.effective import effective, planned
from servec.targets.shared.engine_arguments import engine_arguments
from servec.targets.shared.lora import active_and_rank, wants_lora
from servec.targets.shared.roles import public_port, role_of
from servec.targets.shared.table import load_sets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.target import Case, Launch, Process
    from servec.targets.rayserve.beneath import Beneath

BUILDER = "ray.serve.llm:build_openai_app"
DATA_BUILDER = "ray.serve.llm:build_dp_openai_app"
ROLES_BUILDER = "ray.serve.llm:build_pd_openai_app"
# Variables of the launch that Ray sets for each copy (kv_transfer/nixl.py, LoRA by its own loader).
SET_BY_RAY = ("SERVEC_", "VLLM_NIXL_SIDE_CHANNEL_", "VLLM_ALLOW_RUNTIME_LORA_UPDATING")


def document(cases: tuple[Case, ...], inner: Launch) -> dict[str, Any]:
    """The whole file, ready to be written as YAML."""
    first = cases[0]
    said = {case.role: command_settings(case, {}).filed() for case in cases}
    sets = load_sets(first.target.name, first.capabilities.version)
    models = {case.role: model(case, inner, said[case.role], sets) for case in cases}
    serve = part(said[first.role], sets["of_serve"])
    serve["http_options"] = {**serve.get("http_options", {}), "port": public_port(first)}
    if len(cases) > 1:
        builder = ROLES_BUILDER
        args: dict[str, Any] = {f"{role}_config": models[role] for role in ("prefill", "decode")}
    elif "data_parallel_size" in models[first.role].get("engine_kwargs", {}):
        builder, args = DATA_BUILDER, {"llm_config": models[first.role]}
    else:
        builder, args = BUILDER, {"llm_configs": [models[first.role]]}
    return {
        **serve,
        "applications": [
            {
                "name": first.spec.name,
                "route_prefix": prefix(first) or "/",
                "import_path": builder,
                "args": {**args, **part(said[first.role], sets["of_application"])},
            }
        ],
    }


def prefix(case: Case) -> str:
    """The path before the API, "" for none."""
    path = "/" + str(effective(case).get("api.prefix") or "").strip("/")
    return path if path != "/" else ""


def model(case: Case, inner: Launch, said: dict[str, Any], sets: Any) -> dict[str, Any]:
    """One `LLMConfig`: the plan's words first, over which those of the `on` block go."""
    process = next(p for p in inner.processes if p.role == role_of(case) and p.node_rank == 0)
    under = beneath(inner.runtime)
    words = process.argv[under.program :]
    source, arguments = engine_arguments(
        inner.runtime, inner.version, words, under.front, under.fields
    )
    if is_dense(case):
        arguments.pop("data_parallel_size", None)
        arguments.pop("dp_size", None)
    if case.role:
        arguments["kv_transfer_config"]["kv_role"] = "kv_both"
    made: dict[str, Any] = {
        "model_loading_config": {
            "model_id": served_name(case),
            "model_source": source or arguments.get("model_path", ""),
        },
        "server_cls": under.server or None,
        "accelerator_type": accelerator(case.device, sets["accelerators"]),
        **placement(case, arguments, bool(under.server)),
        "deployment_config": copies_of(case),
        "lora_config": adapters(case),
        "runtime_env": environment(process),
        "log_engine_metrics": None if collected(under, inner.version) else False,
        "engine_kwargs": arguments,
    }
    whole = merged(made, part(said, sets["of_model"]))
    whole["deployment_config"] = _one_way(whole["deployment_config"])
    return {name: value for name, value in whole.items() if value not in (None, {})}


def _one_way(deployment: dict[str, Any]) -> dict[str, Any]:
    """A fixed number of copies as bounds where there is more to say of scaling: Ray takes one."""
    scaling, number = deployment.get("autoscaling_config"), deployment.get("num_replicas")
    if not isinstance(scaling, dict) or not isinstance(number, int):
        return deployment
    bounds = {"min_replicas": number, "max_replicas": number}
    rest = {name: value for name, value in deployment.items() if name != "num_replicas"}
    return {**rest, "autoscaling_config": {**bounds, **scaling}}


def part(said: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What is said by options of one of the three places."""
    return {name: value for name, value in said.items() if name.replace("_", "-") in names}


def accelerator(device: Device | None, known: tuple[str, ...]) -> str | None:
    """Ray's word for the device, None where it labels none of that kind."""
    if device is None or device.any:
        return None
    parts = device.id.lower().split("-")
    whole = {"-".join(parts[:count]) for count in range(1, len(parts) + 1)}
    fits = [
        word
        for word in known
        if word.lower() in whole or (device.vendor == "amd" and parts[0] in word.lower().split("-"))
    ]
    return max(fits, key=lambda word: (len(word), word), default=None)


def placement(case: Case, arguments: dict[str, Any], by_node: bool) -> dict[str, Any]:
    """Workers of a copy that fits on a node stay together: Ray would spread them where it is full.

    `by_node`: the engine's server sees to that itself, and of several nodes wants one bundle each,
    by words that Ray takes for those of a CPU (core/configs/accelerators.py) unless told the kind.
    Source: ray 2.60.0 llm/_internal/serve/engines/vllm/vllm_models.py placement_strategy (PACK);
    engines/sglang/sglang_engine.py get_deployment_options.
    """
    plan = planned(case)
    if by_node:
        bundles = [{"CPU": 1, "GPU": plan.devices_per_node} for _ in range(plan.nodes)]
        spread = {"placement_group_bundles": bundles, "placement_group_strategy": "STRICT_SPREAD"}
        kind = {"accelerator_config": {"kind": "gpu"}}
        return {**kind, "placement_group_config": spread} if plan.nodes > 1 else {}
    workers = arguments.get("tensor_parallel_size", 1) * arguments.get("pipeline_parallel_size", 1)
    if workers == 1 or workers > plan.devices_per_node:
        return {}
    pack = {"bundle_per_worker": {"CPU": 1, "GPU": 1}, "strategy": "STRICT_PACK"}
    return {"placement_group_config": pack}


def adapters(case: Case) -> dict[str, Any] | None:
    """Where adapters are loaded from, and how many a copy holds."""
    if not wants_lora(case.spec):
        return None
    active, _ = active_and_rank(case.spec)
    return {
        "dynamic_lora_loading_path": adapter_folder(case.spec) or None,
        "max_num_adapters_per_replica": active,
    }


def environment(process: Process) -> dict[str, Any]:
    """The engine's variables; those that hold for one copy alone are Ray's to set."""
    kept = {n: v for n, v in sorted(process.env.items()) if not n.startswith(SET_BY_RAY)}
    return {"env_vars": kept} if kept else {}


def collected(under: Beneath, version: str) -> bool:
    """Whether Ray can collect the engine's own figures, which it does unless it is told not to."""
    return not under.metrics_since or order(version) >= order(under.metrics_since)


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Mappings within mappings, those of `over` on top."""
    out = dict(under)
    for name, value in over.items():
        old = out.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        out[name] = merged(old or {}, value) if both else value
    return out
