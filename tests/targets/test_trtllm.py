"""TensorRT-LLM: what goes to the command and what to its file, the engine path, nodes and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from servec.targets.trtllm.engine import with_engine
from tests.targets.make import LLAMA_70B, TARGET, argv, block, case, catalogue, plan, words
from tests.targets.sweep_parts import DEEPSEEK, LLAMA_8B, ONE, QWEN_8B

if TYPE_CHECKING:
    from servec.compiler.target import Case

ENGINE = {"trtllm": block("trtllm", {"backend": "tensorrt"})}


def filed(of: Case) -> dict[str, Any]:
    """The content of the options file."""
    (file,) = of.target.launch((of,)).configs
    found: dict[str, Any] = yaml.safe_load(file.text)
    return found


def test_agent_on_one_node() -> None:
    pins = {
        "precision.kv": "fp8",
        "features.tools": "hermes",
        "features.reasoning": "qwen3",
        "features.structured_output": True,
        "api.stream_interval": 20,
    }
    of = case("trtllm", "main", pins)
    made = argv(of)
    share = made[made.index("--free_gpu_memory_fraction") + 1]
    assert made == words(
        "trtllm-serve serve Qwen/Qwen3-235B-A22B-FP8 --tensor_parallel_size 8",
        "--moe_expert_parallel_size 8 --max_seq_len 32768 --max_batch_size 64",
        f"--max_num_tokens 8192 --free_gpu_memory_fraction {share}",
        "--tool_parser qwen3 --reasoning_parser qwen3 --host 0.0.0.0 --port 8000",
        "--served_model_name demo --config ${SERVEC_CONFIG}",
    )
    assert filed(of) == {
        "kv_cache_config": {"dtype": "fp8"},
        "guided_decoding_backend": "xgrammar",
        "return_perf_metrics": True,
        "stream_interval": 20,
    }
    (process,) = of.target.launch((of,)).processes
    assert process.files == ("config.yaml",)
    assert process.env == {"SERVEC_CONFIG": "config.yaml"}
    assert 0.5 < float(share) < 1


def test_the_share_is_of_what_the_weights_leave() -> None:
    small = argv(case("trtllm", "main", plan=plan(memory_fraction=0.5)))
    large = argv(case("trtllm", "main", plan=plan(memory_fraction=0.9)))
    at = small.index("--free_gpu_memory_fraction") + 1
    assert float(small[at]) < float(large[at]) < 0.98


def test_attention_data_parallel_has_the_width_of_the_tensor_group() -> None:
    made = plan(degrees=Degrees(data=8, expert=8), checkpoint=DEEPSEEK.id, kv="bf16")
    new = case("trtllm", "main", model=DEEPSEEK, plan=made)
    old = case("trtllm", "1.3.0rc3", model=DEEPSEEK, plan=made)
    assert "--tensor_parallel_size 8 --enable_attention_dp" in " ".join(argv(new))
    assert "--enable_attention_dp" not in argv(old)
    assert filed(old)["enable_attention_dp"] is True
    split = plan(degrees=Degrees(tensor=8, expert=2), checkpoint=DEEPSEEK.id)
    of = case("trtllm", "main", model=DEEPSEEK, plan=split)
    assert "--moe_expert_parallel_size 2" in " ".join(argv(of))
    assert filed(of)["moe_tensor_parallel_size"] == 4


def test_versions_name_the_served_model_differently() -> None:
    old = case("trtllm", "1.3.0rc3", model=QWEN_8B, plan=ONE)
    assert "--served_model_name" not in argv(old)
    assert old.target.launch((old,)).model_name == QWEN_8B.id
    new = case("trtllm", "main", model=QWEN_8B, plan=ONE)
    assert new.target.launch((new,)).model_name == "demo"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("mtp", {"decoding_type": "MTP", "num_nextn_predict_layers": 2}),
        ("ngram", {"decoding_type": "NGram", "max_draft_len": 2, "max_matching_ngram_size": 3}),
        (
            "draft",
            {"decoding_type": "Draft_Target", "max_draft_len": 2, "speculative_model": LLAMA_8B.id},
        ),
    ],
)
def test_speculative_decoding_is_one_block(method: str, expected: dict[str, Any]) -> None:
    pins = {"features.speculative": method}
    made = replace(ONE, draft_tokens=2)
    draft = LLAMA_8B if method == "draft" else None
    of = case("trtllm", "main", pins, model=DEEPSEEK, plan=made, draft=draft)
    assert filed(of)["speculative_config"] == expected
    old = case("trtllm", "1.3.0rc3", pins, model=DEEPSEEK, plan=made, draft=draft)
    name = expected["decoding_type"].replace("_", "")
    assert filed(old)["speculative_config"]["decoding_type"] == name


def test_native_blocks_merge_with_what_the_plan_says() -> None:
    on = {"trtllm": block("trtllm", {"kv_cache_config": {"enable_partial_reuse": False}})}
    of = case("trtllm", "main", {"precision.kv": "fp8"}, on=on)
    assert filed(of)["kv_cache_config"] == {"dtype": "fp8", "enable_partial_reuse": False}


def test_the_share_of_the_cache_is_said_once() -> None:
    on = {"trtllm": block("trtllm", {"kv_cache_config": {"free_gpu_memory_fraction": 0.75}})}
    of = case("trtllm", "main", on=on)
    assert filed(of)["kv_cache_config"]["free_gpu_memory_fraction"] == 0.75
    assert "--free_gpu_memory_fraction" not in argv(of)


def test_graphs_are_switched_off_by_null() -> None:
    of = case("trtllm", "main", {"graphs.capture": "off"}, model=QWEN_8B, plan=ONE)
    assert filed(of)["cuda_graph_config"] is None
    pins = {"graphs.sizes": (1, 8, 128), "graphs.max_batch": 64}
    of = case("trtllm", "main", pins, model=QWEN_8B, plan=ONE)
    assert filed(of)["cuda_graph_config"] == {"batch_sizes": [1, 8]}


def test_an_engine_is_quantised_built_and_served() -> None:
    base = catalogue("nvidia/Llama-3.3-70B-Instruct-NVFP4")
    made = replace(
        ONE, checkpoint=base.id, weights="nvfp4", weights_word="nvfp4", kv="fp8", max_seqs=512
    )
    of = case("trtllm", "1.3.0rc3", model=base, plan=made, on=ENGINE)
    launch = of.target.launch((of,))
    assert [step.kind for step in launch.steps] == ["download", "quantize", "build"]
    fetch, quantise, build = launch.steps
    assert fetch.argv[:3] == ("hf", "download", LLAMA_70B.id)
    line = " ".join(quantise.argv)
    assert "quantize.py --model_dir build/demo/weights --output_dir build/demo/checkpoint" in line
    assert "--qformat nvfp4 --tp_size 2 --kv_cache_dtype fp8" in line
    assert build.argv == words(
        "trtllm-build --checkpoint_dir build/demo/checkpoint --output_dir build/demo/engine",
        "--max_batch_size 512 --max_num_tokens 8192 --max_seq_len 16384 --workers 2",
    )
    for before, after in zip(launch.steps, launch.steps[1:], strict=False):
        assert after.needs == before.makes
    (process,) = launch.processes
    assert process.argv[:3] == ("trtllm-serve", "serve", "build/demo/engine")
    assert "--backend tensorrt" in " ".join(process.argv)
    # The engine holds the cache's type; TrtLlmArgs refuses another.
    assert "dtype" not in filed(of).get("kv_cache_config", {})


def test_a_sixteen_bit_engine_is_converted() -> None:
    of = case("trtllm", "1.3.0rc3", model=QWEN_8B, plan=ONE, on=ENGINE)
    convert = of.target.launch((of,)).steps[1]
    assert convert.kind == "convert"
    assert convert.argv[1].endswith("models/core/qwen/convert_checkpoint.py")
    assert convert.argv[-4:] == words("--dtype bfloat16 --tp_size 2")


def test_only_versions_with_an_engine_path_build() -> None:
    of = case("trtllm", "main", model=QWEN_8B, plan=ONE, on=ENGINE)
    assert not of.target.launch((of,)).steps
    usual = TARGET["trtllm"].capabilities("1.3.0rc3")
    assert "engine_build" not in usual.features
    built = with_engine(usual)
    assert "engine_build" in built.features
    assert not built.topology.data_moe
    assert "DeepseekV3ForCausalLM" in usual.architectures - built.architectures


def test_embeddings_have_a_command_of_their_own() -> None:
    model = catalogue("Qwen/Qwen3-Embedding-8B")
    made = replace(ONE, checkpoint=model.id, degrees=Degrees(), devices_per_node=1)
    pins = {"features.task": "embed", "checkpoint.trust_remote_code": True}
    of = case("trtllm", "main", pins, model=model, plan=made)
    assert argv(of) == words(
        "trtllm-serve embeddings Qwen/Qwen3-Embedding-8B --max_seq_len 16384 --max_batch_size 64",
        "--max_num_tokens 8192 --host 0.0.0.0 --port 8000 --config ${SERVEC_CONFIG}",
    )
    assert filed(of) == {"trust_remote_code": True}
    assert of.target.launch((of,)).model_name == model.id
    assert "embed" not in TARGET["trtllm"].capabilities("1.3.0rc3").features


def test_one_process_starts_the_ranks_of_all_nodes() -> None:
    made = plan(degrees=Degrees(data=16, expert=16), nodes=2, checkpoint=DEEPSEEK.id, kv="bf16")
    on = {"trtllm": block("trtllm", {}, env={"TLLM_LOG_LEVEL": "INFO"})}
    of = case("trtllm", "main", model=DEEPSEEK, plan=made, on=on)
    first, second = of.target.launch((of,)).processes
    assert first.argv[:12] == (
        *words("mpirun --allow-run-as-root -n 16 -H ${SERVEC_HOSTS} -x TLLM_LOG_LEVEL"),
        *("--mca", "plm_rsh_args", "-p 2233", "trtllm-llmapi-launch"),
    )
    assert "--gpus_per_node 8" in " ".join(first.argv)
    assert (second.argv[0], second.port, second.gpus) == ("/usr/sbin/sshd", 0, 8)


def test_roles_and_the_server_in_front_have_files_of_their_own() -> None:
    wide = plan(degrees=Degrees(tensor=8, expert=8), checkpoint=DEEPSEEK.id, kv="bf16")
    deep = replace(wide, degrees=Degrees(data=8, expert=8), replicas=2)
    pins = {"transfer": "nixl"}
    parts = (
        replace(case("trtllm", "main", pins, model=DEEPSEEK, plan=wide), role="prefill"),
        replace(case("trtllm", "main", pins, model=DEEPSEEK, plan=deep), role="decode"),
    )
    launch = TARGET["trtllm"].launch(parts)
    assert [p.name for p in launch.processes] == ["prefill", "decode", "router"]
    assert launch.processes[-1].argv == words(
        "trtllm-serve disaggregated --config_file ${SERVEC_CONFIG}"
    )
    files = {file.path: yaml.safe_load(file.text) for file in launch.configs}
    assert set(files) == {"config-prefill.yaml", "config-decode.yaml", "disagg.yaml"}
    moved = {"backend": "NIXL", "max_tokens_in_buffer": 33792}
    assert files["config-prefill.yaml"]["cache_transceiver_config"] == moved
    assert files["config-prefill.yaml"]["disable_overlap_scheduler"] is True
    assert "disable_overlap_scheduler" not in files["config-decode.yaml"]
    assert files["disagg.yaml"]["context_servers"] == {
        "num_instances": 1,
        "urls": ["localhost:8001"],
    }
    assert files["disagg.yaml"]["generation_servers"]["num_instances"] == 2


@pytest.mark.parametrize(
    ("version", "capability", "backend"),
    [("1.3.0rc3", 100, "DEEPGEMM"), ("1.3.0rc3", 90, None), ("main", 100, None)],
)
def test_experts_in_blocks_have_kernels(version: str, capability: int, backend: str | None) -> None:
    of = case("trtllm", version, plan=plan(weights="fp8_block128"))
    assert of.device is not None
    of = replace(of, device=replace(of.device, capability=capability))
    assert filed(of).get("moe_config", {}).get("backend") == backend


def test_the_buffer_of_a_transfer_holds_whole_blocks() -> None:
    of = replace(case("trtllm", "1.3.0rc3", plan=plan(max_model_len=5000)), role="decode")
    assert filed(of)["cache_transceiver_config"]["max_tokens_in_buffer"] % 64 == 0


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
def test_autodeploy_takes_a_number_of_devices(version: str) -> None:
    on = {"trtllm": block("trtllm", {"backend": "_autodeploy"})}
    degrees = Degrees(tensor=4, data=2)
    of = case("trtllm", version, plan=plan(degrees=degrees, nodes=1, devices_per_node=8), on=on)
    assert not {"--tensor_parallel_size", "--moe_expert_parallel_size"} & {*argv(of)}
    assert filed(of)["world_size"] == 8 and "enable_attention_dp" not in filed(of)
