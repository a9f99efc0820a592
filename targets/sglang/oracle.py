"""SGLang's own parser and argument resolution, on a machine without a GPU; runs in its environment.

The kernel packages are pretended, and `torch.cuda` answers as the device of the job.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import importlib.metadata
import inspect
import os
from types import SimpleNamespace

from servec.targets.sglang.staged import unstaged
from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.judge import replaced
from servec.targets.shared.oracle.rows import argparse_rows
from servec.targets.shared.oracle.sources import python_files, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOADED: dict[str, Any] = {}
_KERNELS = (
    "triton",
    "sgl_kernel",
    "flashinfer",
    "deep_gemm",
    "tilelang",
    "cutlass",
    "cuda",
    "torch_memory_saver",
    "flash_mla",
    "deep_ep",
    "quack",
    "modelscope",
    "timm",
    "nvshmem",
    "humming",
    "kernels",
    "smg_grpc_servicer",
    "smg_grpc_proto",
    "tokenspeed_mla",
)
_MODULES = (
    "sglang.srt.arg_groups.pipeline",
    "sglang.srt.arg_groups.validation_hook",
    "sglang.srt.configs.model_config",
    "sglang.srt.function_call.function_call_parser",
    "sglang.srt.parser.reasoning_parser",
)
# Options whose text is read as a JSON object only after parsing: arg_groups/serving_hook.py,
# configs/model_config.py, configs/load_config.py, model_executor/cuda_graph_config.py.
_OBJECTS = (
    "cuda-graph-config",
    "json-model-override-args",
    "limit-mm-data-per-request",
    "model-loader-extra-config",
    "preferred-sampling-params",
)
# The sets that are choices of one option.
_CHOICES = {
    "tool_parsers": "tool-call-parser",
    "reasoning_parsers": "reasoning-parser",
    "quantizations": "quantization",
    "attention_backends": "attention-backend",
    "kv_dtypes": "kv-cache-dtype",
    "load_formats": "load-format",
    "transfer_engines": "disaggregation-transfer-backend",
    "moe_backends": "moe-runner-backend",
    "all2all_backends": "moe-a2a-backend",
}


def _module(name: str) -> Any:
    return importlib.import_module(name)


def load() -> None:
    """Import SGLang with its kernels pretended."""
    os.environ.setdefault("SGLANG_DISABLE_CUDNN_CHECK", "1")
    missing = {"triton", *pretend.absent(*_KERNELS)}
    for name in ("torch", "torch._dynamo", "transformers"):  # before triton is pretended
        _module(name)
    _ = _module("transformers").AutoProcessor, _module("transformers").PreTrainedModel
    pretend.cuda()
    pretend.stub(*sorted(missing))
    _pretend_driver()
    _module("sglang.srt.utils.common").get_nvgpu_memory_capacity = lambda: (
        pretend.GPU["mem_gb"] * 1024 * 0.996
    )
    server_args = _module("sglang.srt.server_args")
    for name in _MODULES:
        with contextlib.suppress(ModuleNotFoundError):
            _module(name)

    class Strict(argparse.ArgumentParser):
        """The runtime's parser takes prefixes of options; this one does not."""

        def __init__(self, *words: Any, **options: Any) -> None:
            options["allow_abbrev"] = False
            super().__init__(*words, **options)

    server_args.argparse = SimpleNamespace(**vars(argparse))
    server_args.argparse.ArgumentParser = Strict
    _LOADED["args"] = server_args


def _pretend_driver() -> None:
    runtime = _module("triton.runtime")
    _module("triton").runtime = runtime
    facts = {"multiprocessor_count": 132, "max_shared_mem": 232448}
    runtime.driver = SimpleNamespace(
        active=SimpleNamespace(
            get_current_target=lambda: SimpleNamespace(
                backend="cuda", arch=pretend.GPU["cc"][0] * 10, warp_size=32
            ),
            get_current_device=lambda: 0,
            utils=SimpleNamespace(get_device_properties=lambda index: facts),
        )
    )


def version() -> str:
    """The installed version."""
    return importlib.metadata.version("sglang")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sglang serve", allow_abbrev=False)
    _LOADED["args"].ServerArgs.add_cli_args(parser)
    return parser


def describe() -> dict[str, Any]:
    """The options of the launch command and its registries."""
    rows, positional = argparse_rows(_parser())
    sets = {
        name: sorted(map(str, rows[option]["choices"]))
        for name, option in _CHOICES.items()
        if rows.get(option, {}).get("choices")
    }
    sets |= {
        "architectures": _architectures(),
        "unstaged": _unstaged(),
        "env": _variables(),
        "speculative_methods": _speculative_methods(),
    }
    rows["speculative-algorithm"] |= {"values": "speculative_methods", "fold": True}
    for option in _OBJECTS:
        if option in rows:
            rows[option]["type"] = "object"
    for option in ("attention-backend", "decode-attention-backend", "prefill-attention-backend"):
        if "choices" not in rows.get(option, {"choices": ()}):
            rows[option]["values"] = "attention_backends"
    return {
        "runtime": "sglang",
        "version": version(),
        "syntax": ["equals"],
        "prefixes": ["SGLANG_", "SGL_"],
        "positional": positional,
        "options": rows,
        "sets": sets,
        "fields": _fields(),
    }


def _fields() -> dict[str, Any]:
    """The phases of `--cuda-graph-config` and the keys of each; versions before it have none."""
    try:
        module = _module("sglang.srt.model_executor.cuda_graph_config")
    except ModuleNotFoundError:
        return {}
    phases = {
        str(phase): {
            "type": "object",
            "fields": {str(key): {"type": "json"} for key in sorted(keys)},
        }
        for phase, keys in module.ALLOWED_KEYS_PER_PHASE.items()
    }
    return {"cuda-graph-config": phases}


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """Parse, and with `resolve` run the runtime's argument resolution and checks."""
    pretend.set_gpu(job)
    rest = _with_model(_words(replaced(job)), job.get("model_config"))
    module = _LOADED["args"]
    late = hasattr(module.ServerArgs, "resolve_once")
    if not late:  # older versions resolve while ServerArgs is made
        if "--config" not in rest:
            _parser().parse_args(rest)
        if not job.get("resolve"):
            return
        stage[0] = "resolve"
    args = module.prepare_server_args(rest)
    if not job.get("resolve"):
        return
    stage[0] = "resolve"
    _resolve(args)
    if job.get("show"):
        view = args
        if late:
            view = _module("sglang.srt.arg_groups.overrides").resolving_view(args)
        job["shown"] = {name: repr(getattr(view, name, None)) for name in job["show"]}


def judge_arguments(job: dict[str, Any], arguments: dict[str, Any], stage: list[str]) -> None:
    """The fields of the server's arguments, as a server around the engine sets them."""
    pretend.set_gpu(job)
    cls = _LOADED["args"].ServerArgs
    if hasattr(cls, "resolve_once"):
        args = cls(**arguments)
    elif job.get("resolve"):  # older versions resolve while it is made
        stage[0] = "resolve"
        args = cls(**arguments)
    else:
        inspect.signature(cls).bind(**arguments)
    if job.get("resolve"):
        stage[0] = "resolve"
        _resolve(args)


def _resolve(args: Any) -> None:
    """Argument resolution and the checks after it."""
    if hasattr(args, "resolve_once"):
        args.resolve_once()
    args.check_server_args()


def _words(argv: list[str]) -> list[str]:
    """The words behind the program; a bare model becomes `--model-path`."""
    if argv and argv[0].rsplit("/", 1)[-1].startswith("python") and argv[1:2] == ["-m"]:
        argv = argv[2:]
    if argv[:2] == ["sglang", "serve"]:
        rest = argv[2:]
        return ["--model-path", *rest] if rest and not rest[0].startswith("-") else rest
    return argv[1:] if argv[:1] == ["sglang.launch_server"] else argv


def _with_model(words: list[str], folder: str | None) -> list[str]:
    """The words with a folder in place of the model and the tokenizer."""
    if not folder:
        return words
    out: list[str] = []
    for word in words:
        before = out[-1] if out else ""
        name, equals, _ = word.partition("=")
        if before in ("--model-path", "--model", "--tokenizer-path"):
            word = folder
        elif equals and name in ("--model-path", "--model", "--tokenizer-path"):
            word = f"{name}={folder}"
        out.append(word)
    return out


def _architectures() -> list[str]:
    """What the model files register as `EntryClass`, read from their source."""
    folder = os.path.join(_folder(), "models")
    return sorted({n for text in python_files(folder) for n in _entries(ast.parse(text))})


def _unstaged() -> list[str]:
    """The classes that take no pipeline stages."""
    trees = [ast.parse(text) for text in python_files(os.path.join(_folder(), "models"))]
    return unstaged(trees, _architectures())


def _folder() -> str:
    return str(_module("sglang.srt").__path__[0])


def _entries(tree: ast.Module) -> set[str]:
    for node in tree.body:
        names = [t.id for t in getattr(node, "targets", ()) if isinstance(t, ast.Name)]
        if isinstance(node, ast.Assign) and names == ["EntryClass"]:
            items = (
                node.value.elts if isinstance(node.value, (ast.List, ast.Tuple)) else [node.value]
            )
            return {item.id for item in items if isinstance(item, ast.Name)}
    return set()


def _speculative_methods() -> list[str]:
    """The built-in algorithms and their other names; compared without case."""
    known = _module("sglang.srt.speculative.spec_info").SpeculativeAlgorithm
    registry = _module("sglang.srt.speculative.spec_registry")
    aliases = getattr(registry, "_RESERVED_ALIASES", None) or registry._RESERVED_NAMES
    return sorted(({m.name for m in known} | set(aliases)) - {"NONE"})


def _variables() -> list[str]:
    """The environment variables that the runtime declares or names in its source."""
    environ = _module("sglang.srt.environ")
    declared = {n for n, v in vars(environ.Envs).items() if isinstance(v, environ.EnvField)}
    return sorted(declared | variables(_folder(), "SGLANG_") | variables(_folder(), "SGL_"))
