"""Releases from before the tables: what is read from source, and what a line of one is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.targets.shared.past import source
from servec.targets.shared.past.release import past_release
from servec.targets.shared.past.spans import holds, span

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("0.6.2", "0.7.3", "0.9.2", "0.12.0")
ARGUMENTS = """
KINDS = ["a", "b"]
KINDS2 = [*KINDS, "c"]
class Args:
    depth: int = 1
    quick: Optional[bool] = None
    more: dict[str, int] = {}
def add(parser, kwargs):
    parser.add_argument("--model", "-m", type=str)
    parser.add_argument("--eager", action="store_true")
    parser.add_argument("--kind", choices=KINDS2, nargs="+")
    parser.add_argument("--depth", **kwargs["depth"])
    parser.add_argument("--quick", **kwargs["quick"])
    parser.add_argument("--more", **kwargs["more"])
    parser.add_argument("name")
"""


@pytest.mark.parametrize(
    ("there", "text"),
    [
        ((True, True, True, True), ""),
        ((False, True, True, True), "0.7.3.."),
        ((True, True, False, False), "..0.7.3"),
        ((True, False, False, True), "..0.6.2 0.12.0.."),
        ((False, True, False, False), "0.7.3..0.7.3"),
    ],
)
def test_a_span_says_where_it_was(there: tuple[bool, ...], text: str) -> None:
    assert span(there, VERSIONS) == text
    assert tuple(holds(text, version) for version in VERSIONS) == there


def test_arguments_are_read_without_running_them(tmp_path: Path) -> None:
    path = tmp_path / "arguments.py"
    path.write_text(ARGUMENTS)
    tree = source.parse(str(path))
    rows = source.flags(tree, source.class_fields(tree, "Args"), source.lists(tree))
    assert {row["flags"][0]: row for row in rows} == {
        "--model": {"flags": ["--model", "-m"], "type": "str"},
        "--eager": {"flags": ["--eager"], "type": "flag"},
        "--kind": {"flags": ["--kind"], "arity": "+", "choices": ["a", "b", "c"]},
        "--depth": {"flags": ["--depth"], "type": "int"},
        "--quick": {"flags": ["--quick"], "type": "switch"},
        "--more": {"flags": ["--more"], "type": "json"},
    }
    assert not source.parse(str(tmp_path / "none.py")).body


def test_between_two_releases_nothing_is_claimed() -> None:
    release = past_release("vllm", "0.9.5")
    assert release is not None and (release.below, release.above) == ("0.9.2", "0.10.0")
    assert release.flag("--enable-reasoning") is None
    assert release.flag("--model") is True and release.flag("--never-was") is False
    assert past_release("vllm", "0.33.0") is None and past_release("vllm", "latest") is None


QWEN = "vllm serve Qwen/Qwen3-8B"
SGL = "sglang serve --model-path Qwen/Qwen3-8B"


@pytest.mark.parametrize(
    ("launch", "words", "codes"),
    [
        ("vllm@0.8.5", f"{QWEN} --enable-reasoning --reasoning-parser granite", set()),
        ("vllm@0.8.5", f"{QWEN} --num-scheduler-steps 8 --swap-space 4", set()),
        ("vllm@0.10.2", f"{QWEN} --no-enable-prefix-caching -tp 2", set()),
        ("vllm@0.10.2", f"{QWEN} --enable-reasoning", {"SRV203"}),
        ("vllm@0.6.2", "vllm serve Qwen/Qwen2.5-7B-Instruct --kv-transfer-config {}", {"SRV202"}),
        ("vllm@0.7.3", QWEN, {"SRV306"}),
        ("sglang@0.4.6.post5", f"{SGL} --tp 2", set()),
        ("sglang@0.4.8", f"{SGL} --enable_metrics", {"SRV201"}),
        ("sglang@0.4.8", f"{SGL} --tool-call-parser glm45", {"SRV205"}),
    ],
)
def test_a_line_is_judged_by_its_own_release(
    launch: str, words: str, codes: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["import", launch, "--check", "--format", "json", "--", *words.split()])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes
    assert code == bool(codes)
    assert [item["severity"] for item in found if item["code"] == "SRV209"] == ["note"]
