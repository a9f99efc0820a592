"""Names that are no entry: twins of one, and what a name is taken for by its looks."""

import json
import os

import pytest

from servec.compiler.catalogue import models
from servec.compiler.catalogue.assumed import assumed
from servec.compiler.catalogue.naming import PIECES, build_names, last_part
from servec.compiler.catalogue.store import FACTS, fact


@pytest.mark.parametrize(
    ("name", "taken", "scheme", "group"),
    [
        ("/models/Qwen3-32B-AWQ", "Qwen/Qwen3-32B-AWQ", "awq", 128),
        ("./Qwen3-32B/", "Qwen/Qwen3-32B", "bf16", 0),
        ("someone/Qwen3-14B-AWQ", "Qwen/Qwen3-14B, AWQ of 4 bit in groups of 128", "awq", 128),
        ("someone/Qwen3-14B-GPTQ-Int8", "Qwen/Qwen3-14B, GPTQ of 8 bit", "gptq_int8", 128),
        ("RedHatAI/Qwen3-8B-NVFP4", "Qwen/Qwen3-8B, NVFP4 in groups of 16", "nvfp4", 16),
        ("nvidia/Qwen3-14B-FP8", "Qwen/Qwen3-14B, ModelOpt FP8", "fp8_per_tensor", 0),
        ("Qwen/Qwen3-14B-FP8", "Qwen/Qwen3-14B, FP8 in blocks of 128", "fp8_block128", 0),
        ("zai-org/GLM-4.5V-FP8", "zai-org/GLM-4.5V, FP8 by channel", "fp8_per_channel", 0),
        ("someone/Qwen3-14B-FP8-dynamic", "Qwen/Qwen3-14B, FP8 by channel", "fp8_per_channel", 0),
        ("unsloth/Qwen3-14B-bnb-4bit", "Qwen/Qwen3-14B, bitsandbytes NF4", "bnb_nf4", 64),
        ("mlx-community/Qwen3-14B-4bit", "Qwen/Qwen3-14B, MLX of 4 bit", "mlx4", 64),
        ("Qwen/Qwen1.5-7B-Chat-GPTQ-Int4", "Qwen/Qwen1.5-7B-Chat, GPTQ of 4 bit", "gptq", 128),
        ("someone/Kimi-K2-Thinking-BF16", "moonshotai/Kimi-K2-Thinking, not quantised", "bf16", 0),
        ("someone/DeepSeek-R1-AWQ", "deepseek-ai/DeepSeek-R1, AWQ", "awq", 128),
        ("RedHatAI/Qwen3-14B-INT4", "Qwen/Qwen3-14B, weights of 4 bit", "w4a16", 128),
        ("mlx-community/gemma-3-4b-it-qat-4bit", "google/gemma-3-4b-it, MLX", "mlx4", 64),
        ("./Qwen2_5-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct", "bf16", 0),
        ("/cache/models--Qwen--Qwen3-32B/snapshots/0a1b", "Qwen/Qwen3-32B", "bf16", 0),
        ("./Qwen3-14B-Q5_K_M.gguf", "Qwen/Qwen3-14B, GGUF of type q5_k_m", "q5_k_m", 0),
        ("/m/gpt-oss-120b-mxfp4-00001-of-00003.gguf", "openai/gpt-oss-120b, GGUF", "mxfp4", 0),
        ("someone/Qwen3-14B-GGUF", "Qwen/Qwen3-14B, GGUF of type q4_k_m, which is", "q4_k_m", 0),
        ("someone/Qwen3-14B-GGUF:Q6_K", "Qwen/Qwen3-14B, GGUF of type q6_k", "q6_k", 0),
        ("a/Qwen3-14B-GGUF:UD-Q4_K_XL", "Qwen/Qwen3-14B, GGUF of type q4_k_xl, c", "q4_k_m", 0),
        ("a/Qwen3-14B-Q8_0-GGUF", "Qwen/Qwen3-14B, GGUF of type q8_0", "q8_0", 0),
        ("hf.co/a/Qwen_Qwen3-14B-GGUF:IQ4_XS", "Qwen/Qwen3-14B, GGUF of type", "iq4_xs", 0),
        ("s3://bucket/a/Qwen3-32B-FP8/", "Qwen/Qwen3-32B-FP8", "fp8_block128", 0),
        ("./qwen3-coder-480b-a35b-fp8", "Qwen/Qwen3-Coder-480B-A35B-In", "fp8_block128", 0),
        ("hf://someone/Qwen3-14B-AWQ", "Qwen/Qwen3-14B, AWQ", "awq", 128),
        ("https://huggingface.co/Qwen/Qwen3-32B/tree/main", "Qwen/Qwen3-32B", "bf16", 0),
        ("/data/Qwen3-32B/0a1b2c3d", "Qwen/Qwen3-32B", "bf16", 0),
        ("./hub/Qwen/Qwen2___5-7B-Instruct", "Qwen/Qwen2.5-7B-Instruct", "bf16", 0),
        ("meta-llama/Meta-Llama-3-1-8B-Instruct", "meta-llama/Llama-3.1-8B", "bf16", 0),
        ("cyankiwi/Qwen3-14B-AWQ-4bit", "Qwen/Qwen3-14B, compressed", "w4a16", 0),
        ("amd/Qwen3-14B-MXFP4-v2", "Qwen/Qwen3-14B, AMD Quark's MXFP4", "mxfp4", 32),
        ("amd/Qwen3-14B-FP8-KV", "Qwen/Qwen3-14B, AMD Quark's FP8", "fp8_per_tensor", 0),
        ("Intel/Qwen3-14B-int4-AutoRound", "Qwen/Qwen3-14B, AutoRound of 4 bit", "gptq", 128),
        ("a/Huihui-Qwen3-14B-abliterated-NVFP4-MTP", "Qwen/Qwen3-14B, NVFP4", "nvfp4", 16),
        ("someone/Qwen3-14B-heretic", "Qwen/Qwen3-14B", "bf16", 0),
        ("01-ai/Yi-34B-Chat-4bits", "01-ai/Yi-34B, AWQ of 4 bit", "awq", 128),
        ("01-ai/Yi-6B-Chat-8bits", "01-ai/Yi-6B-Chat, GPTQ of 8 bit", "gptq_int8", 128),
        ("OPEA/Qwen2.5-14B-Instruct-int4-sym-inc", "Qwen/Qwen2.5-14B-Instruct, Auto", "gptq", 128),
        ("openbmb/MiniCPM-V-2_6-int4", "openbmb/MiniCPM-V-2_6, bitsandbytes NF4", "bnb_nf4", 64),
        ("internlm/internlm2_5-7b-chat-4bit", "internlm/internlm2_5-7b-chat, AWQ", "awq", 128),
        ("OPEA/Qwen3-14B-int4-AutoRound-awq-sym", "Qwen/Qwen3-14B, AutoRound", "awq", 128),
        ("TheBloke/Mistral-7B-OpenOrca-AWQ", "mistralai/Mistral-7B-v0.1", "awq", 128),
        ("lmsys/longchat-7b-16k", "huggyllama/llama-7b", "fp16", 0),
        ("databricks/dolly-v2-3b", "EleutherAI/pythia-2.8b", "bf16", 0),
    ],
)
def test_taken_for(name: str, taken: str, scheme: str, group: int) -> None:
    assert models.find_model(name) is None
    found = assumed(name)
    assert found is not None
    assert found.assumed.startswith(taken)
    assert (found.id, found.base, found.quant.scheme) == (name, "", scheme)
    assert found.quant.group == group


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("llama3.1:70b", "meta-llama/Llama-3.1-70B-Instruct"),
        ("qwen3:30b-a3b", "Qwen/Qwen3-30B-A3B"),
        ("llama3.2:3b-instruct-q4_K_M", "meta-llama/Llama-3.2-3B-Instruct, GGUF of type q4_k_m"),
        ("deepseek-r1:70b", "deepseek-ai/DeepSeek-R1-Distill-Llama-70B"),
        ("deepseek-r1:8b", ""),  # of two models
        ("/models/Qwen3-235B-A22B-UD-Q4_K_XL", "Qwen/Qwen3-235B-A22B, GGUF of type q4_k_xl, co"),
    ],
)
def test_a_tag_that_is_a_size_belongs_to_the_name(name: str, taken: str) -> None:
    found = assumed(name)
    assert (found.assumed if found else "").startswith(taken)
    assert bool(found) == bool(taken)


def test_a_gguf_repository_is_of_the_type_that_is_asked_for() -> None:
    found = assumed("someone/Qwen3-14B-GGUF", "q8_0")
    assert found is not None
    assert (found.quant.scheme, found.assumed) == ("q8_0", "Qwen/Qwen3-14B, GGUF of type q8_0")
    assert assumed("someone/Qwen3-14B-GGUF", "nonsense") is None


@pytest.mark.parametrize(
    "name",
    [
        "acme/brand-new-70b",
        "acme/brand-new-70b-awq",
        "someone/Qwen3-14B-int4",  # of which format?
        "someone/Qwen3-14B-4bit",  # of which format?
        "someone/Qwen3-14B-my-tune-4bit",  # of which format?
        "someone/Qwen3-14B-EAGLE3",
        "someone/Qwen3-14B-speculator.dflash",
        "someone/Qwen3-14B-lora",
        "someone/Qwen3-14B-REAP-9B",
        "someone/granite-4.0-h-350m",  # layers of another kind
        "someone/Llama-3-VILA1.5-8B",
        "someone/Qwen3-Tune-6B",
        "someone/Qwen3-14B-Reward",
        "someone/Qwen3-14B-A3B",
        "someone/Qwen3-14B-GGUF:nonsense",
        "s3://bucket/model",
        "./Qwen3-14B.gguf",
        "./model",
        "/",
        "",
        "x" * 500,
    ],
)
def test_what_is_open_is_not_guessed(name: str) -> None:
    assert assumed(name) is None


@pytest.mark.parametrize(
    ("name", "taken", "scheme"),
    [
        ("someone/Qwen3-14B-my-tune", "Qwen/Qwen3-14B, which its name begins like", "bf16"),
        ("someone/Qwen3-14B-my-tune-FP8", "Qwen/Qwen3-14B, which its name begins like, F", "fp8"),
        ("./Qwen3-14B-mine-Q5_K_M.gguf", "Qwen/Qwen3-14B, which its name begins like, G", "q5"),
        ("a/Llama-3-Someones-70b-Instruct", "meta-llama/Meta-Llama-3-70B, whose v", "bf16"),
        ("a/EXAONE-3.5-32B-AWQ", "LGAI-EXAONE/EXAONE-3.5-32B-Instruct or another", "awq"),
    ],
)
def test_a_tune_has_the_shape_and_not_the_length_of_what_its_name_begins_like(
    name: str, taken: str, scheme: str
) -> None:
    found = assumed(name)
    assert found is not None
    assert found.assumed.startswith(taken)
    assert found.quant.scheme.startswith(scheme)
    assert found.max_context == 0 and found.heads


def test_a_copy_is_its_entrys_twin_and_has_none_of_its_checkpoints() -> None:
    copy = models.find_model("unsloth/Meta-Llama-3.1-8B-Instruct")
    original = models.find_model("meta-llama/Llama-3.1-8B-Instruct")
    assert copy is not None and original is not None
    assert (copy.total, copy.groups) == (original.total, original.groups)
    assert (copy.id, copy.assumed) == ("unsloth/Meta-Llama-3.1-8B-Instruct", "")
    assert models.variant(original, "fp8") is not None
    assert models.variant(copy, "fp8") is None


def test_twins_stand_at_entries_that_are_there_and_carry_a_source() -> None:
    table = fact("twins")
    assert table["source"] and models.twins() > 3000
    files = set(models.index().values())
    for file, names in table["rows"].items():
        assert file in files
        assert names == sorted(set(names)) and all("/" in name for name in names)
        assert not set(names) & set(models.index())


def test_a_name_is_found_in_one_small_piece() -> None:
    pieces = build_names(models.index(), fact("twins")["rows"])
    assert len(pieces) == PIECES
    for name, held in pieces.items():
        path = os.path.join(FACTS, f"{name}.json")
        assert os.path.getsize(path) < 12_000
        with open(path, encoding="utf-8") as file:
            assert json.load(file) == held
    assert last_part("/models/Qwen3-32B/") == "qwen3-32b"


def test_a_name_said_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="has an entry"):
        build_names({"a/b": "a--b"}, {"c--d": ["a/b"]})


def test_endings_carry_a_source_and_a_readable_quantisation() -> None:
    table = fact("endings")
    assert table["source"]
    for row in table["rows"]:
        assert row["said"] and ("config" in row or row["as"] in ("gguf", "plain", "open"))


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("granite-4.0-micro", "ibm-granite/granite-4.0-micro"),
        ("falcon-h1-7b-instruct", "tiiuae/Falcon-H1-7B-Instruct"),
        ("whisper-large-v3", "openai/whisper-large-v3"),
        ("Granite-4.0-Micro", ""),  # a folder, as a launch line has it
        ("granite", ""),
    ],
)
def test_the_last_part_of_a_repository_is_a_short_name(word: str, id: str) -> None:
    found = models.find_model(word)
    assert (found.id if found else "") == id


@pytest.mark.parametrize(
    ("name", "asked", "method"),
    [
        ("someone/Qwen3-32B-NVFP4", "", "compressed-tensors"),
        ("someone/Qwen3-32B-NVFP4", "modelopt_fp4", "modelopt"),
        ("RedHatAI/Qwen3-32B-NVFP4", "modelopt_fp4", "compressed-tensors"),
        ("Qwen/Qwen3-32B-W4A16", "gptq_marlin", "compressed-tensors"),
        ("someone/Qwen3-32B-W4A16", "gptq_marlin", "gptq"),
    ],
)
def test_the_method_asked_for_tells_how_an_unknown_copy_is_stored(
    name: str, asked: str, method: str
) -> None:
    found = assumed(name, asked=asked)
    assert found is not None and found.quant.method == method
