"""The drafts that are known of models: what is offered where none is named."""

from __future__ import annotations

from servec.compiler.catalogue.drafts import draft_of
from servec.compiler.catalogue.models import find_model
from servec.compiler.catalogue.store import fact
from servec.compiler.decide.draft import USUAL
from servec.targets import TARGETS


def test_each_is_of_a_known_model_and_a_way_and_has_its_source() -> None:
    table = fact("drafts")
    for name, ways in table["drafts"].items():
        model = find_model(name)
        assert model is not None and model.id == name, name
        for way, (draft, source, *only) in ways.items():
            assert way in USUAL and "/" in draft, draft
            assert source in table["sources"] and set(only) <= {t.name for t in TARGETS}, draft


def test_a_draft_is_named_for_the_runtimes_that_read_it() -> None:
    assert draft_of("Qwen/Qwen3-8B", "EAGLE3", "sglang") == "AngelSlim/Qwen3-8B_eagle3"
    assert draft_of("Qwen/Qwen3-8B", "draft_model", "vllm") == "Qwen/Qwen3-0.6B"
    assert draft_of("Qwen/Qwen3-32B", "eagle3", "vllm").startswith("RedHatAI/")
    assert draft_of("Qwen/Qwen3-32B", "eagle3", "sglang") == ""
    assert draft_of("Qwen/Qwen3-8B", "mtp", "vllm") == ""
