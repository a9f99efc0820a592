"""TensorRT-LLM among the candidates: engine builds, versions without them, and what it refuses."""

from __future__ import annotations

import pytest

from servec.compiler.options.constraints import broken
from servec.dsl.record import replace
from tests.plan.compiling import codes, compiled, of, reasons
from tests.targets.make import TARGET, case
from tests.targets.sweep_parts import EMBEDDER, ONE

WEEKLY = """servec 1
deployment "weekly" {
  model = llama-3.1-8b
  hardware = h100 x 2
  workload { kind = chat; input = 1k tokens; output = 300 tokens; concurrency = 64 }
  lifecycle { update_every = 7d }
  @ON@
}
"""
ENGINE = 'on trtllm { version = "1.3.0rc3"; backend = tensorrt }'


def test_a_weekly_checkpoint_is_built_weekly() -> None:
    (found,) = compiled(WEEKLY.replace("@ON@", ENGINE)).deployments
    assert found.chosen is not None and found.chosen.target != "trtllm"
    against = reasons(of(found, "trtllm"), good=False)
    assert "repeats the engine build" in against["operations.engine-build"]


@pytest.mark.parametrize("on", ["", 'on trtllm { version = "1.3.0rc3" }'])
def test_without_an_engine_the_reason_says_so(on: str) -> None:
    (found,) = compiled(WEEKLY.replace("@ON@", on)).deployments
    assert found.chosen is not None and found.chosen.target != "trtllm"
    against = reasons(of(found, "trtllm"), good=False)
    assert "without an engine build" in against["operations.updates"]
    assert "operations.engine-build" not in against


def test_main_refuses_the_engine_and_names_the_version_that_has_it() -> None:
    on = 'on trtllm { version = "main"; backend = tensorrt }'
    found = compiled(WEEKLY.replace("@ON@", on))
    assert codes(found) == ["SRV205"]
    assert any("1.3.0rc3" in figure.text for figure in found.diagnostics[0].figures)


def test_options_of_the_engine_path_are_gone_from_main() -> None:
    on = 'on trtllm { version = "main"; build_config { max_input_len = 1024 } }'
    found = compiled(WEEKLY.replace("@ON@", on))
    assert codes(found) == ["SRV203"]


def one(lines: str, target: str = "trtllm") -> list[str]:
    text = f'servec 1\ndeployment "d" {{\n{lines}\n}}\n'
    return codes(compiled(text, (target,)))


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("model = qwen3-8b\nhardware = mi300x x 1", "SRV303"),
        ("model = qwen3-8b\nhardware = v100-32g x 1", "SRV303"),
        ("model = qwen3-8b\nhardware = m4-max-128g x 1", "SRV303"),
        # 1536 / 8 = 192 columns are one block and a half: wrong there in silence
        (
            "model = qwen3-235b-a22b-fp8\nhardware = h200 x 8\nparallel { tensor = 8; expert = 1 }",
            "SRV403",
        ),
        ("model = llama-3.3-70b\nhardware = h100 x 8\nparallel { data = 2 }", "SRV310"),
        (
            "model = deepseek-v3\nhardware = h200 x 8\nparallel { tensor = 2; data = 4 }",
            "SRV310",
        ),
        (
            "model = qwen3-embedding-8b\nhardware = h100 x 2\nfeatures { task = embed }\n"
            "parallel { tensor = 2 }",
            "SRV310",
        ),
    ],
)
def test_what_it_refuses(lines: str, code: str) -> None:
    assert one(lines) == [code]


def test_a_checkpoint_has_the_last_word_on_its_cache() -> None:
    lines = "model = llama-3.3-70b\nhardware = h100 x 4\nprecision { weights = fp8@KV@ }"
    assert one(lines.replace("@KV@", "")) == []
    assert one(lines.replace("@KV@", "; kv = fp8")) == []
    assert one(lines.replace("@KV@", "; kv = bf16")) == ["SRV310"]
    plain = "model = llama-3.3-70b\nhardware = b200 x 4\nprecision { kv = @KV@ }"
    assert one(plain.replace("@KV@", "bf16")) == []
    assert one(plain.replace("@KV@", "nvfp4")) == ["SRV310"]


def test_only_models_that_it_pools_are_embedded() -> None:
    assert one("model = qwen3-embedding-8b\nhardware = h100 x 1") == []
    other = replace(case("trtllm", "main", model=EMBEDDER, plan=ONE), plan=None)
    rules = TARGET["trtllm"].constraints("main")
    assert broken(other, rules) is None
    model = replace(EMBEDDER, architecture="Qwen2ForCausalLM")
    rule = broken(replace(other, model=model), rules)
    assert rule is not None and "Qwen3-Embedding" in rule.why


def test_whole_experts_and_wide_cuts_are_taken() -> None:
    model = "model = qwen3-235b-a22b-fp8\nhardware = h200 x 8\n"
    # copied KV heads are a note, no refusal
    assert one(model + "parallel { tensor = 8; expert = 8 }") == ["SRV402"]
    assert one(model + "parallel { tensor = 8; expert = 2 }") == ["SRV402"]


PHI = """model = phi-4
hardware = h100 x 2
parallel { tensor = 1; pipeline = 2 }
on trtllm { version = "1.3.0rc3"; backend = tensorrt }
"""


def test_a_converter_without_stages_is_not_asked_for_them() -> None:
    assert one(PHI + "precision { kv = bf16 }") == ["SRV310"]
    assert "SRV310" not in one(PHI.replace("pipeline = 2", "pipeline = 1").replace("x 2", "x 1"))
    (found,) = compiled(f"servec 1\ndeployment d {{\n{PHI}}}\n", ("trtllm",)).deployments
    assert found.chosen is not None
    convert = next(step for step in found.chosen.launch().steps if step.name == "checkpoint")
    assert convert.argv[1].endswith("quantize.py")  # which does cut it, with a cache in FP8


@pytest.mark.parametrize(("version", "reused"), [("1.3.0rc3", False), ("main", True)])
def test_a_recurrent_state_is_reused_where_the_version_keeps_it(version: str, reused: bool) -> None:
    on = f'on trtllm {{ version = "{version}" }}'
    lines = f'model = "Qwen/Qwen3-Next-80B-A3B-Thinking"; hardware = h200 x 4\n  {on}'
    text = f'servec 1\ndeployment "d" {{\n{lines}\n}}\n'
    (found,) = compiled(text, ("trtllm",)).deployments
    assert found.chosen is not None and found.chosen.plan is not None
    assert found.chosen.plan.prefix_cache is reused


def test_a_word_in_the_options_file_needs_no_quotes() -> None:
    on = 'on trtllm { version = "1.3.0rc3"; sampler-type = TorchSampler }'
    assert one(f"model = qwen3-8b\nhardware = h100 x 1\n{on}") == []


def test_sparse_layers_without_a_dense_way_are_said() -> None:
    text = 'servec 1\ndeployment "d" {\nmodel = "MiniMaxAI/MiniMax-M3"\nhardware = b200 x 8\n}\n'
    (found,) = compiled(text, ("trtllm",)).deployments
    assert found.chosen is not None and found.chosen.plan is not None
    assert found.chosen.plan.prefix_cache is False
    (file,) = found.chosen.launch().configs
    assert "algorithm: minimax_m3" in file.text and "enable_block_reuse: false" in file.text


MAIN = 'on trtllm { version = "main" }\n'


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ('model = "MiniMaxAI/MiniMax-M3"\nhardware = b200 x 8\nfeatures.prefix_cache = true', 1),
        (
            'model = "deepseek-ai/DeepSeek-V4-Flash"\nhardware = b200 x 8\ncache.block = 32 tokens',
            1,
        ),
        (
            'model = "deepseek-ai/DeepSeek-V4-Pro"\nhardware = b200 x 8\ncache.block = 128 tokens',
            0,
        ),
        ('model = "deepseek-ai/DeepSeek-V4-Flash"\nhardware = h200 x 8\nprecision.kv = fp8', 1),
        ('model = "moonshotai/Kimi-K3"\nhardware = h200 x 32\nnodes = 4', 1),
        ('model = "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4"\nhardware = h100 x 2', 0),
    ],
)
def test_what_main_demands_of_a_model(lines: str, count: int) -> None:
    assert one(f"{lines}\n{MAIN}").count("SRV310") == count
