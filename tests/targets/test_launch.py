"""Whole commands, word for word: degrees, nodes and the API."""

from __future__ import annotations

from servec.compiler.plan import Degrees
from tests.targets.make import (
    LLAMA_70B,
    TARGET,
    argv,
    case,
    plan,
    words,
)
from tests.targets.sweep_parts import DEEPSEEK

AGENT = {
    "precision.kv": "fp8",
    "features.tools": "hermes",
    "features.reasoning": "qwen3",
    "features.structured_output": True,
}


def test_vllm_agent_on_one_node() -> None:
    assert argv(case("vllm", "0.33.0", AGENT)) == words(
        "vllm serve Qwen/Qwen3-235B-A22B-FP8 --tensor-parallel-size 8 --enable-expert-parallel",
        "--max-model-len 32768 --max-num-seqs 64 --max-num-batched-tokens 8192",
        "--gpu-memory-utilization 0.9 --kv-cache-dtype fp8",
        "--enable-auto-tool-choice --tool-call-parser hermes --reasoning-parser qwen3",
        '--structured-outputs-config {"backend":"auto"}',
        "--host 0.0.0.0 --port 8000 --served-model-name demo",
    )


def test_sglang_agent_on_one_node() -> None:
    made = argv(case("sglang", "0.5.23", AGENT))
    share = made[made.index("--mem-fraction-static") + 1]
    assert made == words(
        "python3 -m sglang.launch_server --model-path Qwen/Qwen3-235B-A22B-FP8",
        "--tp-size 8 --ep-size 8 --context-length 32768 --max-running-requests 64",
        f"--chunked-prefill-size 8192 --mem-fraction-static {share} --kv-cache-dtype fp8_e4m3",
        "--tool-call-parser hermes --reasoning-parser qwen3 --grammar-backend xgrammar",
        "--enable-metrics --host 0.0.0.0 --port 30000 --served-model-name demo",
    )
    assert 0.8 < float(share) < 0.9


def test_attention_data_parallel_is_spelt_by_version() -> None:
    made = plan(degrees=Degrees(data=8, expert=8), checkpoint=DEEPSEEK.id, kv="bf16")
    new = " ".join(argv(case("sglang", "0.5.23", model=DEEPSEEK, plan=made)))
    old = " ".join(argv(case("sglang", "0.5.12.post1", model=DEEPSEEK, plan=made)))
    assert "--tp-size 8 --ep-size 8 --attn-dp-size 8" in new or (
        "--tp-size 8 --attn-dp-size 8 --ep-size 8" in new
    )
    assert "--tp-size 8 --dp-size 8 --enable-dp-attention --ep-size 8" in old
    vllm = " ".join(argv(case("vllm", "0.33.0", model=DEEPSEEK, plan=made)))
    assert "--tensor-parallel-size 1 --data-parallel-size 8 --enable-expert-parallel" in vllm


def test_dense_copies_are_replicas() -> None:
    made = plan(degrees=Degrees(tensor=4, data=2), weights="bf16", checkpoint=LLAMA_70B.id)
    line = " ".join(argv(case("sglang", "0.5.23", model=LLAMA_70B, plan=made)))
    assert "--tp-size 4 --dp-size 2" in line
    assert "attn" not in line


def test_a_context_split_reuses_tensor_ranks() -> None:
    made = plan(degrees=Degrees(tensor=4, context=2), checkpoint=DEEPSEEK.id)
    vllm = " ".join(argv(case("vllm", "0.33.0", model=DEEPSEEK, plan=made)))
    assert "--tensor-parallel-size 8 --decode-context-parallel-size 2" in vllm
    sglang = " ".join(argv(case("sglang", "0.5.23", model=DEEPSEEK, plan=made)))
    assert "--tp-size 8 --dcp-size 2" in sglang


def test_vllm_spreads_data_ranks_over_nodes() -> None:
    made = plan(degrees=Degrees(data=16, expert=16), nodes=2, checkpoint=DEEPSEEK.id)
    first, second = (
        TARGET["vllm"].launch((case("vllm", "0.33.0", model=DEEPSEEK, plan=made),)).processes
    )
    tail = words(
        "--data-parallel-size-local 8 --data-parallel-address ${SERVEC_MASTER_ADDR}",
        "--data-parallel-rpc-port 13345",
    )
    assert first.argv[-6:] == tail
    assert second.argv[-9:] == (*tail, "--data-parallel-start-rank", "8", "--headless")
    assert first.env == second.env == {"SERVEC_MASTER_ADDR": "127.0.0.1"}
    assert (first.port, first.health, first.node_rank) == (8000, "/health", 0)
    assert (second.port, second.health, second.node_rank) == (0, "", 1)
    assert "--port" not in second.argv


def test_vllm_spreads_one_rank_over_nodes() -> None:
    made = plan(degrees=Degrees(tensor=8, pipeline=2, expert=8), nodes=2)
    first, second = TARGET["vllm"].launch((case("vllm", "0.22.1", plan=made),)).processes
    head = words("--nnodes 2 --node-rank 0 --master-addr ${SERVEC_MASTER_ADDR}")
    assert first.argv[-6:] == head
    assert second.argv[-7:] == words(
        "--nnodes 2 --node-rank 1 --master-addr ${SERVEC_MASTER_ADDR} --headless"
    )


def test_sglang_nodes_meet_at_one_address() -> None:
    made = plan(degrees=Degrees(tensor=8, data=2, expert=16), nodes=2, checkpoint=DEEPSEEK.id)
    first, second = (
        TARGET["sglang"].launch((case("sglang", "0.5.23", model=DEEPSEEK, plan=made),)).processes
    )
    for rank, process in enumerate((first, second)):
        assert process.argv[-6:] == words(
            f"--nnodes 2 --node-rank {rank} --dist-init-addr ${{SERVEC_DIST_INIT_ADDR}}"
        )
        assert process.env == {"SERVEC_DIST_INIT_ADDR": "127.0.0.1:20000"}
        assert process.gpus == 8


def test_the_key_is_never_written() -> None:
    pins = {"api.key_env": "HOUSE_KEY"}
    (vllm,) = TARGET["vllm"].launch((case("vllm", "0.33.0", pins),)).processes
    assert vllm.secrets == ("HOUSE_KEY",)
    assert vllm.env["VLLM_API_KEY"] == "${HOUSE_KEY}"
    assert "--api-key" not in vllm.argv
    (same,) = (
        TARGET["vllm"].launch((case("vllm", "0.33.0", {"api.key_env": "VLLM_API_KEY"}),)).processes
    )
    assert same.secrets == ("VLLM_API_KEY",)
    assert "VLLM_API_KEY" not in same.env
    (sglang,) = TARGET["sglang"].launch((case("sglang", "0.5.23", pins),)).processes
    assert sglang.secrets == ("HOUSE_KEY",)
    assert sglang.argv[sglang.argv.index("--api-key") + 1] == "${HOUSE_KEY}"
