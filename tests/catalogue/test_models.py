"""Looking models up: by name, by id, by path, and the checkpoint of another precision."""

import json

import pytest

from servec.compiler.catalogue import models
from servec.compiler.catalogue.derived import decoded, encoded
from servec.compiler.catalogue.entries import entry, entry_files, model_of
from servec.compiler.catalogue.store import fact
from servec.compiler.model import UNREAD
from servec.dsl.sources import MemorySources

CONFIG = json.dumps(entry("Qwen--Qwen3-4B")["config"])


def test_a_name_and_its_id_are_one_model() -> None:
    assert models.find_model("qwen3-32b") is models.find_model("Qwen/Qwen3-32B")


def test_names_are_exact() -> None:
    assert models.find_model("Qwen3-32B") is None
    assert models.find_model("qwen/qwen3-32b") is None
    assert models.find_model("") is None


def test_short_names_are_the_models_name() -> None:
    found = models.find_model("meta-llama/Llama-3.3-70B-Instruct")
    assert found is not None and found.name == "llama-3.3-70b"


@pytest.mark.parametrize(
    ("name", "word", "id"),
    [
        ("qwen3-235b-a22b", "fp8", "Qwen/Qwen3-235B-A22B-FP8"),
        ("qwen3-235b-a22b", "nvfp4", "nvidia/Qwen3-235B-A22B-NVFP4"),
        ("qwen3-235b-a22b-fp8", "bf16", "Qwen/Qwen3-235B-A22B"),
        ("llama-3.3-70b", "fp8", "nvidia/Llama-3.3-70B-Instruct-FP8"),
        ("deepseek-r1-0528", "nvfp4", "nvidia/DeepSeek-R1-0528-NVFP4"),
        ("deepseek-v3.1", "fp8", "deepseek-ai/DeepSeek-V3.1"),
        ("qwen3-32b", "awq", "Qwen/Qwen3-32B-AWQ"),
        ("deepseek-v4-flash", "nvfp4", "nvidia/DeepSeek-V4-Flash-NVFP4"),
        ("qwen3-32b", "mxfp4", None),
        ("qwen3-4b", "q4_k_m", "Qwen/Qwen3-4B-GGUF"),
        ("Qwen/Qwen3-4B-FP8", "q4_k_m", "Qwen/Qwen3-4B-GGUF"),
        ("qwen3.5-9b", "mlx4", "mlx-community/Qwen3.5-9B-4bit"),
        ("qwen3-32b", "q4_k_m", None),
    ],
)
def test_variant(name: str, word: str, id: str | None) -> None:
    model = models.find_model(name)
    assert model is not None
    found = models.variant(model, word)
    assert (found.id if found else None) == id


def test_a_converted_checkpoint_names_its_file() -> None:
    model = models.find_model("qwen3-4b")
    assert model is not None
    found = models.variant(model, "q4_k_m")
    assert found is not None
    assert (found.file, found.quant.method, found.quant.weights) == (
        "Qwen3-4B-Q4_K_M.gguf",
        "gguf",
        "q4_k_m",
    )
    assert 4 < found.quant.bits_of("dense") < 6
    assert found.total == model.total


def test_converted_checkpoints_are_of_models_that_are_there_and_carry_a_source() -> None:
    for base, words in fact("converted")["rows"].items():
        assert base in models.index()
        for word, row in words.items():
            assert row["source"] and row["repo"]
            assert word.startswith("mlx") or row["file"].lower().endswith(f"{word}.gguf")


def test_a_variant_has_the_shape_of_its_base() -> None:
    for file in entry_files():
        row = entry(file)
        if row.get("base"):
            model, base = models.find_model(row["id"]), models.find_model(row["base"])
            assert model is not None and base is not None, file
            assert (model.layers, model.hidden) == (base.layers, base.hidden)
            # one checkpoint pads its layers to whole groups, and publishes that total
            assert model.total in (base.total, row.get("published", {}).get("total"))


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("./qwen", "specs"),
        ("./qwen/config.json", "specs"),
        ("../specs/qwen", "other"),
        ("/models/qwen", "specs"),
        ("./qwen", ""),
    ],
)
def test_a_path_is_read_relative_to_the_spec(name: str, base: str) -> None:
    places = ("specs/qwen", "/models/qwen", "qwen")
    sources = MemorySources({f"{place}/config.json": CONFIG for place in places})
    found = models.find_model(name, sources, base)
    assert found is not None
    assert (found.id, found.layers) == (name, 36)
    assert models.why_not(name, sources, base) == ""


def test_a_folder_may_hold_the_quantisation_apart() -> None:
    apart = {"quantization": {"quant_algo": "FP8", "kv_cache_quant_algo": "FP8"}}
    sources = MemorySources({"q/config.json": CONFIG, "q/hf_quant_config.json": json.dumps(apart)})
    found = models.find_model("./q", sources)
    assert found is not None
    assert (found.quant.weights, found.quant.kv) == ("fp8", "fp8")


def test_sentence_transformers_files_make_an_embedding_model() -> None:
    sources = MemorySources(
        {
            "e/config.json": CONFIG,
            "e/modules.json": "[]",
            "e/1_Pooling/config.json": json.dumps({"pooling_mode_lasttoken": True}),
        }
    )
    found = models.find_model("./e", sources)
    assert found is not None
    assert (found.task, found.pooling, found.head_params) == ("embed", "last", 0)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "m/config.json cannot be read"),
        ({"m/config.json": "nonsense"}, "m/config.json is not JSON"),
        ({"m/config.json": "[]"}, "m/config.json is not a JSON object"),
        (
            {"m/config.json": "{}"},
            "`hidden_size`, `n_embd`, `n_embed`, `d_model`, `dim` is missing in m/config.json",
        ),
    ],
)
def test_why_a_path_gives_nothing(files: dict[str, str], why: str) -> None:
    sources = MemorySources(files)
    assert models.find_model("./m", sources) is None
    assert models.why_not("./m", sources) == why


def test_a_path_needs_files() -> None:
    assert models.find_model("./m") is None
    assert models.why_not("./m") == "no files can be read here"


@pytest.mark.parametrize("file", entry_files())
def test_the_derived_form_is_the_model(file: str) -> None:
    model = model_of(entry(file))
    assert decoded(json.loads(json.dumps(encoded(model)))) == model


def test_an_embedding_model_stores_no_head() -> None:
    found = models.find_model("qwen3-embedding-8b")
    assert found is not None
    assert (found.task, found.pooling, found.total) == ("embed", "last", found.published_total)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("qwen3-32b", "dense"),
        ("qwen3.5-27b", "dense"),
        ("qwen3-235b-a22b", "gqa_moe"),
        ("deepseek-v3.1", "mla_moe"),
        ("deepseek-v4-pro", "mla_moe"),
        ("qwen3-next-80b-a3b", "hybrid_moe"),
        ("nemotron-3-super", "hybrid_moe"),
        ("gpt-oss-20b", "gptoss"),
    ],
)
def test_family(name: str, family: str) -> None:
    found = models.find_model(name)
    assert found is not None and found.family == family


@pytest.mark.parametrize(
    ("name", "tokens", "scaling"),
    [
        ("qwen3-32b", 40960, ""),
        ("llama-3.3-70b", 131072, "llama3"),
        ("deepseek-v3", 163840, "yarn"),
        ("gpt-oss-20b", 131072, "yarn"),
        ("gemma-3-27b", 131072, "linear"),
        ("kimi-k2-thinking", 262144, "yarn"),
        ("devstral-small-2", 393216, "yarn"),
        ("qwen3-4b-2507", 262144, ""),
        ("gemma-4-31b", 262144, ""),
    ],
)
def test_context(name: str, tokens: int, scaling: str) -> None:
    found = models.find_model(name)
    assert found is not None
    assert (found.max_context, found.context_scaling) == (tokens, scaling)


def test_inputs_and_vision_heads() -> None:
    vision = models.find_model("qwen3-vl-32b")
    text = models.find_model("qwen3-32b")
    assert vision is not None and text is not None
    assert (vision.modalities, vision.vision_heads) == (("text", "image", "video"), 16)
    assert (text.modalities, text.vision_heads) == (("text",), 0)


def test_drafts_are_counted_apart() -> None:
    model = models.find_model("glm-4.5")
    assert model is not None
    assert model.mtp_layers == 1
    assert model.total + model.mtp_params + model.mtp_copies == model.published_total
    assert models.find_model("minimax-m2").mtp_layers == 0  # type: ignore[union-attr]


def test_generations_leave_the_size_out() -> None:
    assert models.find_model("llama-3.3-70b").generation == "llama-3.3"  # type: ignore[union-attr]
    assert models.find_model("qwen3-32b").generation == "qwen3"  # type: ignore[union-attr]
    assert models.find_model("deepseek-v3.1").generation == "deepseek-v3.1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "task", "tokens"),
    [
        ("bge-m3", "embed", 8192),
        ("bge-reranker-v2-m3", "rerank", 8192),
        ("qwen3-embedding-0.6b", "embed", 32768),
        ("qwen3-reranker-8b", "rerank", 40960),
    ],
)
def test_models_that_do_not_generate(name: str, task: str, tokens: int) -> None:
    found = models.find_model(name)
    assert found is not None
    assert (found.task, found.max_context) == (task, tokens)


def test_an_encoder_keeps_no_cache_and_has_no_head() -> None:
    found = models.find_model("bge-reranker-v2-m3")
    assert found is not None
    assert found.total == found.published_total
    assert not any(g.attention.kv_elements for g in found.groups)
    assert (found.head_params, found.quant.weights, found.quant.bits_of("other")) == (0, "fp32", 32)


def test_an_unknown_type_is_counted_with_a_note() -> None:
    config = {**json.loads(CONFIG), "model_type": "brand_new"}
    sources = MemorySources({"m/config.json": json.dumps(config)})
    found = models.find_model("./m", sources)
    assert found is not None
    assert found.notes == ("`brand_new` is not known: counted as a decoder like Llama",)


def test_types_of_the_catalogue_are_known() -> None:
    for file in entry_files():
        model = models.find_model(entry(file)["id"])
        assert model is not None
        assert not any("is not known" in note for note in model.notes), file


def test_an_entry_of_which_no_file_was_read_says_so() -> None:
    taken = [file for file in entry_files() if "own files not read" in str(entry(file)["source"])]
    assert taken
    for file in taken:
        model = models.find_model(entry(file)["id"])
        assert model is not None and UNREAD in model.notes
