"""LMDeploy's own parser and both engines' argument classes, on a machine without a GPU.

Runs in its environment. The C++ engine and the kernel packages are pretended, and `torch.cuda`
answers as the device of the job. A command is resolved up to where the engine would allocate: the
back end that LMDeploy falls to, the layout of the ranks, the formats and the model's own config.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import os

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.judge import program, replaced
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LOADED: dict[str, Any] = {}
_KERNELS = (
    *("triton", "ray", "tilelang", "dlblas", "xgrammar", "peft", "accelerate", "fla"),
    *("flash_attn", "flash_attn_interface", "flash_mla", "deep_gemm", "deep_ep", "dlslime"),
)
_COMMANDS = (("lmdeploy", "serve", "api_server"), ("lmdeploy", "serve", "proxy"))
# The sets that are choices of one option.
_CHOICES = {
    "speculative_methods": "speculative-algorithm",
    "model_formats": "model-format",
    "transfer_engines": "migration-backend",
    "all2all_backends": "moe-a2a-backend",
}
_SOURCE = "lmdeploy {} lmdeploy/cli/serve.py, lmdeploy/cli/utils.py"


def _module(name: str) -> Any:
    return importlib.import_module(name)


def load() -> None:
    """Import the command line with the compiled engine and the kernels pretended."""
    os.environ.setdefault("LMDEPLOY_CPU_ONLY", "1")
    missing = pretend.absent(*_KERNELS)
    for name in ("torch", "transformers"):  # before what they look for is pretended
        _module(name)
    _ = _module("transformers").AutoProcessor, _module("transformers").AutoTokenizer
    pretend.cuda()
    pretend.stub("lmdeploy.turbomind._turbomind", "_turbomind", *missing)
    cli = _module("lmdeploy.cli.cli").CLI
    serve = _module("lmdeploy.cli.serve").SubCliServe
    serve.add_parsers()
    _LOADED["root"] = pretend.strict(cli.parser)
    _LOADED["parser"] = serve.subparsers.choices["api_server"]
    for name in ("lmdeploy.serve.openai.api_server", "lmdeploy.serve.parsers"):
        _module(name)
    _module("lmdeploy.turbomind").is_available = lambda: True
    config = _module("transformers").PretrainedConfig
    for name in ("bos_token_id", "eos_token_id"):  # the stand-in of a checkpoint may hold none
        if not hasattr(config, name):
            setattr(config, name, None)


def version() -> str:
    """The installed version."""
    return importlib.metadata.version("lmdeploy")


def describe() -> dict[str, Any]:
    """The options of `lmdeploy serve api_server` and the registries of both engines."""
    rows, positional = argparse_rows(_LOADED["parser"])
    rows["quant-policy"] = {"values": "kv_policies", "fold": True, "default": 0}
    rows["tool-call-parser"]["values"] = "tool_parsers"
    rows["reasoning-parser"]["values"] = "reasoning_parsers"
    for option in ("hf-overrides", "kv-transfer-config"):
        rows[option]["type"] = "object"
    sets = {name: sorted(map(str, rows[option]["choices"])) for name, option in _CHOICES.items()}
    return {
        "runtime": "lmdeploy",
        "version": version(),
        "source": _SOURCE.format(version()),
        "syntax": ["equals"],
        "prefixes": ["LMDEPLOY_", "TM_"],
        "positional": positional,
        "options": rows,
        "sets": sets | _sets(),
        "fields": {"kv-transfer-config": _transfer_fields()},
    }


def _transfer_fields() -> dict[str, Any]:
    from servec.targets.shared.oracle.fields import field_rows

    return field_rows(_module("lmdeploy.messages").KVTransferConfig)


def _sets() -> dict[str, list[str]]:
    """What both engines register, and the names an option takes that its parser does not list."""
    tool = _module("lmdeploy.serve.parsers.tool_parser").ToolParserManager
    reasoning = _module("lmdeploy.serve.parsers.reasoning_parser")
    turbomind = set(_module("lmdeploy.turbomind.supported_models").SUPPORTED_ARCHS)
    pytorch = set(_module("lmdeploy.pytorch.models.module_map").MODULE_MAP)
    policies = _module("lmdeploy.messages").QuantPolicy
    folder = str(_module("lmdeploy").__path__[0])
    return {
        "architectures": sorted(turbomind | pytorch),
        "turbomind_architectures": sorted(turbomind),
        "pytorch_architectures": sorted(pytorch),
        "tool_parsers": sorted(tool.module_dict),
        "reasoning_parsers": sorted(
            {
                *reasoning.ReasoningParserManager.module_dict,
                *reasoning.LEGACY_REASONING_PARSER_NAMES,
            }
        ),
        "kv_policies": sorted(
            {p.name.lower() for p in policies} | {str(p.value) for p in policies} | {"fp8_e4m3"}
        ),
        "chat_templates": sorted(_module("lmdeploy.model").MODELS.module_dict),
        "env": sorted(variables(folder, "LMDEPLOY_") | variables(folder, "TM_")),
    }


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """Parse, and with `resolve` run the command up to where the engine would be made."""
    pretend.set_gpu(job)
    words = replaced(job)
    rest = program(words, _COMMANDS)
    if rest is words:
        raise ValueError(f"not a command of lmdeploy serve: {words[:3]}")
    verb = words[len(words) - len(rest) - 1]
    args = _LOADED["root"].parse_args(["serve", verb, *rest])
    if verb != "api_server" or not job.get("resolve"):
        return
    stage[0] = "validate"
    if job.get("model_config"):
        args.model_path = job["model_config"]
    given = _arguments(args)
    stage[0] = "resolve"
    engine = {"turbomind": _turbomind, "pytorch": _pytorch}[given["backend"]]
    engine(args.model_path, given)
    names = {"backend": given["backend"], **vars(given["backend_config"])}
    job["shown"] = {name: repr(names.get(name)) for name in job.get("show") or ()}


def _arguments(args: Any) -> dict[str, Any]:
    """What the command hands to the server, after the checks that come before the engine."""
    given: dict[str, Any] = {}

    class Stop(Exception):
        pass

    def capture(*words: Any, **options: Any) -> None:
        given.update(options)
        raise Stop

    _module("lmdeploy.serve.openai.api_server").serve = capture
    _module("lmdeploy.serve.openai.launch_server").launch_server = capture
    with contextlib.suppress(Stop):
        args.run(args)
    _module("lmdeploy.serve.parsers").validate_parser_names(
        given["reasoning_parser"], given["tool_call_parser"]
    )
    return given


def _turbomind(model: str, given: dict[str, Any]) -> None:
    """The layout of the ranks, then the formats and the model as TurboMind reads them."""
    engine = _module("lmdeploy.turbomind.turbomind")
    converter = _module("lmdeploy.turbomind.converter")
    config = given["backend_config"]
    engine.update_parallel_config(config)
    if config.nnodes > 1:
        assert config.dist_init_addr is not None, "several nodes need --dist-init-addr"
        config.dist_init_addr.split(":")[1]
    native = pretend.GPU["cc"][0] >= 8
    converter._get_executable_dtypes = lambda *_: {"float16", *(("bfloat16",) if native else ())}
    converter.get_tm_config(model, config)


def _pytorch(model: str, given: dict[str, Any]) -> None:
    """The configs that the PyTorch engine builds before it makes its workers."""
    builder = _module("lmdeploy.pytorch.engine.config_builder").ConfigBuilder
    configs = _module("lmdeploy.pytorch.config")
    config = builder.update_engine_config(given["backend_config"])
    if config.ep > 1 and config.ep % config.dp:
        raise ValueError(f"ep {config.ep} is no multiple of dp {config.dp}")
    builder.build_scheduler_config(config)
    cache = builder.build_cache_config(config)
    builder.build_backend_config(config)
    dist = builder.build_dist_config(config)
    trust = given["trust_remote_code"]
    rest: dict[str, Callable[..., Any]] = {
        "misc": lambda: builder.build_misc_config(config),
        "model": lambda: configs.ModelConfig.from_pretrained(
            model,
            trust_remote_code=trust,
            dtype=config.dtype,
            hf_overrides=config.hf_overrides,
            dist_config=dist,
            model_format=config.model_format,
            device_type=config.device_type,
            block_size=config.block_size,
        ),
    }
    draft = given["speculative_config"]
    if draft is not None and (not draft.model or os.path.exists(draft.model)):
        rest["draft"] = lambda: builder.build_specdecode_config(
            model, draft, config, cache, dist, trust
        )
    for make in rest.values():
        make()
