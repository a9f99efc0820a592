"""Containers, manifests and pages: the launches in them, none of them run."""

from __future__ import annotations

import pytest

from servec.cli.scripted import script_commands
from servec.targets.shared.importing.manifests.container import script_launches
from servec.targets.shared.importing.manifests.manifest import manifest_launches
from servec.targets.shared.importing.manifests.tag import version_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def test_container() -> None:
    text = (
        "docker run --gpus all -it --rm -e A=1 -e HF_TOKEN -v ~/x:/x --ipc=host "
        "vllm/vllm-openai:v0.22.1 --model m -tp 2"
    )
    (found,) = script_launches(text, {"HF_TOKEN": "t"})
    assert (found.runtime, found.version) == ("vllm", "0.22.1")
    assert found.words == ("--model", "m", "-tp", "2")
    assert found.env == {"A": "1", "HF_TOKEN": "t"}


def test_versions() -> None:
    assert version_of("lmsysorg/sglang:v0.5.12.post1-cu130") == "0.5.12.post1"
    assert version_of("ghcr.io/ggml-org/llama.cpp:server-b9093") == "b9093"
    assert version_of("nvcr.io/nvidia/vllm:25.11-py3") == ""
    assert version_of("nvcr.io/nvidia/tensorrt-llm/release:1.3.0rc3") == "1.3.0rc3"
    assert version_of("host:5000/vllm/vllm-openai") == ""
    assert version_of("lmsysorg/sglang-rocm:v0.5.14-rocm720-mi35x-20260706") == ""
    assert version_of("gpustack/runner:cuda12.8-vllm0.13.0") == "0.13.0"
    named = "modelscope:cuda12.4.0-py310-torch2.6.0-vllm0.8.5.post1-modelscope1.27.1-swift3.5.3"
    assert version_of(named) == "0.8.5.post1"
    assert version_of("somebody/vllm:0.1") == "" and version_of("nvcr.io/nvidia/vllm:26.01") == ""


def test_compose() -> None:
    text = """
services:
  chat:
    image: vllm/vllm-openai:v0.33.0
    environment: ["A=1"]
    command: --model ${MODEL:-Qwen/Qwen3-8B} --served-model-name "x y"
"""
    (found,) = manifest_launches(text, {})
    assert found.words == ("--model", "Qwen/Qwen3-8B", "--served-model-name", "x y")
    assert found.env == {"A": "1"} and found.version == "0.33.0"


def test_pod() -> None:
    text = """
kind: Deployment
spec:
  template:
    spec:
      containers:
        - image: lmsysorg/sglang:v0.5.23
          command: [python3, -m, sglang.launch_server]
          args: ["--model-path", "$(MODEL)", "--tp", "8"]
          env: [{name: MODEL, value: m}, {name: HF_TOKEN, valueFrom: {secretKeyRef: {}}}]
---
kind: Service
"""
    (found,) = manifest_launches(text, {})
    assert found.runtime == "sglang" and found.words == ("--model-path", "m", "--tp", "8")
    assert found.env == {"MODEL": "m"}


def test_aliases_are_visited_once() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert list(manifest_launches("\n".join(rows), {})) == []


def test_config_maps_come_with_the_launch_where_they_are_mounted() -> None:
    text = """
kind: ConfigMap
metadata: {name: engine}
data: {config.yaml: "max_num_tokens: 8192", other: x}
---
kind: Deployment
spec:
  template:
    spec:
      containers:
        - command: [trtllm-serve, m, --config, /etc/engine/config.yaml]
          volumeMounts:
            - {name: files, mountPath: /etc/engine/}
            - {name: files, mountPath: /etc/one.txt, subPath: other}
            - {name: scratch, mountPath: /tmp}
      volumes:
        - {name: files, configMap: {name: engine}}
        - {name: scratch, emptyDir: {}}
"""
    (found,) = manifest_launches(text, {})
    assert found.files == {
        "/etc/engine/config.yaml": "max_num_tokens: 8192",
        "/etc/engine/other": "x",
        "/etc/one.txt": "x",
    }


@pytest.mark.parametrize("volumes", ["5", "true", "files", "{files: {}}", "[5]"])
def test_volumes_that_are_no_list_of_mappings_bring_no_files(volumes: str) -> None:
    text = f"""
kind: ConfigMap
metadata: {{name: engine}}
data: {{config.yaml: "x"}}
---
volumes: {volumes}
containers:
  - command: [trtllm-serve, m]
    volumeMounts: [{{name: files, mountPath: /etc}}]
"""
    (found,) = manifest_launches(text, {})
    assert not found.files


def test_lines_in_a_yaml_file_of_another_tool() -> None:
    text = """
image: vllm/vllm-openai:v0.33.0
env: [MODEL=Qwen/Qwen3-8B, HF_TOKEN]
description: how to vllm serve x
commands:
  - pip install -U vllm
  - vllm serve $MODEL --port 8000
---
envs: {MODEL: m}
run: |
  vllm serve $MODEL
---
guide: |
  Run it:
  ```bash
  $ vllm serve q
  ```
"""
    found = list(manifest_launches(text, {}))
    words = [("Qwen/Qwen3-8B", "--port", "8000"), ("m",), ("q",)]
    assert [item.words for item in found] == words
    assert found[0].version == "0.33.0"


def test_a_service_of_kserve() -> None:
    text = """
kind: LLMInferenceService
spec:
  model:
    uri: hf://Qwen/Qwen3-8B
    name: chat
    lora: {maxRank: 16, adapters: [{name: a, uri: "hf://org/a"}]}
  parallelism: {tensor: 2}
  template:
    containers:
      - name: main
        image: vllm/vllm-openai:v0.33.0
        env: [{name: VLLM_ADDITIONAL_ARGS, value: "--max-model-len 8k --seed '1'"}]
        args: [--enforce-eager]
"""
    (found,) = manifest_launches(text, {})
    assert " ".join(found.words) == (
        "Qwen/Qwen3-8B --served-model-name chat --port 8000 --tensor-parallel-size 2"
        " --enable-lora --max-lora-rank=16 --lora-modules"
        ' {"name": "a", "path": "org/a"} --max-model-len 8k --seed 1 --enforce-eager'
    )
    assert found.version == "0.33.0"


def test_manifests_that_a_script_applies() -> None:
    text = """
T=2
cat <<EOF | kubectl apply -f -
kind: Pod
spec: {containers: [{command: [vllm, serve, m], args: [-tp, "$T"]}]}
EOF
cat <<EOF > compose.yaml
services: {a: {image: "vllm/vllm-openai", command: --model n}}
EOF
cat <<EOF > notes
kind: [
EOF
docker compose up
"""
    found = list(script_launches(text, {}))
    assert [item.words for item in found] == [("m", "-tp", "2"), ("--model", "n")]


def test_a_launcher_that_is_told_by_variables_alone() -> None:
    image = "ghcr.io/huggingface/text-generation-inference:3.3.7"
    (found,) = script_launches(f"docker run -e MODEL_ID=a/b {image}", {})
    assert (found.runtime, found.env) == ("tgi", {"MODEL_ID": "a/b"})
    assert not list(script_launches("docker run -e MODEL_ID=a/b vllm/vllm-openai", {}))
    (found,) = script_launches("docker run vllm/vllm-openai $MODEL -tp 2", {})
    assert found.words == ("$MODEL", "-tp", "2")


def test_an_image_without_a_tag_starts_its_runtime() -> None:
    text = "docker run -e A=1 vllm/vllm-openai --model m"
    (found,) = script_launches(text, {})
    assert (found.runtime, found.words, found.version) == ("vllm", ("--model", "m"), "")


def test_the_blocks_of_a_page(tmp_path: Path) -> None:
    page = """It's a page.
```bash
MODEL=m
```
```yaml
services: {a: {image: "vllm/vllm-openai:v0.33.0", command: "--model n"}}
```
1. then
   ```sh
   $ vllm serve $MODEL
   ```
"""
    (tmp_path / "README.md").write_text(page)
    found = script_commands(str(tmp_path / "README.md"), {})
    assert [item.words for item in found] == [("m",), ("--model", "n")]
