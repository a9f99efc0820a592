"""SGLang's own parser and argument resolution, on a machine without a GPU; runs in its environment.

The kernel packages are pretended, and `torch.cuda` answers as the device of the job.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.metadata
import inspect
import os
from types import SimpleNamespace

from servec.targets.sglang.oracle_tables import module, tables
from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.judge import replaced

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


def load() -> None:
    """Import SGLang with its kernels pretended."""
    os.environ.setdefault("SGLANG_DISABLE_CUDNN_CHECK", "1")
    missing = {"triton", *pretend.absent(*_KERNELS)}
    for name in ("torch", "torch._dynamo", "transformers"):  # before triton is pretended
        module(name)
    _ = module("transformers").AutoProcessor, module("transformers").PreTrainedModel
    pretend.cuda()
    pretend.stub(*sorted(missing))
    _pretend_driver()
    module("sglang.srt.utils.common").get_nvgpu_memory_capacity = lambda: (
        pretend.GPU["mem_gb"] * 1024 * 0.996
    )
    server_args = module("sglang.srt.server_args")
    for name in _MODULES:
        with contextlib.suppress(ModuleNotFoundError):
            module(name)

    class Strict(argparse.ArgumentParser):
        """The runtime's parser takes prefixes of options; this one does not."""

        def __init__(self, *words: Any, **options: Any) -> None:
            options["allow_abbrev"] = False
            super().__init__(*words, **options)

    server_args.argparse = SimpleNamespace(**vars(argparse))
    server_args.argparse.ArgumentParser = Strict
    _LOADED["args"] = server_args


def _pretend_driver() -> None:
    runtime = module("triton.runtime")
    module("triton").runtime = runtime
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
    return tables(_parser(), version())


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
            view = module("sglang.srt.arg_groups.overrides").resolving_view(args)
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
