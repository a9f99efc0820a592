"""Scripts, containers and manifests: the launches in them, none of them run."""

from __future__ import annotations

import pytest

from servec.cli.scripted import script_commands
from servec.targets.shared.importing.container import script_launches, version_of
from servec.targets.shared.importing.manifest import manifest_launches
from servec.targets.shared.importing.script import Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

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
    assert version_of("nvcr.io/nvidia/vllm:25.11-py3") == ""
    assert version_of("nvcr.io/nvidia/tensorrt-llm/release:1.3.0rc3") == "1.3.0rc3"
    assert version_of("host:5000/vllm/vllm-openai") == ""
    assert version_of("lmsysorg/sglang-rocm:v0.5.14-rocm720-mi35x-20260706") == ""
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


def commands(text: str, **env: str) -> list[list[str]]:
    return [words for words, _ in Script(text, env).commands()]


def test_functions_are_read_where_they_are_called() -> None:
    text = """
start() {
  local model=$1 port="${2:-8000}"
  shift 2
  vllm serve "$model" --port "$port" "$@"
}
function unused { vllm serve never; }
start a 8001 --seed 1
start b
"""
    assert commands(text) == [
        ["vllm", "serve", "a", "--port", "8001", "--seed", "1"],
        ["vllm", "serve", "b", "--port", "8000"],
    ]


def test_loops_over_known_words_are_gone_through() -> None:
    text = "for i in 0 $(seq 1 2); do run --port $((8000 + i)); done; for x in $Y; do once; done"
    assert commands(text) == [["run", "--port", f"800{n}"] for n in range(3)] + [["once"]]
    assert commands("while [ $# -gt 0 ]; do M=$1; done; run ${M:-m}") == [["run", "m"]]


def test_what_a_test_keeps_out_is_not_read() -> None:
    text = """
A=(run)
[ -n "$X" ] && A+=(--x "$X")
[[ -z $X ]] && A+=(--none) && A+=(--more)
[ "$X" ] ||
  A+=(--or)
true && B=1 || B=2
test 1 = 2 && cd /x; cd y && "${A[@]}" $B
"""
    made = [words for words in commands(text) if words[0] in ("cd", "run")]
    assert made == [["cd", "y"], ["run", "--none", "--more", "--or", "1"]]
    assert commands(text, X="a")[-1] == ["run", "--x", "a", "1"]


def test_a_number_is_redirected_only_where_it_touches() -> None:
    text = "run --tp 1 > log 2>&1 & run --x 2 2> y; run a &> z --b; run 1>&2 c"
    made = [" ".join(words) for words in commands(text)]
    assert made == ["run --tp 1", "run --x 2", "run a --b", "run c"]


def test_case_takes_the_branch_that_fits() -> None:
    text = """
case "$P" in
  fp8|int8) A=1 ;;
  (fp*) A=2
    B=3 ;;
  *) A=4 ;;
esac
run $A ${B:-}
"""
    assert commands(text, P="fp4") == [["run", "2", "3"]]
    assert commands(text, P="int8") == [["run", "1"]]
    assert commands(text) == [["run", "4"]]


def test_what_is_done_to_a_value() -> None:
    text = """
M=org/Name-8B.gguf; A=(x y z); A+=(w); S=a; S+=" b"; E=(); L=$(echo "x  y"); K2=$L
J=${J:-'{"a": 1}'}; C="-p $(uname -m | sed s/a/b/)"
run ${M##*/} ${M%.gguf} ${M/8B/9B} ${M,,} ${#A[@]} ${A[1]} $S ${M:+--m "$M c"} ${N:+no} ${N:-${S}}
run "${E[@]}" "${A[*]}" ${A[@]:1} `echo ok` $(printf '{"n":%d,"m":"%s"}' 3 "$M") "$(cat f)"
run $C "$J" "$K2" "$(uname -m)" ${K:?unset}
"""
    assert commands(text) == [
        [
            *("run", "Name-8B.gguf", "org/Name-8B", "org/Name-9B.gguf", "org/name-8b.gguf"),
            *("4", "y", "a", "b", "--m", "org/Name-8B.gguf c", "a", "b"),
        ],
        ["run", "x y z w", "y", "z", "w", "ok", '{"n":3,"m":"org/Name-8B.gguf"}', "$(cat f)"],
        ["run", "-p", "$(uname -m | sed s/a/b/)", '{"a": 1}', "x  y", "$(uname -m)", "${K:?unset}"],
    ]


def test_scripts_that_a_script_writes_are_read() -> None:
    text = """
cat > env.sh <<EOF
export A=1
EOF
cat > run.sh <<'EOF'
vllm serve m --port ${PORT:-1}
EOF
cat >> run.sh <<'EOF'
vllm serve n
EOF
source ./env.sh
PORT=2 bash -o pipefail run.sh
eval "vllm serve '$A b'"
bash -lc -i -- "vllm serve c"
ssh host "cd /x && vllm serve d"
echo vllm serve e
cmake --build build --target llama-server -j 8
"""
    found = list(script_launches(text, {}))
    assert [" ".join(item.words) for item in found] == ["m --port 2", "n", "1 b", "c", "d"]
    assert found[0].env == {"A": "1", "PORT": "2"}


def test_where_no_branch_is_taken_all_are_read() -> None:
    text = "case $ROLE in a) vllm serve a;; esac\nif [ $X = 1 ]; then vllm serve b; fi"
    assert [item.words for item in script_launches(text, {})] == [("a",), ("b",)]
    assert [item.words for item in script_launches(text, {"X": "1"})] == [("b",)]


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
