"""TensorRT-LLM's own command line and argument classes, on a machine without a GPU.

Runs in an environment with TensorRT-LLM's Python requirements and a CPU build of torch; the sources
of `tensorrt_llm` lie in the folder `src` beside that environment, or where `TRTLLM_SRC` says. The
C++ bindings, TensorRT and everything that runs a model are pretended, and the package's own
`__init__`, which loads them, is not run.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import sys
import types

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.fields import field_rows
from servec.targets.shared.oracle.judge import Refused, replaced
from servec.targets.shared.oracle.rows import click_rows
from servec.targets.shared.oracle.sources import python_files, variables
from servec.targets.trtllm import oracle_autodeploy as autodeploy
from servec.targets.trtllm.source import engine_architectures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LOADED: dict[str, Any] = {}
_OUTSIDE = (
    *("tensorrt", "tensorrt_bindings", "mpi4py", "cuda", "pynvml", "triton", "flashinfer"),
    *("triton_kernels", "nvtx", "ray", "etcd3", "onnx", "polygraphy", "modelopt", "xgrammar"),
    *("llguidance", "soundfile", "av", "diffusers", "cuda_core", "blake3", "openai_harmony"),
    *("blobfile", "nvidia", "deep_gemm", "deep_ep", "datasets"),
)
_INSIDE = (
    *("bindings", "libs", "_torch", "functional", "models", "runtime", "module", "network"),
    *("plugin", "parameter", "layers", "python_plugin", "_tensorrt_engine", "executor"),
    *("serve.openai_server", "serve.openai_disagg_server", "inputs", "_common", "_ipc_utils"),
    *("quantization.quantize_by_modelopt", "quantization.functional", "quantization.layers"),
    *("quantization.quantize", "_mnnvl_utils", "lora_manager"),
)
# The sets that are choices of one option.
_CHOICES = {"tool_parsers": "tool-parser", "reasoning_parsers": "reasoning-parser"}
_DEPTH = 3
SOURCE = "TensorRT-LLM {} tensorrt_llm/commands/serve.py, llmapi/llm_args.py"


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _folder() -> str:
    beside = os.path.join(os.path.dirname(sys.prefix), "src")
    return os.path.join(os.environ.get("TRTLLM_SRC") or beside, "tensorrt_llm")


def load() -> None:
    """Import the command line and the argument classes with everything else pretended."""
    for name in ("torch", "transformers"):  # before what they look for is pretended
        _module(name)
    pretend.cuda()
    pretend.stub(*pretend.absent(*_OUTSIDE))
    sys.path.insert(0, os.path.dirname(_folder()))
    package: Any = types.ModuleType("tensorrt_llm")
    package.__path__ = [_folder()]
    package.__getattr__ = lambda name: pretend.member(package, name)
    sys.modules["tensorrt_llm"] = package
    pretend.stub(*(f"tensorrt_llm.{name}" for name in _INSIDE))
    _LOADED["serve"] = _module("tensorrt_llm.commands.serve")
    _LOADED["args"] = _module("tensorrt_llm.llmapi.llm_args")


def version() -> str:
    """The version of the sources."""
    return str(_module("tensorrt_llm.version").__version__)


def describe() -> dict[str, Any]:
    """The options of `trtllm-serve serve`, and what the file of `--config` may hold beside them."""
    rows, positional = click_rows(_LOADED["serve"].main.commands["serve"].params)
    filed, fields = _filed(rows)
    return {
        "runtime": "trtllm",
        "version": version(),
        "source": SOURCE.format(version()),
        "syntax": ["equals", "whole"],
        "prefixes": ["TRTLLM_", "TLLM_"],
        "positional": positional,
        "options": {**rows, **filed},
        "sets": _sets(rows),
        "fields": fields,
    }


def judge(job: dict[str, Any], stage: list[str]) -> None:
    """Parse the command; with `resolve` lay its file over it and make the engine's arguments.

    `job["files"]` maps the path that stands behind `--config` to the text of the file.
    """
    pretend.set_gpu(job)
    click, group = _module("click"), _LOADED["serve"].main
    words = replaced(job)
    words = words[words.index("trtllm-serve") + 1 :]
    name, command, rest = group.resolve_command(click.Context(group), words)
    try:
        context = command.make_context(name, list(rest))
    except click.ClickException as error:
        raise Refused(error.format_message()) from None
    if name == "disaggregated":
        stage[0] = "validate"
        _disaggregated(job, context.params["config_file"])
    elif job.get("resolve"):
        _resolve(job, dict(context.params), stage)


def _disaggregated(job: dict[str, Any], path: str) -> None:
    """Read the file of the front server as it does."""
    module = _module("tensorrt_llm.llmapi.disagg_utils")
    module.extract_disagg_cfg(**_read(job, path))


def _read(job: dict[str, Any], path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    text = (job.get("files") or {}).get(path)
    if text is None:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    found: dict[str, Any] = _module("yaml").safe_load(text)
    return found


def _resolve(job: dict[str, Any], params: dict[str, Any], stage: list[str]) -> None:
    """What `serve` does before it starts an engine, up to the engine's arguments."""
    serve, args = _LOADED["serve"], _LOADED["args"]
    stage[0] = "validate"
    extra = _read(job, params["extra_llm_api_options"])
    if job.get("model_config"):
        params["model"] = job["model_config"]
    known = inspect.signature(serve.get_llm_args).parameters
    made, _ = serve.get_llm_args(**{k: v for k, v in params.items() if k in known})
    made = args.update_llm_args_with_extra_dict(made, extra)
    cluster = made.pop("disagg_cluster", None)
    if cluster:
        module = _module("tensorrt_llm.llmapi.disagg_utils")
        module.extract_disagg_cluster_config(cluster, params["disagg_cluster_uri"])
    stage[0] = "resolve"
    backend = made.pop("backend")
    if backend in ("pytorch", autodeploy.NAME):
        made.pop("build_config", None)
    cls = _classes(args)[backend]
    config = cls(**{k: v for k, v in made.items() if v is not None})
    job["shown"] = {name: repr(getattr(config, name, None)) for name in job.get("show") or ()}


def _classes(args: Any) -> dict[str, Any]:
    """The argument class of each back end."""
    autodeployed = autodeploy.arguments(_folder())
    engines = dict.fromkeys(("tensorrt", "trt"), args.TrtLlmArgs)
    return {"pytorch": args.TorchLlmArgs, autodeploy.NAME: autodeployed, **engines}


def _filed(rows: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows of what only the file can say, and the fields of its blocks."""
    args = _LOADED["args"]
    every = autodeploy.rows(_folder())
    every |= field_rows(args.TrtLlmArgs, _DEPTH) | field_rows(args.TorchLlmArgs, _DEPTH)
    unions = {
        "speculative_config": (args.DecodingBaseConfig, "decoding_type"),
        "sparse_attention_config": (args.BaseSparseAttentionConfig, "algorithm"),
    }
    for name, (base, key) in unions.items():
        every[name] = {"nullable": True, "type": "object", "fields": _members(base, key)}
    known = {spelling.lstrip("-") for row in rows.values() for spelling in row.get("flags", ())}
    filed, fields = {}, {}
    cluster = _module("tensorrt_llm.llmapi.disagg_utils").DisaggClusterConfig
    every["disagg_cluster"] = {"type": "object", "fields": field_rows(cluster, 2)}
    for name, row in every.items():
        option = name.replace("_", "-")
        if option in rows:
            rows[option]["filed"] = True
        if option in rows or name in known or name in ("model", "backend", "_mpi_session"):
            continue
        inner = row.pop("fields", None)
        if inner:
            fields[option] = inner
        filed[option] = {**row, "file": True}
    return filed, fields


def _members(base: Any, key: str) -> dict[str, Any]:
    """The fields of all classes below `base`; `key` holds the name that tells them apart."""
    found: dict[str, Any] = {}
    classes = [base]
    while classes:
        cls = classes.pop(0)
        classes += cls.__subclasses__()
        for name, row in field_rows(cls, 2).items():
            both = [*found.get(name, row).get("choices", ()), *row.get("choices", ())]
            found[name] = {**row, "choices": list(dict.fromkeys(both))} if both else row
    return {**found, key: {"choices": sorted(_types(base))}}


def _types(base: Any) -> set[str]:
    """The names that `from_dict` of a base class looks up."""
    tree = ast.parse(inspect.cleandoc(inspect.getsource(base.from_dict)))
    keys = [node.keys for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return {str(k.value) for row in keys for k in row if isinstance(k, ast.Constant)}


def _sets(rows: dict[str, Any]) -> dict[str, list[str]]:
    """What options take, and what the sources register."""
    found = {name: sorted(rows[option]["choices"]) for name, option in _CHOICES.items()}
    found["architectures"] = sorted(_architectures())
    found["env"] = sorted(variables(_folder(), "TRTLLM_") | variables(_folder(), "TLLM_"))
    quant = _module("tensorrt_llm.quantization.mode").QuantAlgo
    found["quantizations"] = sorted(str(member.value) for member in quant)
    found["engine_architectures"] = sorted(_engine_architectures())
    return found


def _architectures() -> set[str]:
    """What the model files register for the PyTorch back end, read from their source."""
    found: set[str] = set()
    for text in python_files(os.path.join(_folder(), "_torch", "models")):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                found.update(name for call in node.decorator_list for name in _registered(call))
    return found


def _registered(call: ast.expr) -> list[str]:
    """The name in `@register_auto_model("LlamaForCausalLM")`."""
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "register_auto_model":
        return []
    return [str(arg.value) for arg in call.args if isinstance(arg, ast.Constant)]


def _engine_architectures() -> set[str]:
    """What the TensorRT back end builds engines of."""
    return set(engine_architectures(_folder()))
