"""Documents that a chart or a controller makes containers of, and whose release an image states."""

from __future__ import annotations

import pytest

from servec.targets.shared.importing.manifests.manifest import manifest_launches
from servec.targets.shared.importing.manifests.tag import beneath

KUBEAI = """
apiVersion: kubeai.org/v1
kind: Model
metadata:
  name: llama
spec:
  url: hf://meta-llama/Llama-3.1-8B-Instruct
  engine: {engine}
  image: vllm/vllm-openai:v0.8.3
  args: [--max-model-len=8192]
  env:
    VLLM_USE_V1: "1"
  adapters: [{{name: one, url: "hf://a/b"}}]
"""
STACK = """
servingEngineSpec:
  modelSpec:
  - name: llama3
    repository: "vllm/vllm-openai"
    tag: "{tag}"
    modelURL: "Qwen/Qwen2.5-7B-Instruct"
    vllmConfig:
      enableChunkedPrefill: false
      maxModelLen: 16384
      v0: {v0}
      extraArgs: ["--seed", 7]
    lmcacheConfig:
      enabled: true
  - name: off
    enabled: false
    modelURL: "Qwen/Qwen2.5-7B-Instruct"
"""
SERVICE = """
modelArtifacts:
  uri: "hf://{{ .Values.modelArtifacts.name }}"
  name: Qwen/Qwen2.5-7B-Instruct
decode:
  parallelism: {tensor: 2, data: 4, workers: 2}
  containers:
  - name: vllm
    image: ghcr.io/llm-d/llm-d-cuda:v0.3.0
    modelCommand: vllmServe
    args: [--seed, "7"]
prefill:
  containers:
  - {name: vllm, image: "x/llm-d-cuda:v0.3.0", command: [vllm, serve, some/model]}
"""
TASK = """
resources:
  accelerators: {accelerators}
num_nodes: 2
run: |
  vllm serve some/model -tp $SKYPILOT_NUM_GPUS_PER_NODE -pp $SKYPILOT_NUM_NODES
"""


def words(text: str) -> list[tuple[str, ...]]:
    """The words of the launches."""
    return [item.words for item in manifest_launches(text, {})]


def test_a_model_of_kubeai() -> None:
    (found,) = manifest_launches(KUBEAI.format(engine="VLLM"), {})
    assert found.words == (
        "--model=meta-llama/Llama-3.1-8B-Instruct",
        "--served-model-name=llama",
        "--max-model-len=8192",
        "--enable-lora",
    )
    assert (found.version, found.env) == ("0.8.3", {"VLLM_USE_V1": "1"})
    assert not words(KUBEAI.format(engine="OLlama"))


def test_the_catalogue_of_kubeai() -> None:
    text = 'catalog: {a: {engine: VLLM, url: "pvc://claim/x"}, b: {engine: VLLM, url: "s3://a/b"}}'
    assert words(text) == [
        ("--model=/model", "--served-model-name=a"),
        ("--model=s3://a/b", "--served-model-name=b", "--load-format=runai_streamer"),
    ]


@pytest.mark.parametrize(
    ("tag", "v0", "switch", "connector", "env"),
    [
        ("v0.8.5", 0, ("--no-enable-chunked-prefill",), "LMCacheConnectorV1", {}),
        ("v0.7.3", 1, (), "LMCacheConnector", {"VLLM_USE_V1": "0"}),
    ],
)
def test_values_of_the_production_stack(
    tag: str, v0: int, switch: tuple[str, ...], connector: str, env: dict[str, str]
) -> None:
    (found,) = manifest_launches(STACK.format(tag=tag, v0=v0), {})
    held = f'{{"kv_connector": "{connector}", "kv_role": "kv_both"}}'
    assert found.words == (
        *("Qwen/Qwen2.5-7B-Instruct", "--host", "0.0.0.0", "--port", "8000", *switch),
        *("--max-model-len", "16384", "--seed", "7", "--kv-transfer-config", held),
    )
    assert (found.version, found.env) == (tag[1:], env)


def test_values_of_a_modelservice() -> None:
    decode, prefill = manifest_launches(SERVICE, {})
    assert decode.words == (
        *("Qwen/Qwen2.5-7B-Instruct", "--port", "8200", "--tensor-parallel-size", "2"),
        *("--data-parallel-size", "4", "--data-parallel-size-local", "2"),
        *("--served-model-name", "Qwen/Qwen2.5-7B-Instruct", "--seed", "7"),
    )
    assert (decode.version, prefill.words) == ("", ("some/model",))


@pytest.mark.parametrize("accelerators", ["H100:4", "{H100: 4}", "[H100:4, A100-80GB:4]"])
def test_what_skypilot_tells_a_task(accelerators: str) -> None:
    text = TASK.format(accelerators=accelerators)
    assert words(text) == [("some/model", "-tp", "4", "-pp", "2")]


def test_a_task_of_several_shapes_tells_no_count() -> None:
    assert "4" not in words(TASK.format(accelerators="[H100:4, L4:8]"))[0]


@pytest.mark.parametrize(
    ("image", "runtime", "version"),
    [
        ("vllm/vllm-openai:v0.8.5", "vllm", "0.8.5"),
        ("ghcr.io/llm-d/llm-d-cuda:v0.3.0", "vllm", ""),
        ("lmcache/vllm-openai:v0.3.1", "vllm", ""),
        ("registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.2", "vllm", ""),
        ("somebody/vllm:1.4.0", "vllm", ""),
        ("nvcr.io/nvidia/tensorrt-llm/release:1.0.0", "trtllm", "1.0.0"),
        ("gpustack/runner:cuda12.8-vllm0.13.0", "vllm", "0.13.0"),
        ("kserve/huggingfaceserver:v0.15.1-gpu", "vllm", "0.8.5"),
    ],
)
def test_a_tag_tells_the_release_of_the_runtime(image: str, runtime: str, version: str) -> None:
    assert beneath(image, runtime) == version


@pytest.mark.parametrize(
    "port", ["{{ .Values.port }}", "{{- if .Tls }}8443{{- else }}8000{{- end }}"]
)
def test_what_a_template_fills_in_is_set_by_nothing(port: str) -> None:
    (found,) = manifest_launches(POD.replace("PORT", port), {})
    assert "${TEMPLATE}" in found.words[2] and "{{" not in found.words[2]


POD = """
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: a
        image: vllm/vllm-openai:v0.8.5
        command: [vllm, serve, some/model, --port, "PORT"]
"""


def test_servers_of_two_pods_clash_in_nothing() -> None:
    line = "vllm serve some/model --port 8000"
    text = POD.replace('[vllm, serve, some/model, --port, "PORT"]', f'[sh, -c, "{line}"]')
    assert [item.batch for item in manifest_launches(f"{text}---{text}", {})] == [0, 0]


def test_a_command_in_a_document_of_a_cluster_takes_the_place_of_the_entry_point() -> None:
    words = "[python3, -m, vllm.entrypoints.openai.api_server]"
    text = f"apiVersion: a/v1\nspec: {{image: vllm/vllm-openai, command: {words}}}"
    (found,) = manifest_launches(text, {})
    assert (found.entry, found.words) == ("", ())


def test_what_a_controller_reads_is_no_variable_of_the_runtime() -> None:
    text = """
kind: LLMInferenceService
spec:
  model: {uri: "hf://some/model", name: a}
  template:
    containers:
    - {name: main, env: [{name: VLLM_ADDITIONAL_ARGS, value: "--seed 7"}, {name: A, value: b}]}
"""
    (found,) = manifest_launches(text, {})
    assert found.words[-2:] == ("--seed", "7")
    assert found.env == {"A": "b"}


SERVICE_OF_KSERVE = """
kind: InferenceService
spec:
  predictor:
    model:
      modelFormat: {{name: huggingface}}
      runtimeVersion: v0.15.1-gpu
      args: [--model_name=a, --model_id=some/model, --tensor-parallel-size=2, --no_such=3{backend}]
"""


def test_kserves_own_server() -> None:
    text = SERVICE_OF_KSERVE.format(backend=", --backend=vllm, --enable-auto-tool-choice")
    (found,) = manifest_launches(text, {})
    assert found.words == ("some/model", "--tensor-parallel-size", "2")
    assert found.version == "0.8.5" and found.written is not None
    assert [word for word, _ in found.written.strange] == ["--no_such"]
    assert not words(SERVICE_OF_KSERVE.format(backend=""))
