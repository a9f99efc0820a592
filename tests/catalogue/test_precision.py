"""Bits per weight and per cache element."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servec.compiler.catalogue import modules, precision


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("bf16", 16),
        ("fp8_block128", Fraction(4097, 512)),
        ("mxfp8", Fraction(33, 4)),
        ("nvfp4", Fraction(9, 2)),
        ("mxfp4", Fraction(17, 4)),
        ("awq", Fraction(133, 32)),
        ("w4a16", Fraction(33, 8)),
        ("mlx4", Fraction(9, 2)),
        ("mlx8", Fraction(17, 2)),
        ("q8_0", Fraction("8.5008")),
        ("q4_k_m", Fraction("4.8944")),
        ("q4_0", Fraction(9, 2)),
        ("nonsense", None),
    ],
)
def test_bits(name: str, bits: Fraction | None) -> None:
    assert precision.bits_per_weight(name) == bits


def test_words_and_schemes() -> None:
    assert precision.word_of("fp8_block128") == "fp8"
    assert precision.word_of("q4_k_m") == "q4_k_m"
    assert precision.schemes_of("fp8")[0] == "fp8_per_tensor"
    assert "mxfp4" in precision.schemes_of("mxfp4")
    assert precision.schemes_of("q4_k_m") == ()


def test_stored_bits_of_a_matrix() -> None:
    block = precision.scheme("fp8_block128")
    assert block is not None
    assert block.stored(130, 256) == 130 * 256 * 8 + 2 * 2 * 32
    channel = precision.scheme("fp8_per_channel")
    assert channel is not None
    assert channel.stored(10, 64) == 10 * 64 * 8 + 10 * 32
    group = precision.scheme("awq")
    assert group is not None
    assert group.stored(8, 128, group=64) == 8 * 128 * 4 + 8 * 2 * 20


def test_gguf_types_are_words_of_the_language() -> None:
    types = precision.gguf_types()
    assert {"q4_k_m", "q5_k_m", "q6_k", "q8_0", "iq4_xs", "mxfp4"} <= set(types)
    assert all(name == name.lower() and precision.gguf_bits(name) for name in types)
    assert precision.gguf_block_bits("q6_k") == Fraction(105, 16)


def test_cache_types() -> None:
    assert precision.kv_bits("bf16") == 16
    assert precision.kv_bits("fp8") == 8
    assert precision.kv_bits("q8_0") == Fraction(17, 2)
    assert precision.kv_bits("int8_per_token_head", 128) == Fraction(33, 4)
    assert precision.kv_bits("nonsense") is None


@given(
    st.lists(st.integers(0, 200), min_size=1, unique=True), st.sampled_from(("", "*", ".mlp.gate"))
)
def test_module_lists_are_put_together_and_taken_apart(numbers: list[int], tail: str) -> None:
    names = [f"model.layers.{n}{tail}" for n in sorted(numbers)]
    short = modules.compact(["lm_head", *names])
    assert len(short) == 2
    assert list(modules.expand(short)) == ["lm_head", *names]


def test_expressions_are_left_alone() -> None:
    names = ("re:model\\.layers\\.0\\..*", "gate", "model.layers.*.mlp")
    assert modules.compact(names) == names
    assert modules.expand(names) == names
    assert modules.layers_of("re:[0-9]+") == ("re:[0-9]+", None, "")


@pytest.mark.parametrize("text", ["[]", "[a]", "[0-99999]", "[1-", "]0[", "[9-1,]"])
def test_odd_ranges_are_plain_names_or_empty(text: str) -> None:
    head, numbers, _ = modules.layers_of(f"model.layers.{text}.mlp")
    assert numbers is None or len(numbers) <= modules.MOST
    assert head.startswith("model.layers.")
