"""GGUF files: counts and bits from the tensors, shape from the keys, and damaged headers."""

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.catalogue import models
from servec.compiler.catalogue.gguf.build import gguf_model
from servec.compiler.catalogue.ingest.build import Refused
from servec.compiler.model import Model
from servec.dsl.sources import MemorySources

F32, Q4_K, Q6_K = 0, 12, 14


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, list):
        head = struct.pack("<IIQ", 9, 8 if isinstance(value[0], str) else 4, len(value))
        return head + b"".join(
            _text(item) if isinstance(item, str) else struct.pack("<I", item) for item in value
        )
    return struct.pack("<II", 4, value)


def gguf(keys: dict[str, Any], tensors: dict[str, tuple[tuple[int, ...], int]]) -> bytes:
    """The header of a GGUF file of version 3."""
    out = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(keys))]
    out += [_text(key) + _value(value) for key, value in keys.items()]
    for name, (dims, kind) in tensors.items():
        sizes = struct.pack(f"<{len(dims)}Q", *dims)
        out.append(_text(name) + struct.pack("<I", len(dims)) + sizes + struct.pack("<IQ", kind, 0))
    return b"".join(out)


KEYS: dict[str, Any] = {
    "general.architecture": "qwen3moe",
    "general.file_type": 15,
    "qwen3moe.block_count": 3,
    "qwen3moe.embedding_length": 512,
    "qwen3moe.context_length": 40960,
    "qwen3moe.attention.head_count": 8,
    "qwen3moe.attention.head_count_kv": 2,
    "qwen3moe.attention.key_length": 128,
    "qwen3moe.feed_forward_length": 1024,
    "qwen3moe.expert_count": 16,
    "qwen3moe.expert_used_count": 4,
    "qwen3moe.expert_feed_forward_length": 256,
    "tokenizer.ggml.tokens": [f"t{n}" for n in range(5000)],
}


def tensors() -> dict[str, tuple[tuple[int, ...], int]]:
    found: dict[str, tuple[tuple[int, ...], int]] = {
        "token_embd.weight": ((512, 5000), Q4_K),
        "output.weight": ((512, 5000), Q6_K),
        "output_norm.weight": ((512,), F32),
    }
    for block in range(3):
        down = Q6_K if block == 0 else Q4_K
        found |= {
            f"blk.{block}.attn_norm.weight": ((512,), F32),
            f"blk.{block}.attn_q.weight": ((512, 1024), Q4_K),
            f"blk.{block}.attn_k.weight": ((512, 256), Q4_K),
            f"blk.{block}.attn_v.weight": ((512, 256), Q6_K),
            f"blk.{block}.attn_output.weight": ((1024, 512), Q4_K),
            f"blk.{block}.ffn_norm.weight": ((512,), F32),
            f"blk.{block}.ffn_gate_inp.weight": ((512, 16), F32),
            f"blk.{block}.ffn_gate_exps.weight": ((512, 256, 16), Q4_K),
            f"blk.{block}.ffn_up_exps.weight": ((512, 256, 16), Q4_K),
            f"blk.{block}.ffn_down_exps.weight": ((256, 512, 16), down),
        }
    return found


def _model(data: bytes) -> Model:
    found = gguf_model(data, "./m.gguf")
    assert not isinstance(found, Refused), found
    return found


def test_counts_are_those_of_thetensors() -> None:
    model = _model(gguf(KEYS, tensors()))
    attention = 512 * (1024 + 256 + 256 + 1024)
    experts = 3 * 512 * 256 * 16
    assert (model.layers, model.hidden, model.vocab, model.max_context) == (3, 512, 5000, 40960)
    assert [g.count for g in model.groups] == [3]
    assert model.groups[0].attention.params == attention
    assert model.groups[0].ffn.expert_params * 16 == experts
    total = 2 * 512 * 5000 + 512 + 3 * (attention + experts + 512 * 16 + 2 * 512)
    assert model.total == total
    assert model.active == total - 3 * 12 * experts // 16
    assert (model.family, model.kv_heads, model.head_dim) == ("gqa_moe", 2, 128)
    assert model.groups[0].attention.kv_elements == 2 * 2 * 128


def test_bits_are_those_of_thetensors() -> None:
    model = _model(gguf(KEYS, tensors()))
    assert (model.quant.method, model.quant.weights) == ("gguf", "q4_k_m")
    assert model.quant.bits_of("embed") == 4.5
    assert model.quant.bits_of("router") == 32
    assert 4.5 < model.quant.bits_of("experts") < 6.5625
    assert model.checkpoint_bytes > 0


def test_a_tied_head_and_drafts() -> None:
    held = tensors()
    del held["output.weight"]
    model = _model(gguf({**KEYS, "qwen3moe.nextn_predict_layers": 1}, held))
    assert model.tied and model.head_params == 0
    assert (model.layers, model.mtp_layers) == (2, 1)
    assert model.mtp_params > 0


def test_windows_by_architecture() -> None:
    keys = {key.replace("qwen3moe", "gpt-oss"): value for key, value in KEYS.items()}
    keys |= {"general.architecture": "gpt-oss", "gpt-oss.attention.sliding_window": 128}
    model = _model(gguf(keys, tensors()))
    assert model.family == "gptoss"
    assert [(g.attention.window, g.indices) for g in model.groups] == [(128, (0, 2)), (0, (1,))]


def test_latent_attention() -> None:
    keys = {**KEYS, "qwen3moe.attention.kv_lora_rank": 512, "qwen3moe.rope.dimension_count": 64}
    model = _model(gguf(keys, tensors()))
    assert model.mla and model.groups[0].attention.kv_elements == 576


def test_state_layers() -> None:
    held = {**tensors(), "blk.1.ssm_in.weight": ((512, 64), F32)}
    keys = {**KEYS, "qwen3moe.ssm.inner_size": 64, "qwen3moe.ssm.state_size": 16}
    model = _model(gguf({**keys, "qwen3moe.ssm.conv_kernel": 4}, held))
    state = next(g for g in model.groups if g.indices == (1,))
    assert state.attention.state_elements == 64 * 16 + 64 * 3
    assert model.family == "hybrid_moe"


def test_an_embedding_file_says_so() -> None:
    assert _model(gguf({**KEYS, "qwen3moe.pooling_type": 3}, tensors())).task == "embed"
    assert _model(gguf({**KEYS, "qwen3moe.pooling_type": 4}, tensors())).task == "rerank"


def test_a_path_to_a_file() -> None:
    sources = MemorySources({"specs/m.gguf": gguf(KEYS, tensors()) + b"\0" * 64})
    model = models.find_model("./m.gguf", sources, "specs")
    assert model is not None
    assert (model.id, model.file) == ("./m.gguf", "m.gguf")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no GGUF file"),
        (b"PK\x03\x04", "no GGUF file"),
        (b"GGUF", "cut short"),
        (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "cut short"),
        (gguf({}, {}), "`general.architecture` is missing"),
        (gguf({"general.architecture": "clip"}, {}), "vision projector"),
        (gguf({"general.architecture": "llama"}, {}), "`llama.block_count` is missing"),
        (gguf(KEYS, {"token_embd.weight": ((8,), 99)}), "tensor type 99"),
        (gguf({**KEYS, "qwen3moe.block_count": 10**6}, {}), "out of range"),
    ],
)
def test_why_a_file_is_no_model(data: bytes, why: str) -> None:
    found = gguf_model(data, "x")
    assert isinstance(found, Refused) and why in found.why


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_damage_gives_a_model_or_a_reason(place: int, bytes_: bytes) -> None:
    data = bytearray(gguf({k: v for k, v in KEYS.items() if "tokens" not in k}, tensors()))
    data[place % len(data) : place % len(data) + len(bytes_)] = bytes_
    found = gguf_model(bytes(data), "x")
    assert found.why if isinstance(found, Refused) else found.layers > 0
    short = gguf_model(bytes(data[: place % len(data)]), "x")
    assert isinstance(short, Refused)
