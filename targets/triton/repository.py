"""The model repository: `config.pbtxt` for Triton, the engine's command as its arguments.

Sources: triton-inference-server/vllm_backend 8de0c148 README.md and samples/model_repository;
NVIDIA/TensorRT-LLM 044a90d2 triton_backend/all_models/llmapi/tensorrt_llm/1/model.py.
"""

from __future__ import annotations

import json

from servec.compiler.options.argv import read
from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.yaml import dump
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.table import Option
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
    table = load_table(inner.runtime, inner.version)
    line = read(table, inner.processes[0].argv[2:])
    found: dict[str, Any] = {"model": line.positional[0]}
    for argument in line.arguments:
        option = argument.option
        if option is None or option.name in FRONT:
            continue
        name = option.name.replace("-", "_")
        if option.boolean:
            found[name] = argument.sets
        elif option.arity in ("+", "*"):
            found[name] = [_value(option, word) for word in argument.values]
        else:
            found[name] = _value(option, argument.values[0])
    return found


def model_yaml(inner: Launch) -> Artifact:
    """`model.yaml` of the TensorRT-LLM back end: flags by their fields, then the options file."""
    table = load_table(inner.runtime, inner.version)
    line = read(table, inner.processes[0].argv[2:])
    found: dict[str, Any] = {"model": line.positional[0], "backend": "pytorch"}
    for argument in line.arguments:
        option = argument.option
        if option is None or option.name in TRTLLM_FRONT:
            continue
        given = argument.sets if option.boolean else _value(option, argument.values[0])
        found[option.name.replace("-", "_")] = given
    rest = inner.configs[0].text if inner.configs else ""
    share = found.pop(SHARE, None)
    if share is not None:
        head = "kv_cache_config:\n"
        within = f"{head}  {SHARE}: {share}\n"
        rest = rest.replace(head, within) if head in rest else rest + within
    own = dump({"triton_config": {"max_batch_size": 0, "decoupled": False}})
    return Artifact(YAML, "config", dump(found) + rest + own)


def _value(option: Option, word: str) -> Any:
    """One word of a command as JSON."""
    whole = option.type in ("int", "size") or bool(
        option.choices and all(isinstance(choice, int) for choice in option.choices)
    )
    if whole:
        return int(word) if word.lstrip("-").isdigit() else word
    if option.type == "float":
        return float(word)
    structured = option.type in ("json", "object", "mixed") and word[:1] in ("{", "[")
    return json.loads(word) if structured else word
