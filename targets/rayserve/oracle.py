"""Ray Serve's own schemas, on a machine without a GPU or a cluster; runs in Ray's environment.

A job's file is judged as `serve run` reads it: the schema of a deployment, the arguments of the
builder that its `import_path` names, then the engine's arguments, which the engine's own oracle
resolves on its pretended device. The engine is vLLM or SGLang, whichever is installed; what the
file says to the other goes as far as Ray's schemas.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os

from servec.targets.shared.oracle.fields import field_rows
from servec.targets.shared.oracle.judge import Refused, replaced
from servec.targets.shared.oracle.sources import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOADED: dict[str, Any] = {}
_INNER = "ray.llm._internal"
_ENGINES = {"vllm": "servec.targets.vllm.oracle", "sglang": "servec.targets.sglang.oracle"}
_MODEL = {"vllm": "model", "sglang": "model_path"}
_TOKENIZER = {"vllm": "tokenizer", "sglang": "tokenizer_path"}
_PREFIXES = ("RAYLLM_", "RAY_SERVE_")
# What a launch fills from elsewhere: the model and the engine's arguments.
_FILLED = ("model_loading_config", "engine_kwargs", "llm_engine")
# The fields whose mapping a class checks later.
_CLASSES = {
    "deployment_config": "ray.serve.schema:DeploymentSchema",
    "ingress_deployment_config": "ray.serve.schema:DeploymentSchema",
    "lora_config": f"{_INNER}.serve.core.configs.llm_config:LoraConfig",
    "placement_group_config": f"{_INNER}.common.placement:PlacementGroupConfig",
    "ingress_cls_config": f"{_INNER}.serve.core.ingress.builder:IngressClsConfig",
    "callback_config": f"{_INNER}.common.callbacks.base:CallbackConfig",
}
_BUILDERS = {
    "ray.serve.llm:build_openai_app": f"{_INNER}.serve.core.ingress.builder:LLMServingArgs",
    "ray.serve.llm:build_dp_openai_app": (
        f"{_INNER}.serve.serving_patterns.data_parallel.builder:DPOpenAiServingArgs"
    ),
    "ray.serve.llm:build_pd_openai_app": (
        f"{_INNER}.serve.serving_patterns.prefill_decode.builder:PDServingArgs"
    ),
}


def _named(text: str) -> Any:
    module, _, name = text.partition(":")
    return getattr(importlib.import_module(module), name)


def load() -> None:
    """Import the engine that is installed with its kernels pretended, then Ray on top of it."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    name = next(name for name in _ENGINES if importlib.util.find_spec(name))
    engine = importlib.import_module(_ENGINES[name])
    engine.load()
    _LOADED.update(
        name=name,
        engine=engine,
        deploy=_named("ray.serve.schema:ServeDeploySchema"),
        config=_named("ray.serve.llm:LLMConfig"),
        command=_named("ray.serve.scripts:cli"),
        builders={path: _named(name) for path, name in _BUILDERS.items()},
    )


def version() -> str:
    """The installed version."""
    return importlib.metadata.version("ray")


def describe() -> dict[str, Any]:
    """What a deployment may say beside the engine's arguments, and where each of it stands."""
    parts = {
        "of_model": _rows(_LOADED["config"]),
        "of_application": _rows(_LOADED["builders"]["ray.serve.llm:build_openai_app"]),
        "of_serve": _rows(_LOADED["deploy"]),
    }
    rows: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for part in parts.values():
        for name, row in part.items():
            inner = row.pop("fields", None)
            if inner:
                fields[name] = inner
            rows[name] = {**row, "file": True}
    rows["server-cls"].pop("type")  # a class, which a file names by its path
    factory = _named(f"{_INNER}.serve.engines.vllm.kv_transfer.factory:BUILTIN_BACKENDS")
    root = importlib.import_module("ray").__path__[0]
    found = {
        **{name: sorted(part) for name, part in parts.items()},
        "accelerators": sorted(_accelerators()),
        "transfer_engines": sorted(factory),
        "env": sorted(
            name
            for prefix in _PREFIXES
            for folder in ("llm", "serve")
            for name in variables(os.path.join(root, folder), prefix)
        ),
    }
    return {
        "runtime": "rayserve",
        "version": version(),
        "source": f"ray {version()}: the pydantic classes of ray.serve.llm and ray.serve.schema",
        "syntax": [],
        "prefixes": list(_PREFIXES),
        "positional": [],
        "options": rows,
        "sets": {name: sorted(set(members)) for name, members in found.items()},
        "fields": fields,
    }


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """`serve run FILE` up to the arguments of each engine; with `resolve` the engine's config."""
    words, group = replaced(job)[1:], _LOADED["command"]
    click = importlib.import_module("click")
    try:
        name, command, rest = group.resolve_command(click.Context(group), words)
        params = command.make_context(name, list(rest)).params
    except click.ClickException as error:
        raise Refused(error.format_message()) from None
    if name != "run":
        raise Refused(f"`serve {name}` starts nothing")
    document = _read(job, params["config_or_import_path"])
    stage[0] = "validate"
    found = _LOADED["deploy"].parse_obj(document)
    for application in found.applications:
        made = _LOADED["builders"][application.import_path].model_validate(application.args)
        for config in _configs(made):
            _engine(job, config, stage)


def _rows(cls: Any) -> dict[str, Any]:
    """The fields of a class that a launch does not fill; classes checked later as their fields."""
    rows = {}
    for name, row in field_rows(cls, 3).items():
        if name in (*_FILLED, "llm_configs", "applications"):
            continue
        if name in _CLASSES:
            inner = field_rows(_named(_CLASSES[name]), 3)
            if "deployment" in name:
                inner = _deployment(inner)
            row = {**row, "type": "object", "fields": inner}
            row.pop("default", None)
        rows[name.replace("_", "-")] = row
    return rows


def _deployment(public: dict[str, Any]) -> dict[str, Any]:
    """What a deployment takes here: the public fields, less those that a builder sets itself."""
    known = field_rows(_named("ray.serve._private.config:DeploymentConfig"), 3)
    return {
        name: known.get(name, row)
        for name, row in public.items()
        if not name.startswith("placement_group")
    }


def _accelerators() -> list[str]:
    """The words of `accelerator_type`."""
    kinds = _named(f"{_INNER}.serve.core.configs.accelerators:AcceleratorType")
    return [str(member.value) for member in kinds if isinstance(member.value, str)]


def _configs(made: Any) -> list[Any]:
    """The model configurations of an application, whichever builder it has."""
    names = ("llm_configs", "llm_config", "prefill_config", "decode_config")
    found = [getattr(made, name) for name in names if getattr(made, name, None) is not None]
    return [config for item in found for config in (item if isinstance(item, list) else [item])]


def _engine(job: dict[str, Any], config: Any, stage: list[str]) -> None:
    """The engine's arguments as Ray hands them over."""
    stage[0] = "validate"
    name = "sglang" if "SGLang" in getattr(config.server_cls, "__name__", "") else "vllm"
    if name != _LOADED["name"]:
        return  # Ray's own schemas took it; the engine of this environment is another
    os.environ.update((config.runtime_env or {}).get("env_vars", {}))
    arguments = _arguments(config, name)
    folder = (job.get("map") or {}).get(arguments[_MODEL[name]])
    if folder:
        arguments[_MODEL[name]] = folder
        if arguments.get(_TOKENIZER[name]):
            arguments[_TOKENIZER[name]] = folder
    _LOADED["engine"].judge_arguments(job, arguments, stage)


def _arguments(config: Any, name: str) -> dict[str, Any]:
    """What Ray's server gives the engine: vLLM's through a class of its own, SGLang's as it is."""
    if name == "sglang":
        config.server_cls.get_deployment_options(config)
        return dict(config.engine_kwargs)
    made = _named(f"{_INNER}.serve.engines.vllm.vllm_models:VLLMEngineConfig")
    return dict(made.from_llm_config(config).get_initialization_kwargs())


def _read(job: dict[str, Any], path: str) -> Any:
    text = (job.get("files") or {}).get(path)
    if text is None:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    return importlib.import_module("yaml").safe_load(text)
