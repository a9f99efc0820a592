"""Programs that load the same engine and serve nothing: judged as the server they would be."""

from __future__ import annotations

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.programs.listed import first, starts
from servec.targets.shared.importing.programs.own import own
from servec.targets.shared.importing.programs.program import command


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
            "llama-lookup -co -m a.gguf -co on -p hello",
            "llamacpp",
            ("-m", "a.gguf"),
            ("-co", "-co", "-p"),
        ),
        (
            "./phi-3.llamafile --server --nobrowser -c 0 --gpu nvidia",
            "llamacpp",
            ("-m", "./phi-3.gguf", "-c", "0"),
            ("--server", "--nobrowser", "--gpu"),
        ),
        (
            "llamafile -m phi-3.gguf --host 0.0.0.0",
            "llamacpp",
            ("-m", "phi-3.gguf", "--host", "0.0.0.0"),
            (),
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
    assert own() and own().keys() <= {*forms, *((name,) for name in first())}


def test_the_rest_is_judged_and_the_aside_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    line = "vllm bench latency --model Qwen/Qwen3-8B --input-len 32 -tp 3"
    assert main(["import", "--check", "--hardware", "h100 x 3", "--", *line.split()]) == 1
    shown = capsys.readouterr()
    assert "SRV401" in shown.err
    assert "--input-len is an option of the program around vllm" in shown.err


@pytest.mark.parametrize(
    ("version", "line", "code"),
    [
        ("b9464", "llama-tts -m a.gguf -p hello", 0),
        ("b9464", "./build/bin/llama-mtmd-cli -m a.gguf --image c.png --no-webui", 1),
        ("b9464", "llama-cli -m a.gguf -cnv --port 8080", 1),
        ("b3500", "llama-cli -m a.gguf -cnv --port 8080", 0),
        ("b1746", "./main -m a.gguf --temp 0.7 --random-prompt --lora-scaled b.bin 0.3", 0),
        ("b1746", "main.exe -m a.gguf -ins --no-such", 1),
        ("b2447", "./build/bin/perplexity -m a.gguf -f wiki.raw -ngl 33", 0),
        ("b7400", "llama-server -m a.gguf --lora-scaled b.gguf 0.3", 0),
        ("b8053", "llama-server -m a.gguf --lora-scaled b.gguf 0.3", 1),
        ("b3147", "llama-server -m a.gguf --log-disable --log-file c", 0),
    ],
)
def test_an_option_of_the_servers_that_the_program_has_not_is_refused(
    version: str, line: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", f"llamacpp@{version}", "--check", "--", *line.split()]) == code
    assert ("SRV201" in capsys.readouterr().err) == bool(code)
