"""`defaults = runtime`: an imported spec comes back word for word and says what its line says."""

from __future__ import annotations

import pytest

from servec import api
from tests.importing.recipes import read

LINES = {
    "vllm": "vllm serve Qwen/Qwen3-8B -tp 2",
    "vllm several": "vllm serve Qwen/Qwen3-VL-30B-A3B-Instruct -tp 4 --max-model-len 32768",
    "sglang": "sglang serve --model-path Qwen/Qwen3-8B --tp-size 2 --mem-fraction-static 0.8",
    "sglang natively": "sglang serve --model-path Qwen/Qwen3-8B --max-prefill-tokens 32768",
    "llamacpp": "llama-server -hf ggml-org/gemma-3-4b-it-GGUF -c 8192 -ngl 99 --temp 1.0",
    "mlx": "mlx_lm.server --model mlx-community/Qwen3-8B-4bit --port 8081",
    "trtllm": "trtllm-serve Qwen/Qwen3-8B --tp_size 2 --kv_cache_free_gpu_memory_fraction 0.8",
    "lmdeploy": "lmdeploy serve api_server Qwen/Qwen3-8B --tp 2 --session-len 8192",
}


@pytest.mark.parametrize("name", LINES)
def test_word_for_word(name: str) -> None:
    found = read(LINES[name].split())
    assert found.process is not None
    assert [item for item in found.differences if not item.why] == []
    added = {item.name for item in found.differences if item.kind == "added"}
    # Which of LMDeploy's engines serves is always said.
    assert added <= {"backend"}


def test_what_is_open_is_the_compilers_elsewhere() -> None:
    text = read(LINES["vllm"].split()).imported.text
    assert "defaults = runtime" in text
    closed = api.compile({"a.srv": text.replace("  defaults = runtime\n", "")})
    (emission,) = closed.emissions
    assert "--max-num-seqs" in emission.launch.processes[0].argv


def test_the_page_says_what_is_left_to_the_runtime() -> None:
    result = api.compile({"a.srv": read(LINES["vllm"].split()).imported.text})
    (page,) = (a for e in result.emissions for a in e.artifacts if a.path == "README.md")
    assert "Left to the runtime" in page.text and "`limits.batch`" in page.text


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            "vllm serve Qwen/Qwen3-VL-30B-A3B-Instruct --mm-encoder-tp-mode data"
            " --mm-processor-cache-gb 8 --allowed-local-media-path /x",
            ("encoder = data", "cache = 8 GiB", 'path = "/x"'),
        ),
        (
            "vllm serve Qwen/Qwen3-8B --tokenizer-mode slow --load-format dummy --seed 7"
            " --generation-config vllm --cpu-offload-gb 4",
            ("tokenizer_mode = slow", "load_format = dummy", "weights = 4 GiB", "source = runtime"),
        ),
        (
            "sglang serve --model-path Qwen/Qwen3-8B --random-seed 7 --cpu-offload-gb 4"
            " --sampling-defaults openai --disable-flashinfer-autotune",
            ("seed = 7", "weights = 4 GiB", "source = runtime", "autotune = false"),
        ),
        (
            "llama-server -m x.gguf --n-cpu-moe 12 -ub 1024 -t 8 -n 512 --jinja -fa on -kvu",
            ("expert_layers = 12", "chunk = 1Ki tokens", "threads = 8", "max_tokens = 512"),
        ),
        (
            'vllm serve Qwen/Qwen3-8B --hf-overrides {"rope_parameters":{"rope_type":"yarn"}}',
            ("overrides {", "rope_type = yarn"),
        ),
        (
            "vllm serve Qwen/Qwen3-8B --tool-parser-plugin t.py --tool-call-parser mine"
            " --enable-auto-tool-choice",
            ("tools = mine", 'tools_plugin = "t.py"'),
        ),
        (
            'vllm serve Qwen/Qwen3-8B --speculative-config {"method":"dflash","model":"a/b",'
            '"num_speculative_tokens":7}',
            ("speculative = dflash", 'draft = "a/b"'),
        ),
    ],
)
def test_concepts_are_fields(line: str, fields: tuple[str, ...]) -> None:
    found = read(line.split())
    assert all(each in found.imported.text for each in fields), found.imported.text
    assert not found.imported.native
    assert found.process is not None and not found.unexplained


def test_sequences_are_those_of_the_replica() -> None:
    line = "vllm serve Qwen/Qwen3-30B-A3B -tp 1 -dp 4 --max-num-seqs 64 --enable-expert-parallel"
    found = read(line.split())
    assert "batch = 256" in found.imported.text and not found.unexplained
