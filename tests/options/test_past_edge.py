"""Old releases of llama.cpp, LMDeploy, mlx-lm and TGI: what is read, and lines of them."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.compiler.options.versions import order
from servec.targets.llamacpp.source import release
from servec.targets.shared.past.by_hand import rows_at
from servec.targets.shared.past.release import past_release
from servec.targets.shared.table import versions

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """
add_opt(common_arg(
    {"-fa", "--flash-attn"}, "text", [](common_params & params) { params.flash_attn = true; }
).set_env("LLAMA_ARG_FLASH_ATTN"));
add_opt(common_arg({"-c", "--ctx-size"}, "N", [](common_params & params, int value) {}));
add_opt(common_arg({"--jinja"}, {"--no-jinja"}, "", [](common_params & params, bool value) {}));
add_opt(common_arg({"-cnv"}, "", [](common_params & params) {}).set_examples({LLAMA_EXAMPLE_MAIN}));
add_opt(common_arg({"--gone"}, "", [](common_params &) { throw "the argument has been removed"; }));
"""
CHAIN = """
if (arg == "-m" || arg == "--model") { if (++i >= argc) { break; } params.model = argv[i]; }
else if (arg == "--mlock") { params.use_mlock = true; }
"""
NAMES = """static const X LLM_ARCH_NAMES = {
    { LLM_ARCH_LLAMA, "llama" },
    { LLM_ARCH_UNKNOWN, "(unknown)" },
};"""


def laid(folder: Path, name: str, text: str) -> dict[str, str]:
    path = folder / "llama.cpp" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return {flag: row["type"] for row in release(str(folder))["rows"] for flag in row["flags"]}


def test_options_of_an_old_build_are_read_from_its_text(tmp_path: Path) -> None:
    assert laid(tmp_path, "examples/server/server.cpp", CHAIN) == {
        "-m": "str",
        "--model": "str",
        "--mlock": "flag",
    }
    found = laid(tmp_path, "common/arg.cpp", TABLE)
    assert found == {
        "-fa": "flag",
        "--flash-attn": "flag",
        "-c": "int",
        "--ctx-size": "int",
        "--jinja": "switch",
        "--no-jinja": "switch",
    }
    laid(tmp_path, "src/llama-arch.cpp", NAMES)
    classes = release(str(tmp_path))["sets"]["architectures"]
    assert "llama" in classes and "LlamaForCausalLM" in classes and "(unknown)" not in classes


@pytest.mark.parametrize(
    ("runtime", "version", "flag", "there"),
    [
        ("llamacpp", "b2000", "--flash-attn", False),
        ("llamacpp", "b4000", "--flash-attn", True),
        ("llamacpp", "b4000", "-hf", False),
        ("lmdeploy", "0.7.1", "--tool-call-parser", False),
        ("lmdeploy", "0.7.2", "--tool-call-parser", True),
        ("mlx", "0.24.0", "--draft-model", True),
        ("tgi", "1.4.0", "--max-input-tokens", False),
        ("tgi", "2.0.0", "--max-input-tokens", True),
    ],
)
def test_a_flag_is_there_or_not(runtime: str, version: str, flag: str, there: bool) -> None:
    found = past_release(runtime, version)
    assert found is not None and found.flag(flag) is there


@pytest.mark.parametrize("runtime", ["llamacpp", "lmdeploy", "tgi"])
def test_rows_end_where_no_more_is_read(runtime: str) -> None:
    known = past_release(runtime, "b1" if runtime == "llamacpp" else "0.0.1")
    assert known is not None
    read = known.document["versions"]
    found = {json.dumps(row): row for version in read for row in rows_at(runtime, version)}
    newest = max(order(versions(runtime)[0]), order(read[-1]))
    assert found and all(order(row["until"]) <= newest for row in found.values())
    for row in found.values():
        assert set(row) - {"beside", "warns"} == {
            "when",
            "code",
            "path",
            "title",
            "why",
            "source",
            "since",
            "until",
        }
        assert len(f"{runtime} 0.10.1.1 {row['title']}") <= 100 and row["source"]


SERVE = "lmdeploy serve api_server"
TGI = "text-generation-launcher --model-id"
LLAMA = "llama-server -c 4096 -m"
DRAFTS = "--spec-type draft-mtp,ngram-mod"


@pytest.mark.parametrize(
    ("launch", "hardware", "line"),
    [
        (
            "llamacpp@b4000",
            "rtx-4090 x 1",
            "llama-server -m x.gguf -fa -ngl 99 -ctk q8_0 -ctv q8_0",
        ),
        ("llamacpp@b2000", "rtx-4090 x 1", "llama-server -m x.gguf -c 4096 -ngl 33 -np 2 -cb"),
        ("llamacpp@b7000", "rtx-4090 x 1", "llama-server -m x.gguf -fa on -ngl 99 --jinja"),
        ("lmdeploy@0.4.2", "h100 x 1", f"{SERVE} internlm/internlm2-chat-7b --quant-policy 8"),
        ("lmdeploy@0.9.0", "h100 x 2", f"{SERVE} Qwen/Qwen3-8B --tp 2 --backend turbomind"),
        ("mlx@0.24.1", "m3-ultra-256g x 1", "mlx_lm.server --model mlx-community/Qwen3-8B-4bit"),
        ("tgi@1.4.0", "a100-80g x 2", f"{TGI} mistralai/Mistral-7B-v0.1 --num-shard 2"),
        (
            "tgi@2.4.0",
            "a100-80g x 1",
            f"{TGI} meta-llama/Llama-3.1-8B --max-input-tokens 8000 --max-total-tokens 8192",
        ),
        ("tgi@1.3.4", "t4 x 1", f"DISABLE_CUSTOM_KERNELS=true {TGI} bigscience/bloom-560m"),
        ("lmdeploy@0.6.0", "rtx-4090 x 1", f"{SERVE} openbmb/MiniCPM-V-2_6 --device cuda"),
        (
            "llamacpp@b3200",
            "rtx-4090 x 1",
            "./server -m Meta-Llama-3-8B-Instruct-Q4_K_M.gguf -ngl 99",
        ),
        ("llamacpp@b6100", "rtx-4090 x 1", "llama-server.exe -hf ggml-org/SmolVLM-500M-GGUF"),
        (
            "llamacpp@b7180",
            "rtx-4090 x 1",
            f"{LLAMA} Mistral-Small-3.2-24B-Instruct-2506-Q4_K_M.gguf",
        ),
        ("llamacpp@b7300", "rtx-4090 x 1", f"{LLAMA} Ministral-3-14B-Reasoning-2512-Q4_K_M.gguf"),
        (
            "llamacpp@b4700",
            "a100-80g x 4",
            f"{LLAMA} DeepSeek-V3-Q2_K_L-00001-of-00005.gguf -ngl 99",
        ),
        ("llamacpp@b9713", "rtx-4090 x 2", f"{LLAMA} Qwen3.5-9B-Q4_K_M.gguf --split-mode row"),
        ("llamacpp@b11063", "rtx-4090 x 1", f"{LLAMA} Qwen3.5-27B-UD-Q4_K_XL.gguf {DRAFTS}"),
    ],
)
def test_lines_that_an_old_release_takes(
    launch: str,
    hardware: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("import", launch, "--check", "--hardware", hardware, "--", *shlex.split(line))
    assert main(list(words)) == 0, capsys.readouterr().out
