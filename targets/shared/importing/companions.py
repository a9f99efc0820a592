"""Programs that come with the runtimes and serve nothing: what they do, and what to give instead.

Sources: TensorRT-LLM 1.3.0rc3 setup.py console_scripts, examples/quantization, examples/models,
triton_backend/scripts; vllm 0.33.0 vllm/entrypoints/cli; lmdeploy 0.18.0 lmdeploy/cli; mlx-lm
0.32.2 setup.py; llama.cpp tools.
"""

from __future__ import annotations

import re

from servec.targets.shared.importing.program import INTERPRETER, PREFIXES, VARIABLE, WRAPPERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BUILDS = (
    "give the `trtllm-serve` line of the engine (`--backend tensorrt`), or write `on trtllm { "
    'version = "1.3.0rc3"; backend = tensorrt }` in a spec: `servec compile` writes all steps'
)
_TRTLLM = "give the `trtllm-serve` line"
_TRITON = "give the launch line of the runtime behind it; a spec takes `target = triton` for Triton"
_VLLM = "give the `vllm serve` line"
_LMDEPLOY = "give the `lmdeploy serve api_server` line"
_LLAMA = "give the `llama-server` line"
_MLX = "give the `mlx_lm.server` line"
COMPANIONS: dict[tuple[str, ...], tuple[str, str]] = {
    ("trtllm-build",): ("builds an engine", _BUILDS),
    ("-m", "tensorrt_llm.commands.build"): ("builds an engine", _BUILDS),
    ("convert_checkpoint.py",): ("converts a checkpoint for the build of an engine", _BUILDS),
    ("quantize.py",): ("quantises a checkpoint", _BUILDS),
    ("trtllm-refit",): ("puts new weights into an engine", _BUILDS),
    ("trtllm-prune",): ("prunes a checkpoint", _BUILDS),
    ("trtllm-bench",): ("measures", f"{_TRTLLM}; `servec bench` measures what is served"),
    ("trtllm-eval",): ("evaluates a model", _TRTLLM),
    ("tritonserver",): ("serves a folder of models", _TRITON),
    ("launch_triton_server.py",): ("serves a folder of models", _TRITON),
    ("vllm", "bench"): ("measures", f"{_VLLM}; `servec bench` measures what is served"),
    ("vllm", "chat"): ("asks a server", _VLLM),
    ("vllm", "complete"): ("asks a server", _VLLM),
    ("vllm", "run-batch"): ("answers a file of requests", _VLLM),
    ("vllm", "collect-env"): ("describes the machine", _VLLM),
    ("lmdeploy", "lite"): ("quantises a checkpoint", _LMDEPLOY),
    ("lmdeploy", "convert"): ("converts a checkpoint", _LMDEPLOY),
    ("lmdeploy", "chat"): ("chats in the terminal", _LMDEPLOY),
    ("-m", "sglang.bench_serving"): ("measures", "give the `sglang serve` line"),
    ("-m", "sglang.bench_one_batch"): ("measures", "give the `sglang serve` line"),
    ("-m", "sglang.bench_offline_throughput"): ("measures", "give the `sglang serve` line"),
    ("llama-cli",): ("chats in the terminal", _LLAMA),
    ("llama-bench",): ("measures", _LLAMA),
    ("llama-quantize",): ("quantises a file", _LLAMA),
    ("mlx_lm.generate",): ("answers one prompt", _MLX),
    ("mlx_lm.chat",): ("chats in the terminal", _MLX),
    ("mlx_lm.convert",): ("converts a checkpoint", _MLX),
    ("mlx_lm.lora",): ("trains an adapter", _MLX),
    ("mlx_lm.fuse",): ("merges an adapter into a checkpoint", _MLX),
}


def companion(words: Sequence[str]) -> str:
    """What is to be said of a line that starts such a program, "" for any other."""
    rest = list(words)
    while rest and (VARIABLE.fullmatch(rest[0]) or rest[0] in PREFIXES):
        rest.pop(0)
    if rest and rest[0].rpartition("/")[2] in WRAPPERS:
        ends = (companion(rest[at:]) for at in range(1, len(rest)))
        return next((found for found in ends if found), "")
    if rest and re.fullmatch(r"python[0-9.]*", rest[0].rpartition("/")[2]):
        rest.pop(0)
        while rest and rest[0] in INTERPRETER:
            rest.pop(0)
    heads = [word.replace("\\", "/").rpartition("/")[2] for word in rest[:2]]
    for form, (does, give) in COMPANIONS.items():
        if tuple(heads[: len(form)]) == form:
            return f"`{' '.join(form)}` {does} and serves nothing: {give}"
    return ""
