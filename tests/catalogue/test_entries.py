"""The catalogue's own files: valid, sourced, and in step with what is made from them."""

import os
from typing import Any

import pytest

from servec.compiler.catalogue import devices, models, precision
from servec.compiler.catalogue.entries import entry, entry_files, model_of, written_back
from servec.compiler.catalogue.entry import file_name, restored, trimmed
from servec.compiler.catalogue.generate import generated
from servec.compiler.catalogue.hardware_index import device_files
from servec.compiler.catalogue.store import FACTS, fact
from servec.compiler.catalogue.validate import faults


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return generated()


@pytest.mark.parametrize("file", entry_files())
def test_a_model_entry_is_valid_and_every_figure_has_a_source(file: str) -> None:
    row = fact("models/" + file)
    assert faults("model", row) == ()
    assert file == file_name(row["id"])


@pytest.mark.parametrize("file", device_files())
def test_a_device_is_valid_and_every_figure_has_a_source(file: str) -> None:
    row = fact("hardware/" + file)
    assert faults("device", row) == ()
    assert file == row["id"]


def test_generated_files_are_what_the_entries_give(made: dict[str, str]) -> None:
    for path, text in made.items():
        with open(os.path.join(FACTS, path), encoding="utf-8") as file:
            assert file.read() == text, f"{path} is stale: run `servec models add --refresh`"


def test_no_derived_file_is_left_over(made: dict[str, str]) -> None:
    there = {f"derived/{name}" for name in os.listdir(os.path.join(FACTS, "derived"))}
    assert there == {path for path in made if path.startswith("derived/")}


def test_every_name_finds_its_model() -> None:
    for name, file in models.index().items():
        model = models.find_model(name)
        assert model is not None
        row = fact("models/" + file)
        assert name == row["id"] or name in row["aliases"]
        assert model.id == row["id"]


def test_names_of_the_catalogue_are_not_also_known_by_name_only() -> None:
    assert not set(models.known()) & set(models.index())
    assert not {row["id"] for row in models.known().values()} & set(models.index())


def test_known_names_carry_a_source_for_what_they_state() -> None:
    for row in models.known().values():
        assert {key for key in ("total", "active", "bytes") if key in row} <= set(row["source"])


def test_the_samples_models_and_devices_are_there() -> None:
    for name in ("llama-3.3-70b", "glm-4.5", "magistral-small", "qwen3-vl-32b", "gpt-oss-20b"):
        assert models.find_model(name) is not None
    for name in ("epyc-9554", "orin-nano-8g", "m3-ultra-512g", "l40s", "gb200", "mi300x"):
        assert devices.find_device(name) is not None


def test_a_trimmed_config_is_written_back_with_all_its_modules() -> None:
    kept = [f"model.layers.{n}.mlp.gate" for n in range(94)]
    config: dict[str, Any] = {
        "architectures": ["Qwen3MoeForCausalLM"],
        "bos_token_id": 1,
        "sliding_window": None,
        "quantization_config": {
            "quant_method": "fp8",
            "modules_to_not_convert": ["lm_head", *kept],
            "quantized_layers": {
                f"model.layers.{n}.mlp.experts": {"quant_algo": "NVFP4"} for n in range(3)
            },
        },
    }
    short = trimmed(config)
    assert "bos_token_id" not in short and "sliding_window" in short
    assert short["quantization_config"]["modules_to_not_convert"] == [
        "lm_head",
        "model.layers.[0-93].mlp.gate",
    ]
    config.pop("bos_token_id")
    assert restored(short) == config


@pytest.mark.parametrize("file", entry_files())
def test_an_entry_keeps_what_a_runtime_builds_a_model_by(file: str) -> None:
    config, apart = written_back(file)
    assert config["model_type"]
    assert config["architectures"][0]
    assert isinstance(config.get("text_config", config), dict)
    assert "[" not in "".join(modules_in(config))
    assert model_of({**entry(file), "config": config, "quant_config": apart}) == model_of(
        entry(file)
    )


def modules_in(config: dict[str, Any]) -> list[str]:
    """Names of modules in a quantisation, which must be plain names again."""
    said = config.get("quantization_config") or {}
    names = [*(said.get("modules_to_not_convert") or ()), *(said.get("ignore") or ())]
    return [name for name in (*names, *(said.get("quantized_layers") or ())) if name[:3] != "re:"]


def test_the_index_is_small_enough_to_look_for_what_a_wrong_name_is_like() -> None:
    assert os.path.getsize(os.path.join(FACTS, "index.json")) < 128_000


def test_precision_rows_carry_a_source_that_is_listed() -> None:
    table = fact("precision")
    for group in ("schemes", "kv"):
        for name, row in table[group].items():
            assert row["source"] in table["sources"], name
    assert table["gguf_blocks"]["source"] in table["sources"]
    assert table["gguf_files"]["source"] in table["sources"]
    assert precision.scheme_names()
