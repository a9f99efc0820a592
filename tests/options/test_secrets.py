"""Secrets are found wherever they stand, and what only resembles one is left alone."""

from __future__ import annotations

import pytest

from tests.options.on_block import codes

TOKEN = "hf_" + "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    "body",
    [
        f'env {{ HF_TOKEN = "{TOKEN}" }}',
        f'env {{ ANYTHING = "{TOKEN}" }}',
        'env { OPENAI_API_KEY = "letmein" }',
        'on vllm { api-key = "letmein" }',
        'on vllm { raw_args = ["--api-key", "letmein"] }',
        'on vllm { raw_args = ["--api-key=letmein"] }',
        'on vllm { env { MY_PASSWORD = "letmein" } }',
        'observe { traces = "http://user:letmein@otel:4317" }',
        'api { template = "ghp_abcdefghijklmnopqrstuvwxyz0123456789" }',
        'on vllm { kv-transfer-config { kv_connector_extra_config { secret = "letmein" } } }',
    ],
)
def test_found(body: str) -> None:
    assert "SRV605" in codes(body)


@pytest.mark.parametrize(
    "body",
    [
        'env { TOKENIZERS_PARALLELISM = "false" }',
        'env { HF_TOKEN_PATH = "/run/secrets/hf" }',
        'env { API_KEY = "/run/secrets/key" }',
        'env { API_KEY = "${SERVING_KEY}" }',
        "api { key_env = SERVING_KEY }",
        'observe { traces = "http://otel:4317" }',
        'env { MAX_TOKENS = "8192" }',
    ],
)
def test_left_alone(body: str) -> None:
    assert "SRV605" not in codes(body)
