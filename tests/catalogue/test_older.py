"""Configs of the older decoders: other names of the keys, biases, positions, two matrices."""

from typing import Any

import pytest

from servec.compiler.catalogue.entries import entry
from servec.compiler.catalogue.ingest.build import Refused, ingest
from servec.compiler.model import Model


def _model(config: dict[str, Any]) -> Model:
    found = ingest(config)
    assert not isinstance(found, Refused), found.why
    return found


@pytest.mark.parametrize(
    ("file", "total", "heads", "kv_heads", "context"),
    [
        ("tiiuae--falcon-7b", 7217189760, 71, 1, 2048),
        ("tiiuae--falcon-40b", 41835970560, 128, 8, 2048),
        ("tiiuae--falcon-180B", 179522565120, 232, 8, 2048),
        ("bigscience--bloom", 176247271424, 112, 112, 2048),
        ("bigcode--starcoderbase-1b", 1137207296, 16, 1, 8192),
        ("bigcode--starcoder2-15b", 15957889024, 48, 4, 16384),
        ("EleutherAI--gpt-j-6b", 6050882784, 16, 16, 2048),
        ("EleutherAI--pythia-14m", 14067712, 4, 4, 2048),
        ("openai-community--gpt2", 124439808, 12, 12, 1024),
        ("facebook--opt-6.7b", 6658473984, 32, 32, 2048),
        ("mosaicml--mpt-7b", 6649286656, 32, 32, 2048),
        ("microsoft--phi-2", 2779683840, 32, 32, 2048),
        ("stabilityai--stablelm-3b-4e1t", 2795443200, 32, 32, 4096),
        ("databricks--dbrx-instruct", 131596523520, 48, 8, 32768),
        ("Qwen--Qwen-72B", 72287920128, 64, 64, 32768),
        ("CohereForAI--c4ai-command-r-plus", 103810674688, 96, 8, 131072),
        ("zai-org--GLM-4-32B-0414", 32566081536, 48, 2, 32768),
        ("Qwen--Qwen2-VL-72B-Instruct", 73405560320, 64, 8, 32768),
        ("OpenGVLab--InternVL3-38B", 38388164992, 40, 8, 32768),
    ],
)
def test_counted_to_the_published_weight(
    file: str, total: int, heads: int, kv_heads: int, context: int
) -> None:
    model = _model(entry(file)["config"])
    counts = {model.total, model.total + (model.embed_params if model.tied else 0)}
    assert total in counts
    assert (model.heads, model.kv_heads, model.max_context) == (heads, kv_heads, context)
    assert not any("is not known" in note for note in model.notes)


def test_falcons_two_layouts_differ_in_kv_heads_and_norms() -> None:
    old = {"model_type": "falcon", "hidden_size": 512, "num_hidden_layers": 2, "vocab_size": 100}
    old |= {"num_attention_heads": 8, "multi_query": True, "bias": False}
    new = {**old, "new_decoder_architecture": True, "num_kv_heads": 2}
    assert (_model(old).kv_heads, _model(new).kv_heads) == (1, 2)
    assert _model({**old, "multi_query": False}).kv_heads == 8
    norms = [_model(config).groups[0].norm_params for config in (old, new)]
    assert norms == [2 * 512, 4 * 512]
    assert _model({**new, "num_ln_in_parallel_attn": 1}).groups[0].norm_params == 2 * 512


def test_a_width_that_is_not_stated_is_four_times_the_hidden_one() -> None:
    config = {"model_type": "gpt2", "n_embd": 64, "n_layer": 2, "n_head": 4, "vocab_size": 100}
    config["n_positions"] = 32
    assert _model(config).width == 256
    assert _model({**config, "n_inner": 100}).width == 100
    assert isinstance(ingest({**config, "model_type": "llama"}), Refused)


def test_the_towers_of_an_entry_are_part_of_its_total() -> None:
    from servec.compiler.catalogue.models import find_model

    found = find_model("llava-hf/llava-1.5-7b-hf")
    assert found is not None
    assert found.vision_params == 324487168
    assert found.total == found.published_total
    assert not any("not counted" in note for note in found.notes)


def test_lfm2_attends_in_some_layers_and_convolves_in_the_others() -> None:
    model = _model(entry("LiquidAI--LFM2.5-1.2B-Instruct")["config"])
    assert (model.total, model.width) == (1170340608, 8192)
    conv, full = model.groups
    assert (conv.attention.kind, conv.count, conv.attention.state_elements) == ("linear", 10, 4096)
    assert (full.attention.kind, full.indices) == ("full", (2, 5, 8, 10, 12, 14))
    plain = {**entry("LiquidAI--LFM2.5-1.2B-Instruct")["config"], "block_auto_adjust_ff_dim": False}
    assert _model(plain).width == 12288


@pytest.mark.parametrize(
    ("file", "total", "a_token"),
    [
        ("Deci--DeciLM-7B-instruct", 7043551232, 2 * 67 * 128),
        ("Snowflake--snowflake-arctic-instruct", 478584608768, 35 * 2 * 8 * 128),
        ("THUDM--chatglm-6b", 6173286400, 28 * 2 * 4096),
        ("Tele-AI--TeleChat2-7B", 7617351680, 30 * 2 * 4096),
        ("Zyphra--Zamba2-2.7B", 2662214560, 9 * 2 * 5120),
        ("adept--fuyu-8b", 9408238592, 36 * 2 * 4096),
        ("core42--jais-13b", 13020811920, 40 * 2 * 5120),
        ("facebook--bart-large", 406291456, 12 * 2 * 1024),
        ("google--flan-t5-xl", 2849757184, 24 * 2 * 2048),
        ("nvidia--Llama-3_1-Nemotron-Ultra-253B-v1", 253401268224, 64 * 2 * 8 * 128),
        ("stepfun-ai--step3", 320969912832, 61 * 2 * 256),
        ("tencent--Tencent-Hunyuan-Large", 388701402880, 32 * 2 * 8 * 80),
    ],
)
def test_weights_and_cache_of_the_rarer_kinds(file: str, total: int, a_token: int) -> None:
    model = _model(entry(file)["config"])
    held = sum(group.count * group.attention.kv_elements for group in model.groups)
    assert (model.total, held) == (total - _tower(file), a_token)


def _tower(file: str) -> int:
    tower: int = entry(file).get("vision", 0)
    return tower


def test_a_zamba_of_which_only_the_size_is_told() -> None:
    row = entry("Zyphra--Zamba2-2.7B")["config"]
    kept = {key: value for key, value in row.items() if key != "layers_block_type"}
    assert _model(kept).total == _model(row).total
