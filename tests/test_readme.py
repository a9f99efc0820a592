"""The README is true: its picture is real output, its commands exist, its example compiles."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

import servec
from servec.cli.commands import COMMANDS
from servec.cli.main import main
from servec.targets import TARGETS
from servec.targets.shared.table import versions
from tests.golden import golden, updating

if TYPE_CHECKING:
    import pytest
    from syrupy.assertion import SnapshotAssertion

__all__ = ["golden"]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def screen(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    main([*args, "--color", "always"])
    out, err = capsys.readouterr()
    return out + err


def test_the_picture_is_real_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    monkeypatch.chdir(ROOT)
    console = Console(
        record=True, width=164, file=io.StringIO(), force_terminal=True, legacy_windows=False
    )
    plan = ("plan", "specs/qwen3-moe.srv", "--target", "sglang,vllm,trtllm")
    for args in (("check", "tests/errors/SRV403.srv"), plan):
        console.print(Text(f"$ servec {' '.join(args)}", style="bold"))
        head, *_ = screen(capsys, *args).split("\nlatency against throughput")
        console.print(Text.from_ansi(head.rstrip() + "\n"), soft_wrap=True)
    picture = console.export_svg(title="servec", unique_id="servec")
    assert picture == golden(name="readme/servec.svg")


def test_every_command_it_names_exists() -> None:
    shown = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    shown += "\n".join(re.findall(r"`(servec [^`]*)`", README))
    named = set(re.findall(r"servec ([a-z]+)", shown))
    assert {"check", "compile", "plan", "explain"} <= named
    assert named <= {*COMMANDS}, sorted(named - {*COMMANDS})


FEATURES = {
    "tools": "tool calls",
    "reasoning": "reasoning parser",
    "structured_output": "structured output",
    "prefix_cache": "prefix cache",
    "chunked_prefill": "chunked prefill",
    "lora": "LoRA",
    "images": "images",
    "video": "video",
    "audio": "audio",
    "embed": "embeddings",
    "rerank": "rerank",
    "classify": "classify",
    "offload": "KV offload",
    "speculative.mtp": "speculation: MTP",
    "speculative.eagle": "speculation: EAGLE",
    "speculative.eagle3": "speculation: EAGLE-3",
    "speculative.dflash": "speculation: DFlash",
    "speculative.dspark": "speculation: DSpark",
    "speculative.ngram": "speculation: n-gram",
    "speculative.draft": "speculation: draft model",
    "nodes": "several nodes",
    "roles": "prefill and decode apart",
}


def runtimes_table() -> str:
    """Runtime x feature, of the newest table of each, as the capability tables say."""
    newest = [target.capabilities(versions(target.name)[-1]) for target in TARGETS]
    head = " | ".join(f"{each.runtime} {each.version}" for each in newest)
    lines = [f"| | {head} |", "| --- |" + " --- |" * len(newest)]
    for name, words in FEATURES.items():
        cells = " | ".join("yes" if name in each.features else "" for each in newest)
        lines.append(f"| {words} | {cells} |")
    known = " | ".join(str(len(versions(target.name))) for target in TARGETS)
    return "\n".join([*lines, f"| versions known | {known} |"])


def section(name: str, wanted: str, request: pytest.FixtureRequest) -> None:
    """Compare what stands between the marks of a section, or write it."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    begin = text.index("\n", text.index(f"<!-- {name}")) + 1
    end = text.index("<!-- end -->", begin)
    if updating(request):
        path.write_text(f"{text[:begin]}\n{wanted}\n\n{text[end:]}", encoding="utf-8")
    else:
        assert text[begin:end] == f"\n{wanted}\n\n"


def test_the_table_of_runtimes_is_what_they_claim(request: pytest.FixtureRequest) -> None:
    section("runtimes", runtimes_table(), request)


LAUNCH = """servec import vllm@0.33.0 --check --hardware "h100 x 8" -- \\
    vllm serve Qwen/Qwen2.5-32B-Instruct --tensor-parallel-size 6 --num-scheduler-steps 8"""


def test_the_judged_launch_is_real_output(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(shlex.split(LAUNCH)[1:]) == 1
    shown = capsys.readouterr().err.rstrip()
    section("launch", f"```text\n$ {LAUNCH}\n\n{shown}\n```", request)


def test_no_feature_is_left_out_of_it() -> None:
    claimed = {
        name
        for target in TARGETS
        for name in target.capabilities(versions(target.name)[-1]).features
    }
    assert claimed <= {*FEATURES}


def test_its_example_compiles() -> None:
    text = next(b for b in re.findall(r"```text\n(.*?)```", README, re.S) if "servec 1" in b)
    found = servec.check({"readme.srv": text})
    assert [item for item in found.diagnostics if item.severity == "error"] == []
