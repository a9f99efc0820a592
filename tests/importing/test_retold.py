"""Findings on a launch line stand on the line itself, in its own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

HEADS = "vllm serve Qwen/Qwen2.5-32B-Instruct --tensor-parallel-size 6 --port 8000"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(["import", "--check", *words])
    return capsys.readouterr().err


def test_the_flag_is_pointed_at_and_mended(capsys: pytest.CaptureFixture[str]) -> None:
    err = told(capsys, "--hardware", "h100 x 8", "vllm@0.33.0", "--", *HEADS.split())
    assert err.splitlines() == [
        "error[SRV401]: `--tensor-parallel-size 6` does not split 40 query heads of qwen2.5-32b",
        " --> launch:3:3",
        "  |",
        "2 | vllm serve Qwen/Qwen2.5-32B-Instruct \\",
        "  |            ------------------------- 40 query heads, 8 KV heads",
        "3 |   --tensor-parallel-size 6 \\",
        "  |   ^^^^^^^^^^^^^^^^^^^^^^^^ 40 query heads over 6 ranks",
        "  |",
        "  = 40 / 6 = 6.67 heads on each rank, which must be whole",
        "  = possible: --tensor-parallel-size = 1, 2, 4, 8",
        "  = fix: split over 4, which divides the heads",
        "3 |   --tensor-parallel-size 4 \\",
        "  |                          +",
        "",
        "1 error in launch; servec explain SRV401 says more",
    ]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "vllm serve Qwen/Qwen3-8B --max-model-len 131072",
            ("--max-model-len 131072\n", "--max-model-len 40960\n"),
        ),
        ("vllm serve Qwen/Qwen3-8B --dtype float32 --quantization fp8", ("leave out `--dtype`",)),
        # a new name for the option, its value stays
        ("vllm serve Qwen/Qwen3-8B --swap-space 16", ("--kv-offloading-size 16\n",)),
        # JSON that was meant, as the shell takes it
        (
            "vllm serve Qwen/Qwen2.5-VL-7B-Instruct --limit-mm-per-prompt image=4",
            ("--limit-mm-per-prompt '{\"image\": 4}'\n",),
        ),
        # a flag of an old release has no place in the spec between
        (
            "vllm@0.8.0 vllm serve Qwen/Qwen2-7B --speculative-config {}",
            ("  --speculative-config '{}'\n", "`--speculative-config` yet\n"),
        ),
        # a variable, and a word that nothing takes
        ("A=1 VLLM_ATTENTION_BACKEND=X vllm serve Qwen/Qwen3-8B", ("VLLM_ATTENTION_BACKEND=X \\",)),
        # a switch spelt as the line has it, though the field behind it is true or false
        (
            "vllm serve Qwen/Qwen3-8B --max-num-batched-tokens 4096 --no-enable-chunked-prefill",
            ("with `--no-enable-chunked-prefill`\n", "leave out `--no-enable-chunked-prefill`"),
        ),
        # cut short, as typed
        (
            "vllm serve Qwen/Qwen3-8B --tensor-par 3",
            ("`--tensor-par 3` does not", "--tensor-par 2\n"),
        ),
        (
            "vllm serve Qwen/Qwen3-8B --lora-modules sql=a/b",
            ("`--lora-modules` needs `--enable-lora`",),
        ),
    ],
)
def test_words(line: str, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    first, *words = line.split()
    stated = [first] if "@" in first else ["vllm@0.33.0"]
    err = told(capsys, *stated, "--", *([] if "@" in first else [first]), *words)
    assert [part for part in parts if part not in err] == []
    assert "imported.srv" not in err


def test_a_script_is_shown_where_it_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "set -e\nvllm serve Qwen/Qwen2.5-32B-Instruct \\\n  --tensor-parallel-size=6 $EXTRA\n"
    (tmp_path / "run.sh").write_text(text)
    err = told(capsys, "vllm@0.33.0", "--script", "run.sh")
    assert " --> run.sh:3:3\n" in err and "3 |   --tensor-parallel-size=6 $EXTRA\n" in err
    assert "3 |   --tensor-parallel-size=4 $EXTRA\n" in err
    assert "1 error, 1 note in run.sh;" in err


def test_what_a_field_and_its_option_break_is_told_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = "--model-path Qwen/Qwen3-8B --disable-radix-cache --enable-hierarchical-cache"
    err = told(capsys, "sglang@0.5.23", "--hardware", "h100", "--", *words.split())
    assert err.count("error[") == 1 and "fix: leave out `--enable-hierarchical-cache`" in err


def test_secrets_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    line = "HF_TOKEN=hf_abc vllm serve Qwen/Qwen3-8B --api-key sk-abc --no-such-flag"
    err = told(capsys, "vllm", "--", *line.split())
    assert "no-such-flag" in err and "abc" not in err


def test_the_document_stays_on_the_spec(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "vllm", "--check", "--format", "json", "--", *HEADS.split()])
    document = json.loads(capsys.readouterr().out)
    files = {label["file"] for item in document["diagnostics"] for label in item["labels"]}
    assert files == {"imported.srv"} and "tensor = 6" in document["spec"]


def test_a_number_out_of_bounds_is_told_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A share of 90 is no memory of 90 bytes that nothing fits into."""
    line = "vllm serve Qwen/Qwen3-8B --gpu-memory-utilization 90 --tensor-parallel-size two"
    err = told(capsys, "vllm@0.33.0", "--hardware", "h100", "--", *line.split())
    assert err.count("error[SRV205]") == err.count("error[") == 2
    assert "`--gpu-memory-utilization 90`" in err and "it must be at most 1" in err


def test_a_begun_option_is_completed(capsys: pytest.CaptureFixture[str]) -> None:
    err = told(capsys, "sglang@0.5.23", "--", "--model-path", "Qwen/Qwen3-8B", "--pp", "2")
    assert err.count("error[") == 1 and "  --pp-size 2\n" in err


def test_annotations_stand_in_the_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.sh").write_text("F=no-such\nvllm serve Qwen/Qwen3-8B -tp 3 \\\n  --$F 3\n")
    words = ["import", "vllm@0.33.0", "--check", "--script", "run.sh"]
    assert main([*words, "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::error file=run.sh,line=1,") and "`--no-such`" in lines[0]
    assert lines[2].startswith("::error file=run.sh,line=2,col=26,") and "`-tp 3`" in lines[2]
    assert main([*words, "--format", "sarif"]) == 1
    document = json.loads(capsys.readouterr().out)
    places = [result["locations"][0] for result in document["runs"][0]["results"]]
    files = {each["physicalLocation"]["artifactLocation"]["uri"] for each in places}
    assert files == {"run.sh"}


def test_annotations_want_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--check", "--format", "github", "--", *HEADS.split()]) == 2
    assert "--script" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("runtime", "line", "said"),
    [
        # a field that the line does not state is said as the runtime says it
        (
            "trtllm@1.3.0rc3",
            "trtllm-serve nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8",
            'say `kv_cache_config: {"enable_block_reuse": false}`',
        ),
        # a field of several options is those
        (
            "sglang@0.5.23",
            "python -m sglang.launch_server --model-path Qwen/Qwen3-4B --disable-radix-cache"
            " --enable-hierarchical-cache --hicache-storage-backend mooncake",
            "leave out `--enable-hierarchical-cache --hicache-storage-backend mooncake`",
        ),
        # nothing is written, and nothing is relative to a spec
        ("llamacpp", "llama-server -m any.gguf", "what hangs on it is not judged"),
    ],
)
def test_no_words_of_a_spec(
    runtime: str, line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", runtime, "--check", "--", *line.split()])
    assert said in "".join(capsys.readouterr())
