"""Words that vLLM's parser lists for a flag, read from the annotation the flag is made of."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from servec.targets.vllm.source_choices import choices, sizes

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
Short = Literal["b", "a"]
Long = Literal[Short, "c"]
Either = Union[Short, "torch.dtype"]
class ModelConfig:
    short: Either = "a"
    long: Optional[Long] = None
    sizes: list[Literal[1, 2]] = None
    free: str | Short = "a"
    whole: Short | bool = True
    other: CompilationConfig | Short = None
    unknown: Literal[Elsewhere] = None
"""
PARSER = """
def literal_to_kwargs(hints):
    kwarg = "METAVAR" if contains_type(hints, str) else "choices"
def add(parser):
    made = get_kwargs(ModelConfig)
    parser.add_argument("--short", "-s", **made["short"])
    parser.add_argument("--long", **made["long"])
    parser.add_argument("--sizes", **made["sizes"])
    parser.add_argument("--free", **made["free"])
    parser.add_argument("--whole", **made["whole"])
    parser.add_argument("--other", **made["other"])
    parser.add_argument("--unknown", **made["unknown"])
    parser.add_argument("--own", type=str, **made["short"])
"""


@pytest.mark.parametrize("texts", [True, False])
def test_choices_are_those_of_the_annotation(texts: bool, tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(CONFIG)
    parser = PARSER.replace("METAVAR", "choices" if texts else "metavar")
    assert choices(str(tmp_path), ast.parse(parser)) == {
        "--short": ["a", "b"],
        "-s": ["a", "b"],
        "--long": ["a", "b", "c", "None"],
        "--sizes": ["1", "2"],
        **({"--free": ["a", "b"]} if texts else {}),
    }


@pytest.mark.parametrize("named", ["{'max_model_len'}", "many"])
def test_numbers_with_a_suffix_are_known(named: str) -> None:
    text = f"""
many = {{"max_model_len"}}
if name in {named}:
    kwargs["type"] = human_readable_int
if name == "kv_bytes":
    kwargs["type"] = human_readable_int_or_auto
"""
    assert dict(sizes(ast.parse(text))) == {"--max-model-len": "size", "--kv-bytes": "str"}
