"""vLLM's own parser and config resolution, on a machine without a GPU; runs in vLLM's environment.

The sdist is built with `VLLM_TARGET_DEVICE=empty`, so it has no kernels: they are pretended, and a
platform that answers as the CUDA device of the job takes the place of the driver.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.metadata
import os
import re
from types import SimpleNamespace

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.fields import bounds, type_row
from servec.targets.shared.oracle.judge import program, replaced
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOADED: dict[str, Any] = {}
_EXTENSIONS = (
    "vllm._C",
    "vllm._C_stable_libtorch",
    "vllm._moe_C",
    "vllm._moe_C_stable_libtorch",
    "vllm.vllm_flash_attn._vllm_fa2_C",
    "vllm.vllm_flash_attn._vllm_fa3_C",
)
# Kernels that exist from this compute capability on: vllm/_custom_ops.py asks the extension.
_KERNELS = {
    "cutlass_scaled_mm_supports_fp8": 89,
    "cutlass_scaled_mm_supports_block_fp8": 90,
    "cutlass_group_gemm_supported": 90,
    "cutlass_scaled_mm_supports_fp4": 100,
    "cutlass_sparse_scaled_mm_supported": 90,
}
# The option that loads further parsers, by the option that names one.
_PLUGINS = {
    "tool-call-parser": "tool-parser-plugin",
    "reasoning-parser": "reasoning-parser-plugin",
}
# Options whose values are looked up only when the engine starts, and the set they are looked up in.
_VALUES = {
    "tool-call-parser": "tool_parsers",
    "reasoning-parser": "reasoning_parsers",
    "quantization": "quantizations",
    "attention-backend": "attention_backends",
    "kv-cache-dtype": "kv_dtypes",
    "load-format": "load_formats",
}


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _first(name: str, *modules: str) -> Any:
    """`name` from the first of these modules that has it: they move between versions."""
    for module in modules:
        try:
            return getattr(_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"{name} in {modules}")


def load() -> None:
    """Import vLLM with its kernels pretended."""
    os.environ.update(
        VLLM_NO_USAGE_STATS="1",
        VLLM_DO_NOT_TRACK="1",
        VLLM_LOGGING_LEVEL=os.environ.get("VLLM_LOGGING_LEVEL", "ERROR"),
    )
    pretend.stub(*_EXTENSIONS, *pretend.absent("humming"))
    _offer_platform()
    pretend.no_compiler()
    ops = _module("vllm._custom_ops")
    for name, least in _KERNELS.items():
        setattr(ops, name, functools.partial(_has, least))
    parsers = _module("vllm.utils.argparse_utils")
    serve = _module("vllm.entrypoints.cli.serve")
    api = ("vllm.entrypoints.common.cli_args", "vllm.entrypoints.openai.api_server")
    root = parsers.FlexibleArgumentParser(prog="vllm")
    command = serve.cmd_init()[0]
    parser = command.subparser_init(root.add_subparsers(required=False, dest="subparser"))
    _LOADED.update(
        command=command,
        parser=parser,
        root=pretend.strict(root),
        args=_module("vllm").AsyncEngineArgs,
        api_check=_first("validate_api_server_args", *api),
        context=_module("vllm.usage.usage_lib").UsageContext.OPENAI_API_SERVER,
    )
    for name in ("vllm.tool_parsers", "vllm.v1.engine.async_llm", "vllm.config"):
        _module(name)
    _pretend_triton()
    # The class is inspected in a child process by default, which would not see the platform.
    _module("vllm.model_executor.models.registry")._run_in_subprocess = lambda fn: fn()


def _offer_platform() -> None:
    """Offer the pretended platform as a plug-in of vLLM, which some versions look for at import."""
    known = importlib.metadata.entry_points

    class Plugin:
        """An entry point of the group `vllm.platform_plugins`."""

        name = "pretended"
        value = "servec.targets.vllm.oracle_platform:Pretended"

        def load(self) -> Any:
            return lambda: self.value.replace(":", ".")

    def offered(**wanted: Any) -> Any:
        if wanted.get("group") == "vllm.platform_plugins":
            return [Plugin()]
        return known(**wanted)

    importlib.metadata.entry_points = offered


def _pretend_triton() -> None:
    """Triton, which decides on the model runner, is on every machine with a GPU.

    Without it, vLLM's placeholder for its configs is a function that takes nothing.
    """
    _module("vllm.config.vllm").HAS_TRITON = True
    triton = _module("vllm.triton_utils").triton
    if type(triton).__module__.startswith("vllm."):
        triton.Config = lambda kwargs=None, **more: SimpleNamespace(
            kwargs=kwargs or {}, **{"num_stages": 1, "num_warps": 4, **more}
        )


def _has(least: int, capability: int) -> bool:
    return capability >= least


def version() -> str:
    """The installed version."""
    return importlib.metadata.version("vllm")


def describe() -> dict[str, Any]:
    """The options of `vllm serve`, its registries, and the fields of its JSON options."""
    rows, positional = argparse_rows(_LOADED["parser"])
    configs = _configs()
    for name, row in rows.items():
        row |= _limits(name.replace("-", "_"), configs, row)
        if name in _VALUES and "choices" not in row:
            row["values"] = _VALUES[name]
        if _PLUGINS.get(name) in rows:
            row["plugin"] = _PLUGINS[name]
    # AttentionBackendEnum is looked up by the name in capitals.
    rows["attention-backend"]["fold"] = True
    _deprecations(rows)
    return {
        "runtime": "vllm",
        "version": version(),
        "syntax": ["dots", "equals", "levels", "underscores"],
        "prefixes": ["VLLM_"],
        "positional": positional,
        "options": rows,
        "sets": _sets(configs),
        "fields": _fields(configs, rows),
    }


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """`vllm serve` as it starts: parse, validate, and with `resolve` make the engine's config."""
    pretend.set_gpu(job)
    rest = program(
        replaced(job),
        (("vllm", "serve"), ("serve",), ("vllm.entrypoints.openai.api_server",)),
    )
    args = _LOADED["root"].parse_args(["serve", *rest])
    stage[0] = "validate"
    _LOADED["command"].validate(args)
    if getattr(args, "model_tag", None) is not None:
        args.model = args.model_tag
    _LOADED["api_check"](args)
    known = _module("vllm.envs").environment_variables
    unknown = [n for n in job.get("env") or {} if n.startswith("VLLM_") and n not in known]
    if unknown:
        raise ValueError(f"unknown environment variables {unknown}")
    if not job.get("resolve"):
        return
    stage[0] = "resolve"
    folder = job.get("model_config")
    if folder:
        args.served_model_name = args.served_model_name or [args.model]
        args.model = folder
        if args.tokenizer and not os.path.isdir(args.tokenizer):
            args.tokenizer = folder
    extra = {"headless": True} if args.headless else {}
    config = (
        _LOADED["args"]
        .from_cli_args(args)
        .create_engine_config(usage_context=_LOADED["context"], **extra)
    )
    job["shown"] = {
        path: repr(functools.reduce(lambda o, n: getattr(o, n, None), path.split("."), config))
        for path in job.get("show") or ()
    }


def judge_arguments(job: dict[str, Any], arguments: dict[str, Any], stage: list[str]) -> None:
    """The fields of the engine's arguments, as a server around the engine sets them."""
    pretend.set_gpu(job)
    adapted = {
        name: _adapted(name, value) if isinstance(value, dict) else value
        for name, value in arguments.items()
    }
    # The class looks a repository up where it is made: what is only parsed has no stand-in for it.
    if job.get("resolve"):
        stage[0] = "resolve"
        _LOADED["args"](**adapted).create_engine_config(usage_context=_LOADED["context"])


def _adapted(name: str, value: dict[str, Any]) -> Any:
    """A mapping as the class of its field, where that is a configuration class."""
    found = {f.name: f.type for f in dataclasses.fields(_LOADED["args"])}.get(name)
    cls = next((c for c in _configs().values() if c.__name__ in str(found)), None)
    return value if cls is None else _module("pydantic").TypeAdapter(cls).validate_python(value)


def _configs() -> dict[str, Any]:
    """The configuration classes by name."""
    module = _module("vllm.config")
    found = {n: getattr(module, n) for n in dir(module) if n.endswith("Config")}
    return {n: c for n, c in found.items() if dataclasses.is_dataclass(c)}


def _limits(dest: str, configs: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The bounds that the config class sets on the field an option fills."""
    if row.get("type") not in ("int", "size", "float"):
        return {}
    for cls in configs.values():
        field = getattr(cls, "__pydantic_fields__", {}).get(dest)
        if field is not None:
            found = bounds(field.metadata)
            if found:
                return found
    return {}


def _deprecations(rows: dict[str, Any]) -> None:
    """Mark what the messages of arg_utils call deprecated, and what they name instead."""
    module = _module("vllm.engine.arg_utils")
    for name, text in vars(module).items():
        if "DEPRECAT" not in name or not isinstance(text, str):
            continue
        found = re.search(r"--([a-z0-9-]+)\)? is deprecated", text)
        if found and found[1] in rows:
            rows[found[1]]["deprecated"] = True
            use = re.search(r"[Uu]se --([a-z0-9-]+(?:\.[a-z_]+)?)", text)
            if use:
                rows[found[1]]["use"] = [use[1]]


def _sets(configs: dict[str, Any]) -> dict[str, list[str]]:
    """What the options take without the parser listing it."""
    registry = _module("vllm.model_executor.models.registry").ModelRegistry
    backends = _module("vllm.v1.attention.backends.registry").AttentionBackendEnum
    loaders = _module("vllm.model_executor.model_loader")
    connectors = _module("vllm.distributed.kv_transfer.kv_connector.factory").KVConnectorFactory
    method = configs["SpeculativeConfig"].__pydantic_fields__["method"].annotation
    dtypes = _first("CacheDType", "vllm.config.cache")
    moe = getattr(_module("vllm.config.kernel"), "MoEBackend", None)
    found = {
        "tool_parsers": _module("vllm.tool_parsers").ToolParserManager.list_registered(),
        "reasoning_parsers": _module("vllm.reasoning").ReasoningParserManager.list_registered(),
        "quantizations": _module("vllm.model_executor.layers.quantization").QUANTIZATION_METHODS,
        "attention_backends": backends.__members__,
        "architectures": registry.models,
        "env": set(_module("vllm.envs").environment_variables)
        | variables(_module("vllm").__path__[0], "VLLM_"),
        "kv_dtypes": type_row(dtypes)["choices"],
        "speculative_methods": type_row(method)["choices"],
        "transfer_engines": connectors._registry,
        "load_formats": loaders._LOAD_FORMAT_TO_MODEL_LOADER,
        "moe_backends": type_row(moe)["choices"] if moe else [],
    }
    return {name: sorted(set(members)) for name, members in found.items() if members}


def _fields(configs: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """The fields of every option that takes a JSON object of a configuration class."""
    found = {}
    for cls in configs.values():
        for name, field in getattr(cls, "__pydantic_fields__", {}).items():
            option = name.replace("_", "-")
            if rows.get(option, {}).get("type") not in ("object", "json"):
                continue
            row = type_row(field.annotation)
            if row.get("fields"):
                found[option] = row["fields"]
    return found
