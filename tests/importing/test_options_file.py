"""Keys of TensorRT-LLM's options file are fields of its argument class, not flags."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.cli.main import main
from tests.importing.recipes import read


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(text: str, version: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    Path("c.yaml").write_text(text)
    words = ["trtllm-serve", "Qwen/Qwen3-8B", "--config", "c.yaml"]
    head = ["import", f"trtllm@{version}", "--check", "--hardware", "h100 x 8"]
    main([*head, "--format", "json", "--", *words])
    [made] = json.loads(capsys.readouterr().out)["commands"]
    return [*map(str, made["refused"])]


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "kv_cache_free_gpu_memory_fraction: 0.8",
            "it is `kv_cache_config.free_gpu_memory_fraction` there",
        ),
        ("tp_size: 2", "it is `tensor_parallel_size` there"),
        ("max-batch-size: 8", "it is `max_batch_size` there"),
        ("host: 0.0.0.0", "on the line it is `--host`"),
        ("tool_parser: qwen3", "on the line it is `--tool_parser`"),
    ],
)
def test_flags_are_no_keys(
    text: str,
    says: str,
    version: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    [found] = refused(text, version, capsys)
    assert found.endswith(says)


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
@pytest.mark.parametrize(
    "text",
    [
        "tensor_parallel_size: 2\nbackend: pytorch\nreasoning_parser: qwen3",
        "disagg_cluster:\n  cluster_uri: http://localhost:8000\n  cluster_name: a",
    ],
)
def test_fields_are(
    text: str,
    version: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert refused(text, version, capsys) == []


@pytest.mark.parametrize("version", ["1.3.0rc3", "main"])
def test_autodeploy_has_keys_of_its_own(
    version: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("c.yaml").write_text("world_size: 4\ncompile_backend: torch-cudagraph\n")
    head = ["import", f"trtllm@{version}", "--check", "--hardware", "h100 x 8", "--"]
    line = ["trtllm-serve", "meta-llama/Llama-3.3-70B-Instruct", "--config", "c.yaml"]
    assert main([*head, *line, "--backend", "_autodeploy"]) == 0
    assert main([*head, *line]) == 1
    assert "AutoDeploy alone has this key" in capsys.readouterr().err
    assert main([*head, *line, "--backend", "_autodeploy", "--tp_size", "4"]) == 1
    assert "give it `world_size` in the options file" in capsys.readouterr().err


EAGLE = "speculative_config:\n  decoding_type: Eagle3\n"
NGRAM = "speculative_config:\n  decoding_type: NGram\n  max_draft_len: 3\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (EAGLE + "  speculative_model: a/b\n", "it needs `max_draft_len`"),
        (EAGLE + "  max_draft_len: 3\n", "it needs a draft"),
        (EAGLE + "  max_draft_len: 3\n  speculative_model_dir: a/b\n", ""),
        (NGRAM, ""),
        (NGRAM + "  eagle3_one_model: true\n", "a field that NGram does not have"),
        ("kv_connector_config:\n  connector: lmcache-mp\n  server_url: tcp://a:1\n", ""),
        ("kv_connector_config:\n  connector_module: a.b\n", "it names a `connector`"),
        ("sparse_attention_config:\n  algorithm: skip_softmax\n  target_sparsity: 0.5\n", ""),
        ("sparse_attention_config:\n  algorithm: rocket\n", "RocketKV"),
    ],
)
def test_what_main_makes_of_a_block(
    text: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("c.yaml").write_text(text)
    head = ["import", "trtllm@main", "--check", "--hardware", "h100 x 1", "--"]
    assert main([*head, "trtllm-serve", "Qwen/Qwen3-8B", "--config", "c.yaml"]) == bool(says)
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("quant_config:\n  quant_algo: FP8\n", "takes the scheme from the checkpoint"),
        ("speculative_config: {SPEC draft_len_schedule: {1: 3, 8: 0}}\n", ""),
        ("speculative_config: {SPEC draft_len_schedule: {4: 3, 8: 0}}\n", "a batch of 1"),
        ("speculative_config: {SPEC draft_len_schedule: {1: 2}}\n", "drafts `max_draft_len`"),
    ],
)
def test_what_1_3_0rc3_makes_of_a_block(
    text: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    drafted = "decoding_type: NGram, max_draft_len: 3, max_matching_ngram_size: 2,"
    Path("c.yaml").write_text(text.replace("SPEC", drafted))
    head = ["import", "trtllm@1.3.0rc3", "--check", "--hardware", "h100 x 1", "--"]
    assert main([*head, "trtllm-serve", "Qwen/Qwen3-8B", "--config", "c.yaml"]) == bool(says)
    assert says in capsys.readouterr().err


def test_a_key_of_the_file_is_no_flag(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["trtllm-serve", "Qwen/Qwen3-8B", "--attn_backend", "TRTLLM"]
    assert main(["import", "trtllm@1.3.0rc3", "--check", "--hardware", "h100", "--", *line])
    assert "`attn_backend` stands in the file of `--config`" in capsys.readouterr().err


def test_the_file_of_vllm_holds_flags() -> None:
    text = "no-enable-prefix-caching: true\nmax-model-len: 8192\nenable-lora: false\n"
    text += 'compilation-config: \'{"pass_config": {"eliminate_noops": true}}\'\n'
    found = read(["vllm", "serve", "Qwen/Qwen3-8B", "--config", "c.yaml"], files={"c.yaml": text})
    assert "prefix_cache = false" in found.imported.text and "context = 8Ki" in found.imported.text
    assert found.process is not None and not found.unexplained
