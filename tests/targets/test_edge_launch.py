"""Whole launches of llama.cpp and MLX, word for word, and the steps before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from servec.compiler.memory.estimate import estimate
from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.targets.make import VERSIONS, adapter, argv, bound, case, catalogue, device, plan
from tests.targets.sweep_parts import LLAMA_8B, QWEN_8B

if TYPE_CHECKING:
    from servec.compiler.plan import Plan
    from servec.compiler.target import Case

NEWEST, OLDEST = VERSIONS["llamacpp"][-1], VERSIONS["llamacpp"][0]
ORIN, MAC, EPYC = device("orin-nano-8g"), device("m4-max-128g"), device("epyc-9554")
GGUF = "Qwen/Qwen3-8B-GGUF"


def small(**changes: Any) -> Plan:
    """One device, four slots of 4096 tokens."""
    made = plan(
        degrees=Degrees(),
        devices_per_node=1,
        weights="q4_k_m",
        weights_word="q4_k_m",
        kv="f16",
        checkpoint=GGUF,
        max_model_len=4096,
        max_seqs=4,
        max_batched_tokens=2048,
    )
    return replace(made, **changes)


def board(version: str, pins: dict[str, Any] | None = None, **changes: Any) -> Case:
    return case(
        "llamacpp",
        version,
        {"checkpoint.file": "Qwen3-8B-Q4_K_M.gguf", **(pins or {})},
        model=QWEN_8B,
        plan=small(**changes),
        on_device=ORIN,
    )


def words(*parts: str) -> tuple[str, ...]:
    """The words of several lines."""
    return tuple(word for part in parts for word in part.split())


def test_llamacpp_on_a_small_board() -> None:
    assert argv(board(NEWEST, kv="q8_0")) == words(
        "llama-server --hf-repo Qwen/Qwen3-8B-GGUF --hf-file Qwen3-8B-Q4_K_M.gguf",
        "--load-mode none --gpu-layers 999 --split-mode none --fit off",
        "--ctx-size 16384 --parallel 4 --no-kv-unified --batch-size 2048",
        "--cache-type-k q8_0 --cache-type-v q8_0 --flash-attn on --cache-ram 0 --metrics",
        "--host 0.0.0.0 --port 8080 --alias demo",
    )


@pytest.mark.parametrize("version", VERSIONS["llamacpp"])
def test_llamacpp_says_it_as_the_build_spells_it(version: str) -> None:
    pins = {"features.speculative": "draft", "features.draft": "Qwen/Qwen3-0.6B-GGUF"}
    made = argv(board(version, pins, draft_tokens=8))
    build = int(version[1:])
    assert ("--load-mode" in made) is (build >= 10229)
    assert ("--no-mmap" in made) is (build < 10229)
    new = build >= 9093
    assert ("--spec-draft-n-max" if new else "--draft") in made
    assert made[made.index("--spec-draft-hf" if new else "--hf-repo-draft") + 1].endswith("-GGUF")
    assert ("draft-simple" in made) is (build >= 9713)


def test_llamacpp_makes_what_the_hub_lacks() -> None:
    asked = case(
        "llamacpp",
        NEWEST,
        {"checkpoint.revision": "v1"},
        model=QWEN_8B,
        plan=small(load="convert", checkpoint=QWEN_8B.id),
        adapters=(adapter("sql", "adapters/sql", 8), adapter("own", "adapters/own.gguf", 8)),
    )
    launch = asked.target.launch((asked,))
    folder, made = "models/Qwen-Qwen3-8B@v1", "models/Qwen-Qwen3-8B@v1-Q4_K_M.gguf"
    assert [step.kind for step in launch.steps] == ["download", "convert", "quantize", "convert"]
    assert launch.steps[0].argv == words(
        f"hf download Qwen/Qwen3-8B --revision v1 --local-dir {folder}"
    )
    wide = launch.steps[1].makes[0]
    assert launch.steps[2].argv == ("llama-quantize", wide, made, "Q4_K_M")
    done = {path for step in launch.steps for path in step.makes}
    (process,) = launch.processes
    assert process.argv[:3] == ("llama-server", "--model", made)
    assert made in done and launch.image == process.image == ""
    lora = process.argv[process.argv.index("--lora") + 1]
    assert lora == "adapters/sql.gguf,adapters/own.gguf" and "adapters/sql.gguf" in done
    for step in launch.steps:
        assert all(need in done or need.startswith("adapters/") for need in step.needs)


def test_llamacpp_over_two_devices() -> None:
    layers = replace(board(NEWEST), device=device("rtx-4090"))
    assert layers.plan is not None
    two = replace(layers.plan, degrees=Degrees(pipeline=2), devices_per_node=2)
    assert "layer" in argv(replace(layers, plan=two))
    made = argv(replace(layers, plan=replace(two, degrees=Degrees(tensor=2))))
    assert made[made.index("--split-mode") + 1] == "tensor"
    assert made[made.index("--flash-attn") + 1] == "on"
    sockets = argv(replace(layers, device=EPYC, plan=two))
    assert "--split-mode" not in sockets
    assert sockets[sockets.index("--gpu-layers") + 1] == "0" and "distribute" in sockets


def test_llamacpp_embeds_in_one_pass_and_sees_by_a_projector() -> None:
    made = argv(board(NEWEST, {"features.task": "embed", "features.pooling": "last"}))
    assert made[made.index("--ubatch-size") + 1] == made[made.index("--batch-size") + 1] == "4096"
    assert {"--embedding", "--pooling"} <= set(made)
    sees = catalogue("Qwen/Qwen3-VL-8B-Instruct")
    asked = board(NEWEST, {"features.modalities": ("text", "image")})
    assert "--mmproj-auto" in argv(replace(asked, model=sees))
    assert "--no-mmproj" in argv(replace(board(NEWEST), model=sees))


def test_a_key_goes_by_name() -> None:
    asked = board(OLDEST, {"api.key_env": "HOUSE_KEY"})
    (process,) = asked.target.launch((asked,)).processes
    assert process.env["LLAMA_API_KEY"] == "${HOUSE_KEY}" and process.secrets == ("HOUSE_KEY",)
    assert "--api-key" not in process.argv


def follows(made: tuple[str, ...], option: str) -> str:
    """The word after an option."""
    return made[made.index(option) + 1]


def test_llamacpp_takes_host_memory_only_where_it_may() -> None:
    assert follows(argv(board(NEWEST)), "--cache-ram") == "0"
    assert follows(argv(board(NEWEST, {"limits.host_memory": 3 << 30})), "--cache-ram") == "3072"
    off = {"limits.host_memory": 3 << 30, "cache.offload": "none"}
    assert follows(argv(board(NEWEST, off)), "--cache-ram") == "0"


def test_llamacpp_switches_and_template_arguments() -> None:
    asked = board(NEWEST, {"kernels.attention": "flash_attn", "features.normalize": False})
    made = argv(replace(asked, spec=replace(asked.spec, template_args={"thinking": bound(False)})))
    assert follows(made, "--flash-attn") == "on"
    assert follows(made, "--embd-normalize") == "-1"
    assert follows(made, "--chat-template-kwargs") == '{"thinking":false}'


def test_mlx_drafts_and_keeps_prompts_in_what_is_left() -> None:
    pins = {"features.speculative": "draft", "features.draft": "mlx-community/Llama-3.2-1B"}
    made = argv(mac(pins, draft_tokens=4))
    assert follows(made, "--draft-model") == "mlx-community/Llama-3.2-1B"
    assert follows(made, "--num-draft-tokens") == "4"
    assert "--prompt-cache-bytes" not in made
    asked = mac()
    room = estimate(asked)
    made = argv(replace(asked, memory=room))
    kept = int(follows(made, "--prompt-cache-bytes").removesuffix("MB")) * 10**6
    assert 0 < kept <= room.kv_pool - room.needed_kv - room.band


def mac(pins: dict[str, Any] | None = None, **changes: Any) -> Case:
    base = small(checkpoint=LLAMA_8B.id, weights="bf16", weights_word="bf16", kv="bf16")
    return case("mlx", "0.32.2", pins, model=LLAMA_8B, plan=replace(base, **changes), on_device=MAC)


def test_mlx_quantises_and_serves() -> None:
    asked = mac(load="convert", weights="mlx4", weights_word="mlx4", kv="q8_0")
    launch = asked.target.launch((asked,))
    folder = "models/meta-llama-Llama-3.1-8B-Instruct-mlx4"
    (step,) = launch.steps
    assert step.argv == words(
        "mlx_lm.convert --hf-path meta-llama/Llama-3.1-8B-Instruct",
        f"--mlx-path {folder} -q --q-bits 4",
    )
    (process,) = launch.processes
    assert process.argv == words(
        f"mlx_lm.server --model {folder} --decode-concurrency 4 --prompt-concurrency 4",
        "--prefill-step-size 2048 --kv-bits 8 --quantized-kv-start 0",
        "--host 0.0.0.0 --port 8080",
    )
    assert launch.model_name == "default_model"


def test_mlx_over_several_macs() -> None:
    asked = mac(degrees=Degrees(pipeline=4), nodes=4)
    (process,) = asked.target.launch((asked,)).processes
    assert process.argv[:7] == words(
        "mlx.launch --backend ring --hosts ${SERVEC_HOSTS} -- mlx_lm.server"
    )
    assert process.env["SERVEC_HOSTS"].count(",") == 3 and "--pipeline" in process.argv
    split = mac(degrees=Degrees(tensor=4), nodes=4)
    assert "--pipeline" not in argv(split)
