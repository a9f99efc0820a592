"""Scripts, containers and manifests: the launches in them, none of them run."""

from __future__ import annotations

import pytest

from servec.targets.shared.importing.container import script_launches, version_of
from servec.targets.shared.importing.manifest import manifest_launches
from servec.targets.shared.importing.script import Script

SCRIPT = r"""#!/bin/bash
# the model
export VLLM_LOGGING_LEVEL=DEBUG SECRET
MODEL=${MODEL:-Qwen/Qwen3-8B}; UNUSED='a $b'
ARGS=(--max-model-len 32k  # a comment
  --served-model-name "my model")
ARGS+=(--port "8001")
if [ -n "$X" ]; then touch evil; fi
cat <<EOF > notes
vllm serve not-this
EOF
nohup env FOO='a b' vllm serve "$MODEL" \
  --tensor-parallel-size $(nproc) "${ARGS[@]}" --hf-overrides '{"a": 1}' > log.txt 2>&1 &
"""


def test_script() -> None:
    (found,) = script_launches(SCRIPT, {})
    assert found.runtime == "vllm"
    assert found.words == (
        *("Qwen/Qwen3-8B", "--tensor-parallel-size", "$(nproc)", "--max-model-len", "32k"),
        *("--served-model-name", "my model", "--port", "8001", "--hf-overrides", '{"a": 1}'),
    )
    assert found.env == {"VLLM_LOGGING_LEVEL": "DEBUG", "FOO": "a b"}


def test_words_split_as_a_shell_splits_them() -> None:
    text = "X='a  b'\nrun $X \"$X\" ${Y-}'' \\'q ${Z:-d e} '$X' | next; last"
    commands = [words for words, _ in Script(text, {}).commands()]
    assert commands == [["run", "a", "b", "a  b", "", "'q", "d", "e", "$X"], ["next"], ["last"]]


def test_container() -> None:
    text = (
        "docker run --gpus all -it --rm -e A=1 -e HF_TOKEN -v ~/x:/x --ipc=host "
        "vllm/vllm-openai:v0.22.1 --model m -tp 2"
    )
    (found,) = script_launches(text, {"HF_TOKEN": "t"})
    assert (found.runtime, found.version) == ("vllm", "0.22.1")
    assert found.words == ("--model", "m", "-tp", "2")
    assert found.env == {"A": "1", "HF_TOKEN": "t"}


def test_inner_shell_and_launchers() -> None:
    text = "srun -N 1 bash -lc 'cd /x && python3 -m sglang.launch_server --tp 8'"
    (found,) = script_launches(text, {})
    assert (found.runtime, found.words) == ("sglang", ("--tp", "8"))


def test_versions() -> None:
    assert version_of("lmsysorg/sglang:v0.5.12.post1-cu130") == "0.5.12.post1"
    assert version_of("ghcr.io/ggml-org/llama.cpp:server-b9093") == "b9093"
    assert version_of("host:5000/vllm/vllm-openai") == ""


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


def test_files_that_the_script_writes_come_with_the_launch() -> None:
    text = """
SHARE=0.8
cat > /tmp/a.yml <<EOF
kv_cache_config: {free_gpu_memory_fraction: ${SHARE}}
EOF
cat <<'EOF' > b.yml && echo done
max_num_tokens: $SHARE
EOF
cat > d.yml <<EOF
x: __PLACE__
EOF
sed -i s/__PLACE__/1/ d.yml
bash -c "tee ./c.yml <<EOF
x: 1
EOF
trtllm-serve m --config /tmp/a.yml"
cat <<EOF
not a file
EOF
"""
    (found,) = script_launches(text, {})
    assert found.files == {
        "/tmp/a.yml": "kv_cache_config: {free_gpu_memory_fraction: 0.8}\n",
        "b.yml": "max_num_tokens: $SHARE\n",
        "c.yml": "x: 1\n",
    }


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
