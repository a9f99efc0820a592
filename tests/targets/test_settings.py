"""Options merge by name, and are written in a form that the parser reads back."""

from __future__ import annotations

from fractions import Fraction

from servec.targets.shared.native import native_settings
from servec.targets.shared.settings import Settings, text_of
from servec.targets.shared.table import load_table
from tests.targets.make import block


def test_json_options_merge_and_later_values_win() -> None:
    settings = Settings(load_table("vllm", "0.33.0"))
    settings.apply({"compilation-config": {"mode": 3, "cudagraph_mode": "NONE"}})
    settings.apply({"compilation-config": {"cudagraph_mode": "FULL"}, "port": 8000})
    settings.set("port", 9000)
    assert settings.argv() == (
        "--compilation-config",
        '{"mode":3,"cudagraph_mode":"FULL"}',
        "--port",
        "9000",
    )


def test_two_names_of_one_option_are_one_entry() -> None:
    settings = Settings(load_table("sglang", "0.5.12.post1"))
    settings.set("tp-size", 8)
    settings.set("tensor-parallel-size", 4)
    assert settings.argv() == ("--tp-size", "4")


def test_booleans_lists_and_values_that_begin_with_a_dash() -> None:
    settings = Settings(load_table("vllm", "0.33.0"))
    settings.apply({"enable-prefix-caching": False, "headless": False, "async-scheduling": True})
    settings.apply({"cudagraph-capture-sizes": [1, 2, 4], "served-model-name": "-house"})
    assert settings.argv() == (
        "--no-enable-prefix-caching",
        "--async-scheduling",
        "--cudagraph-capture-sizes",
        "1",
        "2",
        "4",
        "--served-model-name=-house",
    )


def test_folds_take_the_shorter_spelling() -> None:
    settings = Settings(load_table("vllm", "0.33.0"))
    settings.apply({"compilation-config": {"cudagraph_mode": "NONE", "mode": 0}})
    fold = {"from": {"compilation-config": {"mode": 0, "cudagraph_mode": "NONE"}}}
    settings.fold(({**fold, "to": {"enforce-eager": True}},))
    assert settings.argv() == ("--enforce-eager",)


def test_numbers_are_exact_and_without_exponents() -> None:
    assert text_of(Fraction(9, 10)) == "0.9"
    assert text_of(Fraction(3)) == "3"
    assert text_of(0.0000125) == "0.0000125"
    assert text_of({"top_p": Fraction(4, 5), "top_k": Fraction(20)}) == '{"top_p":0.8,"top_k":20}'


def test_on_blocks_speak_in_table_terms() -> None:
    table = load_table("vllm", "0.33.0")
    said = block(
        "vllm",
        {
            "no_enable_prefix_caching": True,
            "headless": False,
            "compilation-config": {"cudagraph-mode": "FULL"},
            "cudagraph_capture_sizes": 4,
        },
    )
    assert native_settings(said, table) == {
        "enable-prefix-caching": False,
        "headless": False,
        "compilation-config": {"cudagraph_mode": "FULL"},
        "cudagraph-capture-sizes": [4],
    }
