"""The parsers of models by name, and `auto`, which stands for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import servec
from servec.compiler.catalogue.parsers import parsers, rows

REGISTRY = Path(__file__).parents[2] / "targets/vllm/registries/0.33.0.json"

SPEC = """servec 1

deployment "d" {{
  model = "{model}"
  hardware = h200 x 8
  target = {target}
  features {{ {features} }}
}}
"""


def test_every_word_is_one_of_vllm_and_has_its_source() -> None:
    sets = json.loads(REGISTRY.read_text())["sets"]
    for kind, registry in (("tools", "tool_parsers"), ("reasoning", "reasoning_parsers")):
        known = {word.replace("-", "_") for word in sets[registry]}
        assert {row[kind] for row in rows() if row.get(kind)} <= known
    assert all(row["source"] and row["names"] for row in rows())
    assert all(name == name.lower() for row in rows() for name in row["names"])


@pytest.mark.parametrize(
    ("name", "tools", "reasoning"),
    [
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct", "qwen3_coder", ""),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "hermes", ""),
        ("nvidia/Qwen3-8B-NVFP4", "hermes", "qwen3"),
        ("deepseek-ai/DeepSeek-V3.1-Terminus", "deepseek_v31", "deepseek_v3"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", None, "deepseek_r1"),
        ("/models/GLM-4.7/", "glm47", "glm47"),
        ("someone/unheard-of", None, None),
    ],
)
def test_the_first_row_that_matches_holds(
    name: str, tools: str | None, reasoning: str | None
) -> None:
    found = parsers(name)
    assert (found.tools, found.reasoning) == (tools, reasoning)


def _argv(model: str, target: str, features: str) -> list[str]:
    text = SPEC.format(model=model, target=target, features=features)
    result = servec.compile({"d.srv": text}, target=target)
    assert not [found for found in result.diagnostics if found.severity == "error"]
    (made,) = result.emissions
    return [word for process in made.launch.processes for word in process.argv]


@pytest.mark.parametrize(
    ("target", "tools", "reasoning"), [("vllm", "glm45", "glm45"), ("sglang", "glm45", "glm45")]
)
def test_auto_is_the_models_own(target: str, tools: str, reasoning: str) -> None:
    argv = _argv("zai-org/GLM-4.5-Air", target, "tools = auto; reasoning = auto")
    assert argv[argv.index("--tool-call-parser") + 1] == tools
    assert argv[argv.index("--reasoning-parser") + 1] == reasoning


def test_a_parser_that_the_model_does_not_need_is_left_out() -> None:
    argv = _argv("Qwen/Qwen3-Coder-30B-A3B-Instruct", "vllm", "tools = auto; reasoning = auto")
    assert "--reasoning-parser" not in argv
    assert argv[argv.index("--tool-call-parser") + 1] == "qwen3_coder"
