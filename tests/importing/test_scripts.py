"""Scripts: the launches in them, none of them run."""

from __future__ import annotations

from servec.targets.shared.importing.manifests.container import script_launches
from servec.targets.shared.importing.scripts.script import Script

TYPE_CHECKING = False

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


def test_inner_shell_and_launchers() -> None:
    text = "srun -N 1 bash -lc 'cd /x && python3 -m sglang.launch_server --tp 8'"
    (found,) = script_launches(text, {})
    assert (found.runtime, found.words) == ("sglang", ("--tp", "8"))


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
