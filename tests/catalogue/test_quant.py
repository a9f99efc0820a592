"""Storage of checkpoints, found wherever they say it."""

from fractions import Fraction
from typing import Any

import pytest

from servec.compiler.catalogue.ingest.build import Refused, ingest
from servec.compiler.catalogue.models import find_model
from servec.compiler.model import Quant

DENSE: dict[str, Any] = {
    "architectures": ["Qwen3ForCausalLM"],
    "model_type": "qwen3",
    "hidden_size": 4096,
    "num_hidden_layers": 4,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "intermediate_size": 12288,
    "vocab_size": 1000,
    "tie_word_embeddings": False,
}


def _quant(name: str) -> Quant:
    found = find_model(name)
    assert found is not None
    return found.quant


def _of(quantization: dict[str, Any], apart: dict[str, Any] | None = None) -> Quant:
    found = ingest(
        {**DENSE, **({"quantization_config": quantization} if quantization else {})}, apart
    )
    assert not isinstance(found, Refused), found
    return found.quant


@pytest.mark.parametrize(
    ("name", "method", "scheme", "word"),
    [
        ("qwen3-235b-a22b", "none", "bf16", "bf16"),
        ("qwen3-235b-a22b-fp8", "fp8", "fp8_block128", "fp8"),
        ("qwen3-235b-a22b-nvfp4", "modelopt", "nvfp4", "nvfp4"),
        ("qwen3-32b-awq", "awq", "awq", "awq"),
        ("qwen3-30b-a3b-gptq", "gptq", "gptq", "gptq"),
        ("gpt-oss-120b", "mxfp4", "mxfp4", "mxfp4"),
        ("llama-3.1-405b-fp8", "fbgemm_fp8", "fp8_per_channel", "fp8"),
        ("llama-3.1-70b-fp8", "modelopt", "fp8_per_tensor", "fp8"),
        ("llama-4-scout-fp8", "compressed-tensors", "fp8_per_channel", "fp8"),
        ("devstral-2", "fp8", "fp8_per_tensor", "fp8"),
        ("kimi-k2.5", "compressed-tensors", "w4a16", "int4"),
        ("kimi-k3", "compressed-tensors", "mxfp4", "mxfp4"),
        ("minimax-m3-nvfp4", "modelopt", "mixed", "nvfp4"),
        ("deepseek-v4.1-flash", "fp8", "fp8_block32", "fp8"),
    ],
)
def test_scheme(name: str, method: str, scheme: str, word: str) -> None:
    quant = _quant(name)
    assert (quant.method, quant.scheme, quant.weights) == (method, scheme, word)


def test_a_nested_quantization_config_is_found() -> None:
    assert _quant("kimi-k2.5").group == 32
    assert _quant("kimi-k2.5").bits_of("experts") == Fraction(9, 2)
    assert _quant("kimi-k2.5").bits_of("shared") == 16


def test_hf_quant_config_alone_tells() -> None:
    quant = _of(
        {},
        {"quantization": {"quant_algo": "NVFP4", "kv_cache_quant_algo": "FP8", "group_size": 16}},
    )
    assert (quant.scheme, quant.kv, quant.group) == ("nvfp4", "fp8", 16)


def test_experts_of_deepseek_v4_are_fp4_under_a_method_called_fp8() -> None:
    quant = _quant("deepseek-v4-pro")
    assert quant.schemes == ("fp8_block128", "mxfp4")
    assert quant.bits_of("experts") == Fraction(17, 4)
    assert quant.bits_of("shared") == Fraction(4097, 512)


def test_nvfp4_experts_beside_fp8_take_the_name_of_the_experts() -> None:
    quant = _quant("deepseek-v4-flash-nvfp4")
    assert (quant.weights, quant.expert_scheme) == ("nvfp4", "nvfp4")
    assert 8 < quant.bits_of("attention") < 9


def test_partly_excluded_attention_is_counted_by_matrix() -> None:
    """DeepSeek-V3.1-NVFP4 quantises the output projection and leaves the others alone."""
    model = find_model("deepseek-v3.1-nvfp4")
    assert model is not None
    group = model.groups[0].attention
    output = 7168 * 128 * 128
    whole = group.params + group.whole
    wanted = (16 * (whole - output) + Fraction(9, 2) * output) / whole
    assert model.quant.bits_of("attention") == wanted


def test_a_layer_range_that_covers_the_drafts_keeps_them() -> None:
    assert "mtp" in _quant("deepseek-v3.1-nvfp4").kept
    assert "mtp" not in _quant("deepseek-v3").kept


def test_mixed_precision_by_module() -> None:
    quant = _quant("qwen3.6-27b-nvfp4")
    assert quant.schemes == ("nvfp4", "fp8_per_tensor")
    assert quant.bits_of("dense") == Fraction(9, 2)
    assert 8 <= quant.bits_of("attention") < Fraction(81, 10)
    assert quant.bits_of("head") == Fraction(9, 2)


def test_everything_but_the_experts_of_gpt_oss_is_16_bit() -> None:
    quant = _quant("gpt-oss-20b")
    assert {"attention", "router", "embed", "head"} <= quant.kept
    assert Fraction(17, 4) <= quant.bits_of("experts") < Fraction(43, 10)


def test_blocks_are_kept_for_the_rules() -> None:
    assert _quant("qwen3-235b-a22b-fp8").block == (128, 128)
    assert _quant("devstral-2").block == (0, 0)


def test_awq_and_gptq_store_zero_points() -> None:
    awq = _of({"quant_method": "awq", "bits": 4, "group_size": 64})
    assert awq.bits_of("dense") == 4 + Fraction(20, 64)
    gptq = _of({"quant_method": "gptq", "bits": 4, "group_size": -1, "desc_act": True})
    assert gptq.desc_act and gptq.bits_of("dense") == 4 + Fraction(20, 128)


def test_names_mean_the_modules_below_them() -> None:
    quant = _of(
        {
            "quant_method": "fp8",
            "modules_to_not_convert": [f"model.layers.{n}.self_attn" for n in range(4)],
        }
    )
    assert quant.bits_of("attention") == 16 and quant.bits_of("dense") < Fraction(81, 10)


def test_half_of_the_layers_kept_is_half_the_bits() -> None:
    quant = _of(
        {
            "quant_method": "modelopt",
            "quant_algo": "FP8",
            "ignore": ["model.layers.[0-1].mlp*", "lm_head"],
        }
    )
    assert 12 <= quant.bits_of("dense") < Fraction(12001, 1000)


def test_a_regular_expression_is_matched_by_published_names() -> None:
    config = {
        "quant_method": "compressed-tensors",
        "config_groups": {
            "g": {
                "targets": ["Linear"],
                "weights": {"num_bits": 4, "type": "int", "group_size": 128},
            }
        },
        "ignore": ["re:.*self_attn.*", "lm_head"],
    }
    quant = _of(config)
    assert quant.bits_of("attention") == 16
    assert quant.bits_of("dense") == 4 + Fraction(16, 128)


def test_an_expression_that_could_run_for_ever_is_left_out() -> None:
    evil = "re:" + "(a+)+" * 20 + "$"
    config: dict[str, Any] = {
        "quant_method": "compressed-tensors",
        "ignore": [evil, "re:(.*)*x", "re:("],
    }
    config["config_groups"] = {
        "g": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float"}}
    }
    assert _of(config).bits_of("attention") < 9


def test_mlx_quantises_the_head_too() -> None:
    found = ingest({**DENSE, "quantization": {"group_size": 64, "bits": 4}})
    assert not isinstance(found, Refused)
    assert (found.quant.scheme, found.quant.bits_of("head")) == ("mlx4", Fraction(9, 2))


@pytest.mark.parametrize(
    "quantization",
    [
        {"quant_method": "hqq"},
        {"quant_method": "fp8", "weight_block_size": [64, 256]},
        {"quant_method": "modelopt", "quant_algo": "FP3"},
        {"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION"},
        {"quant_method": "gptq", "bits": 3},
        {"quant_method": "compressed-tensors"},
        {"quant_method": 7},
    ],
)
def test_an_unknown_layout_is_refused_and_not_guessed(quantization: dict[str, Any]) -> None:
    found = ingest({**DENSE, "quantization_config": quantization})
    assert isinstance(found, Refused)
    assert found.why and not found.why.endswith(".")


@pytest.mark.parametrize(
    ("weight", "scheme", "group"),
    [
        ({"dtype": "fp4", "qscheme": "per_group", "group_size": 32}, "mxfp4", 32),
        ({"dtype": "fp8_e4m3", "qscheme": "per_channel"}, "fp8_per_channel", 0),
        ([{"dtype": "fp4"}, {"dtype": "fp8_e4m3"}], "nvfp4", 16),
        ([{"dtype": "fp8_e4m3"}, {"dtype": "int4"}], "w4a8_fp8", 128),
    ],
)
def test_quark_says_its_format_by_the_type_of_the_weight(
    weight: Any, scheme: str, group: int
) -> None:
    said = {
        "quant_method": "quark",
        "export": {"kv_cache_group": ["*k_proj"]},
        "global_quant_config": {"weight": weight},
        "exclude": ["lm_head", "re:.*self_attn.*"],
    }
    quant = _of(said)
    assert (quant.method, quant.scheme, quant.group, quant.kv) == ("quark", scheme, group, "fp8")
    assert "attention" in quant.kept and "dense" not in quant.kept


def test_quark_in_unknown_steps_is_refused() -> None:
    row = {"weight": [{"dtype": "int2"}, {"dtype": "fp8_e4m3"}]}
    found = ingest(
        {**DENSE, "quantization_config": {"quant_method": "quark", "global_quant_config": row}}
    )
    assert isinstance(found, Refused) and "weight" in found.why


def test_autoround_is_read_as_what_it_packs_like() -> None:
    said = {"quant_method": "auto-round", "bits": 4, "group_size": 128, "data_type": "int"}
    assert _of(said).scheme == "gptq"
    assert _of({**said, "packing_format": "auto_round:auto_awq"}).scheme == "awq"
    assert _of({**said, "data_type": "mx_fp", "group_size": 32}).scheme == "mxfp4"
    kept = _of({**said, "extra_config": {".*self_attn.*": {"bits": 16}}})
    assert "attention" in kept.kept
    bad = ingest({**DENSE, "quantization_config": {**said, "bits": 3}})
    assert isinstance(bad, Refused) and "bits" in bad.why
