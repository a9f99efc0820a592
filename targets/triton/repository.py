"""The model repository: `config.pbtxt` for Triton, the engine's command as its arguments.

Sources: triton-inference-server/vllm_backend 8de0c148 README.md and samples/model_repository;
NVIDIA/TensorRT-LLM 044a90d2 triton_backend/all_models/llmapi/tensorrt_llm/1/model.py.
"""

from __future__ import annotations

import json

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.yaml import dump
from servec.targets.shared.engine_arguments import engine_arguments as arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.target import Case, Launch

FOLDER = "models"
CODE = "/app/all_models/llmapi"
"""Where the TensorRT-LLM images keep the model whose code runs the LLM API."""
CODE_MODEL = "tensorrt_llm"
YAML = "model.yaml"
# What `vllm serve` reads itself and AsyncEngineArgs has no field for.
FRONT = (
    *("host", "port", "root-path", "chat-template", "default-chat-template-kwargs", "api-key"),
    *("enable-auto-tool-choice", "tool-call-parser", "lora-modules", "log-level"),
    *("tool-parser-plugin", "chat-template-content-format", "api-server-count"),
    *("uvicorn-log-level", "headless"),
)


# What `trtllm-serve` reads itself and LlmArgs has no field for.
TRTLLM_FRONT = (
    *("host", "port", "config", "served-model-name", "tool-parser", "chat-template", "log-level"),
    *("generation-config", "num-postprocess-workers", "reasoning-parser"),
)
SHARE = "free_gpu_memory_fraction"


def model_name(case: Case) -> str:
    """The name of the model in the repository: that of the deployment, unless the spec says."""
    return (case.spec.word("api.name") or case.spec.name).replace("/", "-")


def repository(case: Case, inner: Launch) -> tuple[Artifact, ...]:
    """The two files of the model."""
    home = f"{FOLDER}/{model_name(case)}"
    metrics = case.spec.flag("observe.metrics") is not False
    settings = json.dumps(engine_arguments(inner), indent=2, ensure_ascii=False)
    return (
        Artifact(f"{home}/1/model.json", "config", settings + "\n"),
        Artifact(f"{home}/config.pbtxt", "config", model_config(model_name(case), metrics)),
    )


def model_config(name: str, metrics: bool) -> str:
    """Triton's own settings of a model, as protobuf text."""
    lines = [
        f"name: {text(name)}",
        'backend: "vllm"',
        "model_transaction_policy {\n  decoupled: true\n}",
        "instance_group [\n  {\n    count: 1\n    kind: KIND_MODEL\n  }\n]",
    ]
    if metrics:
        value = '  value {\n    string_value: "true"\n  }'
        lines.append(f'parameters {{\n  key: "REPORT_CUSTOM_METRICS"\n{value}\n}}')
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    """A string of protobuf text: escaped as in C, every other byte in octal."""
    out = []
    for byte in value.encode():
        plain = 32 <= byte < 127 and byte not in b'"\\'
        out.append(chr(byte) if plain else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def engine_arguments(inner: Launch) -> dict[str, Any]:
    """The engine's command as the fields of its arguments."""
    words = inner.processes[0].argv[2:]
    model, found = arguments(inner.runtime, inner.version, words, FRONT)
    return {"model": model, **found}


def model_yaml(inner: Launch) -> Artifact:
    """`model.yaml` of the TensorRT-LLM back end: flags by their fields, then the options file."""
    words = inner.processes[0].argv[2:]
    model, own = arguments(inner.runtime, inner.version, words, TRTLLM_FRONT)
    found: dict[str, Any] = {"model": model, "backend": "pytorch", **own}
    rest = inner.configs[0].text if inner.configs else ""
    share = found.pop(SHARE, None)
    if share is not None:
        head = "kv_cache_config:\n"
        within = f"{head}  {SHARE}: {share}\n"
        rest = rest.replace(head, within) if head in rest else rest + within
    triton = dump({"triton_config": {"max_batch_size": 0, "decoupled": False}})
    return Artifact(YAML, "config", dump(found) + rest + triton)
