"""Whole commands, word for word: features, roles and the escape hatch."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.targets.make import (
    TARGET,
    adapter,
    argv,
    block,
    case,
    catalogue,
    device,
    options,
    plan,
    spec,
    words,
)
from tests.targets.sweep_parts import DEEPSEEK, LLAMA_8B, ONE, QWEN_8B


def test_speculative_decoding_in_both_tongues() -> None:
    pins = {"features.speculative": "mtp"}
    made = plan(degrees=Degrees(tensor=8), checkpoint=DEEPSEEK.id, draft_tokens=2)
    vllm = argv(case("vllm", "0.33.0", pins, model=DEEPSEEK, plan=made))
    at = vllm.index("--speculative-config")
    assert vllm[at + 1] == '{"method":"mtp","num_speculative_tokens":2}'
    sglang = " ".join(argv(case("sglang", "0.5.23", pins, model=DEEPSEEK, plan=made)))
    assert (
        "--speculative-algorithm EAGLE --speculative-num-steps 2 --speculative-eagle-topk 1 "
        "--speculative-num-draft-tokens 3"
    ) in sglang
    draft = replace(LLAMA_8B, id="house/eagle3")
    pins = {"features.speculative": "eagle3", "features.draft": "eagle"}
    small = replace(ONE, checkpoint=LLAMA_8B.id, draft_tokens=3)
    vllm = argv(case("vllm", "0.33.0", pins, model=LLAMA_8B, plan=small, draft=draft))
    at = vllm.index("--speculative-config")
    assert vllm[at + 1] == '{"method":"eagle3","model":"house/eagle3","num_speculative_tokens":3}'


def test_adapters_and_the_steps_that_fetch_them() -> None:
    adapters = (adapter("sql", "/srv/sql", 8), adapter("legal=eu", "s3://house/legal", 24))
    made = replace(ONE, checkpoint=LLAMA_8B.id)
    of = case("vllm", "0.33.0", model=LLAMA_8B, plan=made, adapters=adapters)
    launch = of.target.launch((of,))
    line = launch.processes[0].argv
    at = line.index("--enable-lora")
    assert line[at : at + 8] == (
        *words("--enable-lora --max-loras 2 --max-lora-rank 32 --lora-modules sql=/srv/sql"),
        '{"name":"legal=eu","path":"adapters/legal_eu"}',
    )
    (step,) = launch.steps
    assert (step.kind, step.makes) == ("download", ("adapters/legal_eu",))
    assert step.argv[-2:] == ("s3://house/legal", "adapters/legal_eu")
    late = case("sglang", "0.5.23", {"lora.dynamic": True, "lora.max_rank": 48}, plan=made)
    assert "--max-lora-rank 48 --lora-target-modules all" in " ".join(argv(late))


def test_media_are_limited_to_what_is_accepted() -> None:
    vision = catalogue("Qwen/Qwen3-VL-32B-Instruct")
    made = replace(ONE, checkpoint=vision.id)
    pins = {"features.modalities": ("image", "video"), "workload.images": 3}
    of = case("vllm", "0.33.0", pins, model=vision, plan=made)
    line = argv(of)
    assert line[line.index("--limit-mm-per-prompt") + 1] == '{"image":3,"video":1}'
    assert of.target.launch((of,)).api == "image"
    text = case("vllm", "0.33.0", model=vision, plan=made)
    assert "--language-model-only" in argv(text)
    assert "--limit-mm-per-prompt" not in argv(case("vllm", "0.33.0", plan=ONE, model=QWEN_8B))


def test_embedding() -> None:
    model = catalogue("Qwen/Qwen3-Embedding-8B")
    made = replace(ONE, checkpoint=model.id, weights="fp16", kv="fp16")
    pins = {"features.task": "embed", "features.pooling": "last", "features.normalize": True}
    of = case("vllm", "0.33.0", pins, model=model, plan=made)
    line = " ".join(argv(of))
    assert "--dtype float16" in line
    assert "--kv-cache-dtype" not in line
    assert "--runner pooling --convert embed" in line
    assert '--pooler-config {"pooling_type":"LAST","use_activation":true}' in line
    assert of.target.launch((of,)).api == "embedding"
    assert "--is-embedding" in argv(case("sglang", "0.5.23", pins, model=model, plan=made))


def test_quantisation_is_named_only_when_it_is_made() -> None:
    stored = argv(case("vllm", "0.33.0"))
    assert "--quantization" not in stored
    made = replace(ONE, weights="fp8_per_tensor", load="at_load")
    line = " ".join(argv(case("vllm", "0.33.0", model=QWEN_8B, plan=made)))
    assert "--quantization fp8_per_tensor" in line
    line = " ".join(argv(case("sglang", "0.5.23", model=QWEN_8B, plan=made)))
    assert "--quantization fp8" in line


def test_chunking_off_is_a_size_in_sglang() -> None:
    made = replace(ONE, chunked_prefill=False, max_batched_tokens=16384)
    line = " ".join(argv(case("sglang", "0.5.23", model=QWEN_8B, plan=made)))
    assert "--chunked-prefill-size=-1 --max-prefill-tokens 16384" in line


def test_on_blocks_and_raw_words_come_last_and_win() -> None:
    on = {
        "vllm": block(
            "vllm",
            {"max_num_seqs": 32, "long-prefill-token-threshold": 4096},
            raw_args=("--house-flag", "$(id)"),
            image="house/vllm@sha256:0",
            env={"VLLM_LOGGING_LEVEL": "WARNING"},
        )
    }
    of = case("vllm", "0.33.0", on=on)
    launch = of.target.launch((of,))
    line = launch.processes[0].argv
    assert line.count("--max-num-seqs") == 1
    assert line[line.index("--max-num-seqs") + 1] == "32"
    assert line[-4:] == ("--long-prefill-token-threshold", "4096", "--house-flag", "$(id)")
    assert launch.image == "house/vllm@sha256:0"
    assert launch.processes[0].env == {"VLLM_LOGGING_LEVEL": "WARNING"}


def test_roles_stand_behind_a_router() -> None:
    pins = {"transfer": "nixl", "api.key_env": "HOUSE_KEY"}
    wide = plan(degrees=Degrees(tensor=8, expert=8), checkpoint=DEEPSEEK.id)
    deep = plan(degrees=Degrees(data=16, expert=16), nodes=2, checkpoint=DEEPSEEK.id, replicas=2)
    for name, version in (("vllm", "0.33.0"), ("sglang", "0.5.23")):
        parts = (
            replace(case(name, version, pins, model=DEEPSEEK, plan=wide), role="prefill"),
            replace(case(name, version, pins, model=DEEPSEEK, plan=deep), role="decode"),
        )
        launch = TARGET[name].launch(parts)
        assert [(p.name, p.role, p.node_rank) for p in launch.processes] == [
            ("prefill", "prefill", 0),
            ("decode-0", "decode", 0),
            ("decode-1", "decode", 1),
            ("router", "router", 0),
        ]
        first, second, _, router = launch.processes
        base = 8000 if name == "vllm" else 30000
        assert (launch.port, first.port, second.port) == (base, base + 1, base + 2)
        bootstrap = () if name == "vllm" else ("8998",)
        assert router.argv[-12 - len(bootstrap) + 1 :] == (
            "${SERVEC_PREFILL_URL}",
            *bootstrap,
            *words("--decode ${SERVEC_DECODE_URL} --decode ${SERVEC_DECODE_URL_2}"),
            *words(f"--host 0.0.0.0 --port {base} --api-key ${{HOUSE_KEY}}"),
        )
        assert router.env["SERVEC_DECODE_URL_2"] == f"http://127.0.0.1:{base + 2}"
        assert (router.gpus, router.secrets) == (0, ("HOUSE_KEY",))
        assert router.image and router.image != launch.image


def test_each_side_knows_its_role() -> None:
    made = plan(degrees=Degrees(tensor=8), checkpoint=DEEPSEEK.id)
    parts = [
        replace(case("vllm", "0.33.0", {"transfer": word}, model=DEEPSEEK, plan=made), role=role)
        for word, role in (("nixl", "prefill"), ("nixl", "decode"), ("mooncake", "prefill"))
    ]
    nixl, pull, push = (argv(part) for part in parts)
    assert nixl[-1] == '{"kv_connector":"NixlConnector","kv_role":"kv_producer"}'
    assert pull[-1] == '{"kv_connector":"NixlConnector","kv_role":"kv_consumer"}'
    assert push[-1] == '{"kv_connector":"MooncakeConnector","kv_role":"kv_producer"}'
    (server,) = TARGET["vllm"].launch((parts[0],)).processes
    assert server.env == {
        "SERVEC_NODE_IP": "127.0.0.1",
        "VLLM_NIXL_SIDE_CHANNEL_HOST": "${SERVEC_NODE_IP}",
        "VLLM_NIXL_SIDE_CHANNEL_PORT": "5600",
    }
    of = replace(case("sglang", "0.5.23", {"transfer": "mooncake"}, plan=made), role="decode")
    assert argv(of)[-4:] == words(
        "--disaggregation-mode decode --disaggregation-transfer-backend mooncake"
    )


def test_gguf_files_are_named_as_each_version_reads_them() -> None:
    pins = {"checkpoint.file": "Qwen3-4B-Q4_K_M.gguf", "checkpoint.revision": "main"}
    made = replace(ONE, checkpoint="Qwen/Qwen3-4B-GGUF", weights="gguf", weights_word="q4_k_m")
    new = case("sglang", "0.5.23", pins, model=QWEN_8B, plan=made)
    assert argv(new)[4] == "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf"
    old = case("sglang", "0.5.12.post1", pins, model=QWEN_8B, plan=made)
    assert argv(old)[4] == "weights/Qwen3-4B-Q4_K_M.gguf"
    (step,) = old.target.launch((old,)).steps
    assert step.argv == words(
        "hf download Qwen/Qwen3-4B-GGUF Qwen3-4B-Q4_K_M.gguf --revision main --local-dir weights"
    )
    typed = case("vllm", "0.22.1", pins, model=QWEN_8B, plan=made)
    assert argv(typed)[2] == "Qwen/Qwen3-4B-GGUF:Q4_K_M"
    local = replace(made, checkpoint="./models")
    here = case("sglang", "0.5.23", pins, model=QWEN_8B, plan=local)
    assert argv(here)[4] == "./models/Qwen3-4B-Q4_K_M.gguf"


def test_low_latency_buffers_hold_a_decode_step() -> None:
    pins = {"comm.all2all": "deepep_low_latency"}
    made = plan(degrees=Degrees(data=8, expert=8), checkpoint=DEEPSEEK.id, max_seqs=2048)
    of = case("sglang", "0.5.23", pins, model=DEEPSEEK, plan=made)
    (process,) = of.target.launch((of,)).processes
    assert process.env == {"SGLANG_DEEPEP_NUM_MAX_DISPATCH_TOKENS_PER_RANK": "256"}


def test_host_memory_is_shared_by_the_ranks_of_a_node() -> None:
    pins = {"limits.host_memory": 64 << 30, "cache.offload": "host"}
    made = replace(ONE, degrees=Degrees(tensor=1, data=2))
    line = " ".join(argv(case("vllm", "0.33.0", pins, model=QWEN_8B, plan=made)))
    assert "--kv-offloading-size 32 --kv-offloading-backend native" in line
    line = " ".join(argv(case("sglang", "0.5.23", pins, model=QWEN_8B, plan=made)))
    assert "--enable-hierarchical-cache --hicache-size 34" in line


def test_version_and_options_are_judged_by_the_tables() -> None:
    target = TARGET["vllm"]
    near = spec(on={"vllm": block("vllm", {}, version="0.33.4")})
    version, found = target.version(near)
    assert (version, [d.code for d in found]) == ("0.33.0", ["SRV209"])
    wrong = spec({"limits.context": 4096}, on={"vllm": block("vllm", {"max-model-len": 8192})})
    assert [d.code for d in target.check_options(wrong, "0.33.0")] == ["SRV208"]
    assert options({"a": Fraction(1, 2)})[0].value == Fraction(1, 2)


def test_devices_choose_the_image() -> None:
    of = case("vllm", "0.33.0", on_device=device("mi300x"))
    assert of.target.launch((of,)).image == "vllm/vllm-openai-rocm:v0.33.0"
