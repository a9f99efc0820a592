"""Documents of which a chart or a controller makes containers: a Model of KubeAI and the catalogue
of its chart, an InferenceService of KServe's own server, the values of vLLM's production-stack and
of llm-d's modelservice.

Sources: kubeai-project/kubeai f442a2cd internal/modelcontroller/engine_vllm.go, model_source.go;
vllm-project/production-stack a6c01db0 helm/templates/deployment-vllm-multi.yaml;
llm-d-incubation/llm-d-modelservice 3051935 charts/llm-d-modelservice/templates/_helpers.tpl.
What a chart says unasked, which its releases differ in, is not said here.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

KUBEAI = "kubeai.org/"
NAMED = re.compile(r"\{\{-?\s*\.Values\.modelArtifacts\.name\s*-?\}\}")
FLAGS = {
    "maxModelLen": "--max-model-len",
    "dtype": "--dtype",
    "tensorParallelSize": "--tensor-parallel-size",
    "maxNumSeqs": "--max-num-seqs",
    "gpuMemoryUtilization": "--gpu-memory-utilization",
    "maxLoras": "--max-loras",
    "runner": "--runner",
    "convert": "--convert",
}
"""Keys of production-stack's `vllmConfig` that stand for a flag with their value."""
SWITCHES = {
    "enableChunkedPrefill": "enable-chunked-prefill",
    "enablePrefixCaching": "enable-prefix-caching",
}
NEGATED = "0.8.0"
"""vLLM's release from which on `--no-…` is taken for certain."""
ROUTER, BEHIND = 8000, 8200
"""Where a server of llm-d listens, itself or behind the sidecar of its decoding pods."""


def charted(document: Any) -> list[Any] | None:
    """The containers that are made of a document, None for one that is none of these."""
    if not isinstance(document, dict):
        return None
    if document.get("kind") == "Model" and str(document.get("apiVersion")).startswith(KUBEAI):
        about = _mapping(document.get("metadata"))
        return list(_kubeai(str(about.get("name", "")), _mapping(document.get("spec"))))
    if document.get("kind") == "InferenceService":
        predictor = _mapping(_mapping(document.get("spec")).get("predictor"))
        model = _mapping(predictor.get("model"))
        hugging = _mapping(model.get("modelFormat")).get("name") == "huggingface"
        return [_hugging(model)] if hugging and not model.get("command") else None
    if isinstance(document.get("catalog"), dict) and "kind" not in document:
        catalog = document["catalog"].items()
        return [each for name, spec in catalog for each in _kubeai(str(name), _mapping(spec))]
    engines = _mapping(document.get("servingEngineSpec"))
    if isinstance(engines.get("modelSpec"), list):
        return [each for spec in engines["modelSpec"] for each in _stacked(_mapping(spec), engines)]
    if isinstance(document.get("modelArtifacts"), dict):
        return list(_served(document))
    return None


def _kubeai(name: str, spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The container of a Model that vLLM serves."""
    url = spec.get("url")
    if spec.get("engine") != "VLLM" or not isinstance(url, str) or spec.get("enabled") is False:
        return
    scheme, _, rest = url.partition("://")
    path = rest.partition("?")[0]
    model = {"s3": url, "pvc": "/model"}.get(scheme, path)
    words = [f"--model={model}", f"--served-model-name={name}"]
    words += ["--load-format=runai_streamer"] if scheme == "s3" else []
    words += _listed(spec.get("args"))
    words += ["--enable-lora"] if spec.get("adapters") is not None else []
    yield {
        "image": spec.get("image") if isinstance(spec.get("image"), str) else "",
        "command": ["python3", "-m", "vllm.entrypoints.openai.api_server"],
        "args": words,
        "env": _mapping(spec.get("env")),
    }


def _hugging(model: Mapping[str, Any]) -> Mapping[str, Any]:
    """The container of KServe's own server (kserve aaac4e29 config/runtimes)."""
    version = model.get("runtimeVersion")
    return {
        "name": "kserve-container",
        "image": f"kserve/huggingfaceserver:{version}" if isinstance(version, str) else "",
        "command": ["python", "-m", "huggingfaceserver"],
        "args": _listed(model.get("args")),
        "env": _items(model.get("env")),
    }


def _stacked(spec: Mapping[str, Any], engines: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The container of one model of production-stack; those of its Ray clusters are not read."""
    ray = _mapping(spec.get("raySpec")).get("enabled")
    if spec.get("enabled") is False or ray or not isinstance(spec.get("modelURL"), str):
        return
    config, tag = _mapping(spec.get("vllmConfig")), str(spec.get("tag", ""))
    words = ["vllm", "serve", spec["modelURL"], "--host", "0.0.0.0", "--port", "8000"]
    words += ["--enable-lora"] if spec.get("enableLoRA") else []
    words += ["--enable-auto-tool-choice"] if spec.get("enableTool") else []
    words += (
        ["--tool-call-parser", str(spec["toolCallParser"])] if spec.get("toolCallParser") else []
    )
    words += _switches(config, tag)
    words += [word for key in FLAGS if key in config for word in (FLAGS[key], _shown(config[key]))]
    words += _listed(config.get("extraArgs"))
    words += ["--revision", str(spec["modelRevision"])] if spec.get("modelRevision") else []
    old = str(config.get("v0")) == "1"
    words += _cached(_mapping(spec.get("lmcacheConfig")), old)
    env = [*_items(engines.get("env")), *_items(spec.get("env"))]
    yield {
        "image": f"{spec.get('repository', '')}:{tag}",
        "name": "vllm",
        "command": words[:2],
        "args": words[2:],
        "env": [*([{"name": "VLLM_USE_V1", "value": "0"}] if old else []), *env],
    }


def _switches(config: Mapping[str, Any], tag: str) -> Iterator[str]:
    from servec.compiler.options.versions import is_exact, order

    plain = tag.removeprefix("v")
    early = is_exact(plain) and order(plain) < order(NEGATED)
    for key, flag in SWITCHES.items():
        if config.get(key):
            yield f"--{flag}"
        elif config.get(key) is False and not early:
            yield f"--no-{flag}"


def _cached(cache: Mapping[str, Any], old: bool) -> Iterator[str]:
    """The connector of LMCache."""
    if not cache.get("enabled"):
        return
    said: dict[str, Any] = {
        "kv_connector": "LMCacheConnector" if old else "LMCacheConnectorV1",
        "kv_role": cache.get("kvRole") or "kv_both",
    }
    if "enablePD" in cache:
        said["kv_connector_extra_config"] = {
            "discard_partial_chunks": False,
            "lmcache_rpc_port": str(cache.get("nixlRole", "")),
        }
    yield from ("--kv-transfer-config", json.dumps(said))


def _served(document: Mapping[str, Any]) -> Iterator[Any]:
    """The containers of a modelservice of llm-d; those that write their own command as they do."""
    artifacts = document["modelArtifacts"]
    name = str(artifacts.get("name", ""))
    uri = NAMED.sub(lambda _: name, str(artifacts.get("uri", "")))
    proxy = _mapping(_mapping(document.get("routing")).get("proxy"))
    for role in ("decode", "prefill"):
        part = _mapping(document.get(role))
        if part.get("create") is False:
            continue
        behind = role == "decode" and proxy.get("enabled") is not False
        port = str(BEHIND if behind else ROUTER)
        degrees = list(_degrees(_mapping(part.get("parallelism"))))
        for container in _items(part.get("containers")):
            way = container.get("modelCommand")
            if way not in ("vllmServe", "imageDefault"):
                yield container
                continue
            model = _model(uri, str(artifacts.get("mountPath", "/model-cache")))
            words = [model] if way == "vllmServe" else ["--model", model]
            words += ["--port", port, *degrees, "--served-model-name", name]
            made = {**container, "args": [*words, *_listed(container.get("args"))]}
            made.pop("command", None)
            yield {**made, "command": ["vllm", "serve"]} if way == "vllmServe" else made


def _model(uri: str, mount: str) -> str:
    """What the server loads."""
    scheme, _, rest = uri.partition("://")
    if scheme == "pvc":
        return f"{mount}/{rest.partition('/')[2]}"
    return "/".join(rest.split("/")[-2:]) if scheme == "pvc+hf" else rest


def _degrees(given: Mapping[str, Any]) -> Iterator[str]:
    """The degrees of a role, of those that are numbers."""
    known = {key: value for key, value in given.items() if type(value) is int}
    local, workers = known.get("dataLocal", 0), known.get("workers", 0)
    data = known.get("data", 0) or local * (workers or 1)
    local = local or (data // workers if workers else data)
    for flag, degree in (
        ("--tensor-parallel-size", known.get("tensor", 0)),
        ("--data-parallel-size", data),
        ("--data-parallel-size-local", local),
    ):
        if degree > 1:
            yield from (flag, str(degree))


def _shown(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (dict, list, bool)) else str(value)


def _listed(value: Any) -> list[str]:
    return [_shown(item) for item in value] if isinstance(value, list) else []


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
