"""Models that a runtime has no class for: refused, unless Transformers' own is taken."""

import pytest

from servec.compiler.catalogue.models import find_model
from servec.compiler.search.generic import served_generically
from servec.targets.shared.capabilities import load_capabilities


@pytest.mark.parametrize(
    ("name", "runtime", "version", "taken"),
    [
        ("EleutherAI/pythia-1b", "sglang", "0.5.23", True),
        ("EleutherAI/pythia-1b", "sglang", "0.5.12.post1", True),  # by `earlier`
        ("tiiuae/falcon-7b", "sglang", "0.5.23", False),  # its attention is its own
        ("deepseek-ai/deepseek-vl2-tiny", "sglang", "0.5.23", True),  # renamed by its config class
        ("HuggingFaceM4/idefics2-8b", "vllm", "0.33.0", True),
        ("Qwen/Qwen-14B-Chat", "vllm", "0.33.0", False),  # no class of Transformers
        ("EleutherAI/pythia-1b", "trtllm", "main", False),
    ],
)
def test_only_what_transformers_serves_there(
    name: str, runtime: str, version: str, taken: bool
) -> None:
    model = find_model(name)
    assert model is not None
    able = load_capabilities(runtime, version)
    assert model.architecture not in able.architectures or runtime == "trtllm"
    assert served_generically(model, able) is taken
