"""Programs that load the same engine and serve nothing: judged as the server they would be."""

from __future__ import annotations

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.program import command
from servec.targets.shared.importing.programs import own, starts


@pytest.mark.parametrize(
    ("line", "runtime", "words", "aside"),
    [
        (
            "./bin/llama-cli -m a.gguf -c 4096 -p hello -cnv",
            "llamacpp",
            ("-m", "a.gguf", "-c", "4096"),
            ("-p", "-cnv"),
        ),
        (
            "python3 -m sglang.bench_one_batch --model-path m --tp 8 --batch_size=4 --profile",
            "sglang",
            ("--model-path", "m", "--tp", "8"),
            ("--batch_size", "--profile"),
        ),
        (
            "vllm bench throughput --model m --num-prompts 10 -tp 2",
            "vllm",
            ("--model", "m", "-tp", "2"),
            ("--num-prompts",),
        ),
    ],
)
def test_what_is_the_programs_own_is_set_aside(
    line: str, runtime: str, words: tuple[str, ...], aside: tuple[str, ...]
) -> None:
    found = command(line.split())
    assert (found.runtime, found.words, found.aside) == (runtime, words, aside)


def test_each_of_them_is_a_start_of_its_runtime() -> None:
    forms = {form for found in starts().values() for form in found}
    assert own() and own().keys() <= forms
    assert not any(its.takes & its.switches for its in own().values())


def test_the_rest_is_judged_and_the_aside_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    line = "vllm bench latency --model Qwen/Qwen3-8B --input-len 32 -tp 3"
    assert main(["import", "--check", "--hardware", "h100 x 3", "--", *line.split()]) == 1
    shown = capsys.readouterr()
    assert "SRV401" in shown.err
    assert "--input-len is an option of the program around vllm" in shown.err
