"""Speculation whose draft is a checkpoint of its own names it, unless the model brings layers."""

from __future__ import annotations

import pytest

from servec.api import check

SPEC = """servec 1

deployment "x" {{
  target = {target}
  model = {model}
  hardware = h200 x 8
  limits.context = 8Ki tokens
  features {{ speculative = {how}{draft} }}
}}
"""


def titles(target: str, model: str, how: str, draft: str = "") -> list[str]:
    """What is wrong with a spec that drafts so."""
    text = SPEC.format(target=target, model=model, how=how, draft=draft)
    found = check({"x.srv": text}).diagnostics
    return [item.title for item in found if item.severity == "error"]


@pytest.mark.parametrize("target", ["vllm", "sglang"])
@pytest.mark.parametrize("how", ["eagle", "eagle3", "dflash", "dspark", "draft"])
def test_a_draft_of_its_own_is_named(target: str, how: str) -> None:
    assert titles(target, "qwen3-8b", how) == [
        "qwen3-8b has no draft model: `features.draft` names it"
    ]


def test_layers_of_the_model_are_drafted_with() -> None:
    """SGLang drafts with them by any of these words, vLLM by `mtp` alone."""
    assert titles("sglang", "deepseek-v3", "eagle") == []
    assert titles("vllm", "deepseek-v3", "mtp") == []
    told = "vllm 0.33.0 does not start with `features.speculative = eagle`"
    assert titles("vllm", "deepseek-v3", "eagle") == [told]


def test_named() -> None:
    draft = '; draft = "AngelSlim/Qwen3-8B_eagle3"'
    assert titles("vllm", "qwen3-8b", "eagle3", draft) == []
    assert titles("sglang", "qwen3-8b", "eagle3", draft) == []


@pytest.mark.parametrize("word", ["triton", "house"])
def test_kernels_of_states(word: str) -> None:
    """vLLM's parser takes any word for them, its config does not."""
    text = SPEC.format(target="vllm", model="qwen3-8b", how="ngram", draft="")
    text = text.replace("  features", f"  kernels.state = {word}\n  features")
    found = check({"x.srv": text}).diagnostics
    wrong = [item.title for item in found if item.severity == "error"]
    assert bool(wrong) == (word == "house")
