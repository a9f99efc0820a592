"""What lines say, option by option."""

from __future__ import annotations

from fractions import Fraction

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.said import said
from servec.targets.shared.table import load_table
from tests.importing.recipes import read

VLLM = load_table("vllm", "0.33.0")
SGLANG = load_table("sglang", "0.5.23")


@pytest.mark.parametrize(
    ("words", "runtime", "rest"),
    [
        (["vllm", "serve", "m"], "vllm", ("m",)),
        (
            ["exec", "A=1", "/usr/bin/python3.11", "-m", "sglang.launch_server", "--x"],
            "sglang",
            ("--x",),
        ),
        (["trtllm-serve", "m"], "trtllm", ("m",)),
        (["trtllm-serve", "serve", "m"], "trtllm", ("m",)),
        (["--tp", "8"], "", ("--tp", "8")),
        ([], "", ()),
    ],
)
def test_program(words: list[str], runtime: str, rest: tuple[str, ...]) -> None:
    found = command(words)
    assert (found.runtime, found.words) == (runtime, rest)
    assert found.env == ({"A": "1"} if "A=1" in words else {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("--max-model-len 32k", "--max_model_len=32000"),
        ("--max-model-len 32K", "--max-model-len 32768"),
        ("-tp 2 -tp 4", "--tensor-parallel-size=4"),
        ("-O3", "--optimization-level 3"),
        ("--speculative-config.method mtp", '--speculative-config {"method":"mtp"}'),
        ("--enable-chunked-prefill=False", "--no-enable-chunked-prefill"),
        ("--gpu-memory-utilization 0.90", "--gpu-memory-utilization .9"),
    ],
)
def test_spellings(one: str, other: str) -> None:
    assert said(VLLM, one.split()).options == said(VLLM, other.split()).options


@pytest.mark.parametrize(
    ("written", "shown"),
    [("128k", "128k"), ("131072", "128Ki"), ("1048576", "1Mi"), ("8191", "8191"), ("2000", "2k")],
)
def test_counts_are_short(written: str, shown: str) -> None:
    text = read(["vllm", "serve", "m", "--max-model-len", written]).imported.text
    assert f"context = {shown} tokens" in text


def test_prefixes_are_named() -> None:
    found = said(SGLANG, ["--mem-frac", "0.9", "--dis", "1"])
    assert found.options == {"mem-fraction-static": Fraction("0.9")}
    assert found.short == (("--mem-frac", "--mem-fraction-static"),)
    assert found.unknown == (("--dis", ("1",)),)


def test_what_the_line_says_stays_said() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-8B", "--scheduling-policy", "fcfs", "-pp", "1"]
    text = read(line).imported.text
    assert "policy = fcfs" in text and "pipeline = 1" in text
    short = read(line, minimal=True).imported
    assert "fcfs" not in short.text and "pipeline" not in short.text
    assert set(short.dropped) == {"scheduling-policy", "pipeline-parallel-size"}


def test_experts_stay_as_the_line_has_them() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-30B-A3B", "-tp", "4"]
    assert "expert = 1" in read(line).imported.text
    assert "expert = 4" in read([*line, "--enable-expert-parallel"]).imported.text


def test_keys_and_tokens_are_never_written() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-8B", "--api-key", "sk-very-secret"]
    found = read(line, {"HF_TOKEN": "hf_secret"})
    assert "secret" not in found.imported.text
    assert "key_env = VLLM_API_KEY" in found.imported.text
    assert found.imported.withheld == ("HF_TOKEN",)


def test_text_in_a_number_is_native_and_refused() -> None:
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", "-tp", "N"])
    assert "tensor-parallel-size = N" in found.imported.text
    assert found.process is None


def test_a_value_that_nothing_sets_is_left_out_and_told() -> None:
    line = ["vllm", "serve", "$MODEL", "-tp", "$N", "--port=$(PORT)", "$@", "--seed", "7"]
    found = read(line)
    assert found.imported.said.unset == (("-tp", "$N"), ("--port", "$(PORT)"), ("", "$@"))
    assert "left out, as nothing sets its value: -tp $N" in found.imported.text
    assert not found.imported.said.troubles and found.process is not None
    assert read(["vllm", "serve", "m", "--port", "x$"]).imported.said.troubles


def test_what_hangs_on_a_value_that_nothing_sets_is_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["import", "vllm@0.33.0", "--check", "--hardware", "h100 x 1", "--", "vllm", "serve"]
    line += ["meta-llama/Llama-3.3-70B-Instruct"]
    assert main(line) == 1
    assert main([*line, "--tensor-parallel-size", "$TP"]) == 0
    assert "nothing here sets --tensor-parallel-size $TP" in capsys.readouterr().err


def test_media_are_as_free_as_on_the_line() -> None:
    found = read(["vllm", "serve", "Qwen/Qwen3-VL-30B-A3B-Instruct", "-tp", "2"])
    assert found.process is not None and not found.unexplained
    assert "--limit-mm-per-prompt" not in found.process.argv


def test_adapters() -> None:
    words = "--enable-lora --max-loras 2 --max-lora-rank 32 --lora-modules a=x/a b=x/b"
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", *words.split()])
    assert 'adapter "a" { path = "x/a"; rank = 32 }' in found.imported.text
    assert not found.unexplained


def test_no_chunks_and_a_recurrent_state() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-Next-80B-A3B-Instruct", "-tp", "4"]
    found = read([*line, "--no-enable-chunked-prefill", "--no-enable-prefix-caching"])
    assert found.process is not None and not found.unexplained
    assert "--no-enable-chunked-prefill" in found.process.argv


@pytest.mark.parametrize("runtime", ["vllm", "sglang"])
def test_the_line_outranks_the_file(runtime: str) -> None:
    words = {"vllm": ["vllm", "serve", "m", "-tp", "2"], "sglang": ["sglang", "serve", "--tp", "2"]}
    file = "tensor-parallel-size: 8\nmodel: m\nport: 9000\n"
    found = read([*words[runtime], "--config", "c.yaml"], files={"c.yaml": file})
    assert "tensor = 2" in found.imported.text and "port = 9000" in found.imported.text
    assert found.process is not None and not found.unexplained


def test_vague_prefixes_are_refused() -> None:
    found = said(SGLANG, ["--pp", "2"])
    assert found.options == {}
    assert "--pp" in [flag for flag, _ in found.troubles]


def test_a_longer_context_needs_its_positions() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "131072"]
    assert "SRV309" in {item.code for item in read(line).diagnostics}
    stretched = read([*line, "--hf-overrides", '{"rope_parameters": {"rope_type": "yarn"}}'])
    assert stretched.process is not None and "context = 128Ki tokens" in stretched.imported.text
    assert read(line, {"VLLM_ALLOW_LONG_MAX_MODEL_LEN": "1"}).process is not None


def test_several_images() -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-VL-30B-A3B-Instruct", "-tp", "2"]
    found = read([*line, "--limit-mm-per-prompt", '{"image": 4, "video": 0}'])
    assert "modalities = [text, image]" in found.imported.text
    assert found.process is not None and not found.unexplained


def test_several_names_are_native() -> None:
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", "--served-model-name", "a", "b"])
    assert 'served-model-name = ["a", "b"]' in found.imported.text
    assert found.process is not None and not found.unexplained


def test_what_a_line_leaves_to_the_runtime_says_nothing() -> None:
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", "--dtype", "auto", "--kv-cache-dtype", "auto"])
    assert found.imported.native == () and found.unexplained == ()


def test_other_names_of_a_dtype() -> None:
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", "--dtype", "half"])
    assert "compute = fp16" in found.imported.text and found.unexplained == ()


def test_a_switch_that_is_said_to_be_off() -> None:
    files = {"a.yml": "print_iter_log: false\nbackend: pytorch\n"}
    words = ["trtllm-serve", "Qwen/Qwen3-8B", "--config", "a.yml"]
    found = read(words, files=files)
    assert "passes = false" in found.imported.text and found.imported.native == ()


def test_an_old_name_of_the_draft() -> None:
    text = (
        "speculative_config: {decoding_type: Eagle3, max_draft_len: 3, speculative_model_dir: a/b}"
    )
    words = ["trtllm-serve", "Qwen/Qwen3-8B", "--config", "a.yml"]
    found = read(words, files={"a.yml": text})
    assert found.imported.native == () and found.unexplained == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-ot", "exps=CPU"], "offload { experts = true }"),
        (["-ot", r"\.ffn_.*_exps\.=CPU"], "offload { experts = true }"),
        (["-t", "8", "-tb", "8"], "threads = 8"),
        (["--chat-template-kwargs", '{"effort":"high"}'], 'template_args { effort = "high" }'),
        (["--mirostat", "0"], ""),
    ],
)
def test_llama_cpp_lines(words: list[str], said: str) -> None:
    found = read(["llama-server", "-m", "a.gguf", *words])
    text = " ".join(found.imported.text.split())
    assert found.imported.native == () and found.unexplained == ()
    assert said in text.replace("effort = high", 'effort = "high"')


def test_an_override_of_some_experts_stays_native() -> None:
    words = ["llama-server", "-m", "a.gguf", "-ot", r"blk\.(1|2)\.ffn_.*_exps\.=CPU"]
    assert read(words).imported.native == ("override-tensor",)


def test_a_cache_that_is_left_to_the_checkpoint() -> None:
    words = ["trtllm-serve", "nvidia/Llama-3.1-8B-Instruct-FP8", "--config", "a.yml"]
    found = read(words, files={"a.yml": "kv_cache_config: {dtype: auto}"})
    assert "kv =" not in found.imported.text and found.imported.native == ()
    assert found.process is not None and found.unexplained == ()
