"""vLLM's own parser and config resolution, on a machine without a GPU; runs in vLLM's environment.

The sdist is built with `VLLM_TARGET_DEVICE=empty`, so it has no kernels: they are pretended, and a
platform that answers as the CUDA device of the job takes the place of the driver.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import os
from types import SimpleNamespace

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.judge import program, replaced
from servec.targets.vllm.oracle_tables import configs, first, module, tables

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
    ops = module("vllm._custom_ops")
    for name, least in _KERNELS.items():
        setattr(ops, name, functools.partial(_has, least))
    parsers = module("vllm.utils.argparse_utils")
    serve = module("vllm.entrypoints.cli.serve")
    api = ("vllm.entrypoints.common.cli_args", "vllm.entrypoints.openai.api_server")
    root = parsers.FlexibleArgumentParser(prog="vllm")
    command = serve.cmd_init()[0]
    parser = command.subparser_init(root.add_subparsers(required=False, dest="subparser"))
    _LOADED.update(
        command=command,
        parser=parser,
        root=pretend.strict(root),
        args=module("vllm").AsyncEngineArgs,
        api_check=first("validate_api_server_args", *api),
        context=module("vllm.usage.usage_lib").UsageContext.OPENAI_API_SERVER,
    )
    for name in ("vllm.tool_parsers", "vllm.v1.engine.async_llm", "vllm.config"):
        module(name)
    _pretend_triton()
    # The class is inspected in a child process by default, which would not see the platform.
    module("vllm.model_executor.models.registry")._run_in_subprocess = lambda fn: fn()


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
    module("vllm.config.vllm").HAS_TRITON = True
    triton = module("vllm.triton_utils").triton
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
    return tables(_LOADED["parser"], version())


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
    known = module("vllm.envs").environment_variables
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
    cls = next((c for c in configs().values() if c.__name__ in str(found)), None)
    return value if cls is None else module("pydantic").TypeAdapter(cls).validate_python(value)
