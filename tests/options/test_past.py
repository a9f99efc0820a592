"""Releases from before the tables: what is read from source, and what a line of one is told."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.targets.shared.past import source
from servec.targets.shared.past.by_hand import rows_at
from servec.targets.shared.past.release import past_release
from servec.targets.shared.past.spans import holds, span
from servec.targets.shared.table import load_table, versions

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
    def name(self):
        return "awq"
    def least(cls):
        return 75
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
    method = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    assert [source.returned(method, name) for name in ("name", "least", "none")] == [
        "awq",
        75,
        None,
    ]


def test_between_two_releases_nothing_is_claimed() -> None:
    release = past_release("vllm", "0.9.5")
    assert release is not None and (release.below, release.above) == ("0.9.2", "0.10.0")
    assert release.flag("--enable-reasoning") is None
    assert release.flag("--model") is True and release.flag("--never-was") is False
    last = past_release("vllm", "0.22.0.post1")
    assert last is not None and (last.below, last.above) == ("0.22.0", "")
    assert last.flag("--model") is True and last.flag("--never-was") is False
    new = set(load_table("vllm", "0.22.1").values("architectures")) - set(
        last.members("architectures")
    )
    assert new and all(last.member("architectures", name) is None for name in new)
    first = past_release("vllm", "0.1.7")
    assert first is not None and first.flag("--max-paddings") is None
    assert past_release("vllm", "0.33.0") is None and past_release("vllm", "latest") is None


QWEN = "vllm serve Qwen/Qwen3-8B"
YARN = '{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32768}'
SGL = "sglang serve --model-path Qwen/Qwen3-8B"


@pytest.mark.parametrize(
    ("launch", "words", "codes"),
    [
        ("vllm@0.8.5", f"{QWEN} --enable-reasoning --reasoning-parser granite", set()),
        ("vllm@0.8.5", f"{QWEN} --num-scheduler-steps 8 --swap-space 4", set()),
        ("vllm@0.8.5", f"{QWEN} --rope-scaling {YARN} --max-model-len 131072", set()),
        ("vllm@0.8.5", f'{QWEN} --rope-scaling {{"factor":4.0}}', {"SRV310"}),
        ("vllm@0.10.2", f"{QWEN} --no-enable-prefix-caching -tp 2", set()),
        ("vllm@0.10.2", f"{QWEN} --enable-reasoning", {"SRV203"}),
        ("vllm@0.10.2", f"{QWEN} --dtype half --block-size 32 --kv-cache-dtype fp8_e4m3", set()),
        ("vllm@0.12.0", f"{QWEN} --max-model-len 32k --max-num-batched-tokens 8K", set()),
        ("vllm@0.12.0", f"{QWEN} --max-model-len auto", {"SRV205"}),
        ("vllm@0.13.0", f"{QWEN} --trust-remote-code=true", {"SRV205"}),
        ("vllm@0.13.0", f"{QWEN} --swap-space 16GB", {"SRV205"}),
        ("sglang@0.5.2", f"{SGL} --context-length 32k", {"SRV205"}),
        ("sglang@0.5.2", f"{SGL} --trust-remote-code=true", {"SRV205"}),
        ("vllm@0.9.2", f"{QWEN} --dtype fp16 --kv-cache-dtype int8", {"SRV205"}),
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


def refused(
    launch: str,
    given: tuple[str, ...],
    line: str,
    named: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The line has one error, which names `named`; none where that is ""."""
    code = main(["import", launch, "--check", *given, "--format", "json", "--", *line.split()])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    told = [item["message"] for item in found if item["severity"] == "error"]
    assert [named in message for message in told] == ([True] if named else []), told
    assert code == bool(named)


@pytest.mark.parametrize(
    ("launch", "hardware", "words", "named"),
    [
        ("vllm@0.5.4", "v100-32g x 1", "--dtype bfloat16", "no bf16 compute"),
        ("vllm@0.5.4", "t4 x 2", "-tp 2", "no bf16 compute"),
        ("vllm@0.10.0", "t4 x 2", "-tp 2", ""),
        ("vllm@0.5.4", "t4 x 2", "-tp 2 --dtype half", ""),
        ("vllm@0.4.1", "a40 x 1", "--quantization fp8", "does not run fp8"),
        ("vllm@0.8.5", "a40 x 1", "--quantization fp8", ""),
    ],
)
def test_a_chip_is_judged_by_what_the_release_asked_for(
    launch: str, hardware: str, words: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--hardware", hardware)
    refused(launch, given, f"vllm serve Qwen/Qwen2.5-1.5B-Instruct {words}", named, capsys)


@pytest.mark.parametrize(
    ("model", "words", "named"),
    [
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "", ""),
        ("Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4", "", ""),
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "--dtype bfloat16", "no bf16 compute"),
    ],
)
def test_what_was_quantised_in_half_precision_is_not_that_of_its_base(
    model: str, words: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = f"vllm serve {model} --max-model-len 4096 {words}"
    refused("vllm@0.6.3", ("--hardware", "T4"), line, named, capsys)


@pytest.mark.parametrize("runtime", ["vllm", "sglang"])
def test_rows_of_old_releases_end_before_the_tables(runtime: str) -> None:
    known = past_release(runtime, "0.0.1")
    assert known is not None
    read = [*known.document["versions"], "0.0.1"]
    found = {json.dumps(row): row for version in read for row in rows_at(runtime, version)}
    assert found
    for row in found.values():
        kept = {"when", "code", "path", "title", "why", "source", "since", "until"}
        assert set(row) - {"built", "beside", "warns"} == kept
        assert len(f"{runtime} 0.10.1.1 {row['title']}") <= 100 and row["source"]
    assert not rows_at(runtime, versions(runtime)[0])


@pytest.mark.parametrize(
    ("launch", "hardware", "words", "env", "named"),
    [
        ("vllm@0.8.4", "rtx-5090 x 1", "--max-model-len 4096", "", "no kernels"),
        ("vllm@0.10.0", "rtx-5090 x 1", "--max-model-len 4096", "", ""),
        ("vllm@0.7.3", "a100-80g x 1", "", "VLLM_ATTENTION_BACKEND=TORCH_SDPA", "attention back"),
        ("vllm@0.7.3", "a100-80g x 1", "", "VLLM_ATTENTION_BACKEND=FLASH_ATTN", ""),
        ("vllm@0.5.4", "a100-80g x 1", "--enable-lora --max-lora-rank 128", "", "max-lora-rank"),
        ("vllm@0.5.5", "a100-80g x 1", "--enable-lora --max-lora-rank 128", "", ""),
    ],
)
def test_pairs_that_an_old_release_refuses(
    launch: str,
    hardware: str,
    words: str,
    env: str,
    named: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("--hardware", hardware, *(("--env", env) if env else ()))
    refused(launch, given, f"vllm serve Qwen/Qwen2.5-1.5B-Instruct {words}", named, capsys)


@pytest.mark.parametrize(
    ("launch", "hardware", "line", "named"),
    [
        ("vllm@0.4.1", "v100-32g x 1", "Qwen/Qwen1.5-14B-Chat --dtype half", "does not fit"),
        ("vllm@0.4.1", "v100 x 4", "Qwen/Qwen1.5-14B-Chat --dtype half -tp 4", ""),
        ("vllm@0.5.4", "a100-80g x 8", "deepseek-ai/DeepSeek-V2-Chat -tp 8", "does not fit"),
        ("vllm@0.8.4", "a100-80g x 8", "deepseek-ai/DeepSeek-V2-Chat -tp 8", ""),
    ],
)
def test_weights_and_one_sequence_have_to_fit(
    launch: str, hardware: str, line: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--hardware", hardware)
    refused(launch, given, f"vllm serve {line} --trust-remote-code", named, capsys)
