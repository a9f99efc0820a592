"""Names that are not in the catalogue, and those that are nearest to them."""

import pytest

from servec.compiler.catalogue.alike import alike


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("qwen3-235b-a22", "qwen3-235b-a22b"),
        ("lama-3.3-70b", "llama-3.3-70b"),
        ("qwen/qwen3-32b", "Qwen/Qwen3-32B"),
        ("deepseek", "deepseek-r1"),
    ],
)
def test_a_misspelt_name_has_a_nearest_one(name: str, near: str) -> None:
    assert alike(name)[0] == near


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Llama-3.3-70B-Instruct", "llama-3.3-70b"),
        ("Qwen3-Coder-480B-A35B-Instruct-FP8", "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8"),
        ("llama3.3", "llama-3.3-70b"),
        ("Qwen3-235B", "qwen3-235b-a22b"),
        ("gemma3-27b", "gemma-3-27b"),
    ],
)
def test_a_name_as_people_say_it_has_a_nearest_one(name: str, near: str) -> None:
    assert alike(name)[0] == near


def test_what_is_like_nothing_has_none() -> None:
    assert alike("zzzzzzzzzz") == alike("acme/brand-new-70b") == alike("") == ()
