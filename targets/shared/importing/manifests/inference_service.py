"""An LLMInferenceService of KServe: its containers with the command that the controller gives them.

Source: kserve/kserve aaac4e29 config/llmisvcconfig/config-llm-template.yaml and
config-llm-decode-worker-data-parallel.yaml, pkg/controller/v1alpha2/llmisvc/workload_lora.go.
"""

from __future__ import annotations

import json

from servec.targets.shared.importing.scripts.script import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

KIND = "LLMInferenceService"
MORE = "VLLM_ADDITIONAL_ARGS"
HUB = "hf://"
DEGREES = {
    "tensor": "--tensor-parallel-size",
    "pipeline": "--pipeline-parallel-size",
    "data": "--data-parallel-size",
    "dataLocal": "--data-parallel-size-local",
}
LORA = {
    "maxRank": "--max-lora-rank",
    "maxAdapters": "--max-loras",
    "maxCpuAdapters": "--max-cpu-loras",
}


def is_service(document: Any) -> bool:
    """Whether a document is such a service."""
    return isinstance(document, dict) and document.get("kind") == KIND


def served(document: Mapping[str, Any]) -> list[Any]:
    """Its containers; those that leave their command to the controller with that command."""
    spec = _mapping(document.get("spec"))
    model = _mapping(spec.get("model"))
    made: list[Any] = []
    for part in (spec, _mapping(spec.get("prefill"))):
        containers = _mapping(part.get("template")).get("containers")
        for container in containers if isinstance(containers, list) else ():
            own = isinstance(container, dict) and not container.get("command")
            if own and isinstance(model.get("uri"), str):
                words = [*_words(model, _mapping(part.get("parallelism"))), *_more(container)]
                env = [item for item in _items(container) if item.get("name") != MORE]
                container = {**container, "command": ["vllm", "serve", *words], "env": env}
            made.append(container)
    return made


def _words(model: Mapping[str, Any], degrees: Mapping[str, Any]) -> Iterator[str]:
    yield str(model["uri"]).removeprefix(HUB)
    if isinstance(model.get("name"), str):
        yield from ("--served-model-name", model["name"])
    yield from ("--port", "8000")
    for key, flag in DEGREES.items():
        if isinstance(degrees.get(key), int):
            yield from (flag, str(degrees[key]))
    if degrees.get("expert") is True:
        yield "--enable-expert-parallel"
    yield from _lora(_mapping(model.get("lora")))


def _lora(lora: Mapping[str, Any]) -> Iterator[str]:
    adapters = lora.get("adapters")
    named = [item for item in adapters or () if isinstance(item, dict) and item.get("name")]
    if not isinstance(adapters, list) or not named:
        return
    yield "--enable-lora"
    for key, flag in LORA.items():
        if isinstance(lora.get(key), int):
            yield f"{flag}={lora[key]}"
    yield "--lora-modules"
    for item in named:
        path = str(item.get("uri")).removeprefix(HUB)
        yield json.dumps({"name": str(item["name"]), "path": path})


def _more(container: Mapping[str, Any]) -> list[str]:
    """The words of the variable that the command ends with."""
    for item in _items(container):
        if item.get("name") == MORE and "value" in item:
            return [
                word for words, _ in Script(str(item["value"]), {}).commands() for word in words
            ]
    return []


def _items(container: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Its variables."""
    env = container.get("env")
    return [item for item in env if isinstance(item, dict)] if isinstance(env, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
