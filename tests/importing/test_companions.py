"""Programs that serve nothing are said to be such, with the line to give instead."""

from __future__ import annotations

import pytest

from servec.cli.main import main


@pytest.mark.parametrize(
    ("line", "does", "give"),
    [
        ("mpirun -n 2 trtllm-build --workers 2", "builds an engine", "backend = tensorrt"),
        ("python3 examples/qwen/convert_checkpoint.py --dtype float16", "converts", "trtllm-serve"),
        ("python examples/quantization/quantize.py --qformat fp8", "quantises", "trtllm-serve"),
        ("vllm bench serve --model a", "measures", "vllm serve"),
        ("python3 -u -m sglang.bench_serving --model a", "measures", "sglang serve"),
        ("python -m sglang_router.launch_router --policy random", "routes", "sglang serve"),
        ("python -m mlx_lm upload --path a", "uploads a checkpoint", "mlx_lm.server"),
        ("llama-quantize.exe a.gguf b.gguf Q4_K_M", "quantises", "llama-server"),
        ("./rpc-server -p 50052", "lends its devices", "llama-server"),
        ("text-generation-server serve a", "one rank", "text-generation-launcher"),
        ("lmdeploy serve proxy --server-port 8000", "stands before", "lmdeploy serve api_server"),
    ],
)
@pytest.mark.parametrize("runtime", ["", "trtllm"])
def test_a_companion_is_named(
    line: str, does: str, give: str, runtime: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", *([runtime] if runtime else []), "--check", "--", *line.split()]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert does in told and "serves nothing" in told and give in told


@pytest.mark.parametrize(
    ("line", "give"),
    [
        ("ollama run llama3.1", "llama-server"),
        ("xinference register --model-type LLM --file a.json", "vllm serve"),
        ("lms load a", "llama-server"),
        ("python -m mlx_vlm.server --model a", "mlx_lm.server"),
    ],
)
def test_a_program_of_another_project_is_none_of_a_runtime(
    line: str, give: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "vllm", "--check", "--", *line.split()]) == 2
    told = capsys.readouterr().err
    assert "is no program of a runtime" in told and f"`{give}`" in told


@pytest.mark.parametrize(
    ("line", "give"),
    [
        ("trtllm-build --checkpoint_dir a --output_dir b", "trtllm-serve"),
        ("trtllm-bench -m a throughput --dataset d", "servec bench"),
        ("llama-bench -m a.gguf -fa 1", "llama-server"),
    ],
)
def test_flags_of_one_with_a_table_are_judged(
    line: str, give: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "--check", "--", *line.split()]) == 0
    told = capsys.readouterr().err
    assert "its flags alone are judged" in told and give in told
    assert main(["import", "--check", "--", *line.split(), "--no-such-flag"]) == 1
    assert "refuses --no-such-flag: no release from" in capsys.readouterr().err


def test_words_of_a_launch_are_no_companion(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["trtllm-serve", "Qwen/Qwen3-8B", "--log_level", "info"]
    assert main(["import", "--check", "--hardware", "h100", "--", *words]) == 0
    assert "serves nothing" not in capsys.readouterr().err
    words = ["timeout", "9", "vllm", "serve", "/models/swift"]
    assert main(["import", "vllm", "--check", "--", *words]) == 0


@pytest.mark.parametrize(
    ("release", "line", "told"),
    [
        ("", "python convert_hf_to_gguf.py --outtype q4_k_m Qwen/Qwen2.5-7B", "one of f32, f16"),
        ("@b2860", "convert-hf-to-gguf.py Qwen/Qwen1.5-7B --outtype q8_0", "first seen in b2872"),
        ("@b5890", "convert_hf_to_gguf.py --outtype bf16 --remote Qwen/Qwen2.5-7B", ""),
    ],
)
def test_a_converter_takes_the_types_that_it_lists(
    release: str, line: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", f"llamacpp{release}", "--check", "--", *line.split()]
    assert main(words) == (1 if told else 0)
    assert told in capsys.readouterr().err
