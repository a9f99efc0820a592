"""GGUF files with true headers and no weights: the data is one hole, so llama.cpp can plan them.

Shapes are those of published models; block types mix as quantisers mix them, with finer types for
values, down projections and the output.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

F32, F16, Q8_0, Q4_K, Q6_K = 0, 1, 8, 12, 14
BLOCK = {F32: (1, 4), F16: (1, 2), Q8_0: (32, 34), Q4_K: (256, 144), Q6_K: (256, 210)}
ALIGN = 32

SHAPES: dict[str, dict[str, Any]] = {
    "llama": {
        "hidden": 4096, "layers": 32, "heads": 32, "kv": 8, "head": 128, "width": 14336,
        "vocab": 128256, "context": 131072,
    },
    "qwen2": {
        "hidden": 3584, "layers": 28, "heads": 28, "kv": 4, "head": 128, "width": 18944,
        "vocab": 152064, "context": 32768,
    },
    "qwen3": {
        "hidden": 2560, "layers": 36, "heads": 32, "kv": 8, "head": 128, "width": 9728,
        "vocab": 151936, "context": 40960, "tied": True,
    },
    "qwen3moe": {
        "hidden": 2048, "layers": 48, "heads": 32, "kv": 4, "head": 128, "width": 6144,
        "vocab": 151936, "context": 40960, "experts": 128, "used": 8, "expert": 768,
    },
    "mixtral": {
        "hidden": 4096, "layers": 32, "heads": 32, "kv": 8, "head": 128, "width": 14336,
        "vocab": 32000, "context": 32768, "experts": 8, "used": 2, "expert": 14336,
    },
    "gemma3": {
        "hidden": 2560, "layers": 34, "heads": 8, "kv": 4, "head": 256, "width": 10240,
        "vocab": 262144, "context": 131072, "tied": True, "window": 1024,
    },
    "deepseek2": {
        "hidden": 2048, "layers": 27, "heads": 16, "kv": 1, "head": 192, "width": 10944,
        "vocab": 102400, "context": 163840, "experts": 64, "used": 6, "expert": 1408,
        "shared": 2, "dense": 1, "latent": 512, "rope": 64, "value": 128,
    },
}  # fmt: skip
"""Llama-3.1-8B, Qwen2.5-7B, Qwen3-4B, Qwen3-30B-A3B, Mixtral-8x7B, Gemma-3-4B, DeepSeek-V2-Lite."""


def write_weightless(path: Path, name: str) -> None:
    """The file of one of `SHAPES`."""
    shape = SHAPES[name]
    keys = _keys("llama" if name == "mixtral" else name, shape)
    tensors = _tensors(name, shape)
    out = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(keys))]
    out += [_text(key) + value for key, value in keys.items()]
    place = 0
    for tensor, (dims, kind) in tensors.items():
        sizes = struct.pack(f"<{len(dims)}Q", *dims)
        out.append(_text(tensor) + struct.pack("<I", len(dims)) + sizes)
        out.append(struct.pack("<IQ", kind, place))
        place += _up(_bytes(dims, kind))
    head = b"".join(out)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(_up(len(head)) + place)


def _keys(arch: str, s: dict[str, Any]) -> dict[str, bytes]:
    counts = {
        "block_count": s["layers"],
        "context_length": s["context"],
        "embedding_length": s["hidden"],
        "feed_forward_length": s["width"],
        "attention.head_count": s["heads"],
        "attention.head_count_kv": s["kv"],
        "attention.key_length": s.get("latent", 0) + s["rope"] if "latent" in s else s["head"],
        "attention.value_length": s.get("latent", s["head"]),
        "rope.dimension_count": s.get("rope", s["head"]),
        "vocab_size": s["vocab"],
    }
    if "experts" in s:
        counts |= {
            "expert_count": s["experts"],
            "expert_used_count": s["used"],
            "expert_feed_forward_length": s["expert"],
        }
    if "latent" in s:
        counts |= {
            "attention.kv_lora_rank": s["latent"],
            "attention.key_length_mla": s["head"],
            "attention.value_length_mla": s["value"],
            "leading_dense_block_count": s["dense"],
            "expert_shared_count": s["shared"],
            "expert_gating_func": 1,
        }
    if "window" in s:
        counts["attention.sliding_window"] = s["window"]
    found = {
        "general.architecture": struct.pack("<I", 8) + _text(arch),
        "general.file_type": struct.pack("<II", 4, 15),
        "tokenizer.ggml.model": struct.pack("<I", 8) + _text("none"),
        f"{arch}.attention.layer_norm_rms_epsilon": struct.pack("<If", 6, 1e-6),
        f"{arch}.rope.freq_base": struct.pack("<If", 6, 10000.0),
    }
    if "latent" in s:
        found[f"{arch}.expert_weights_scale"] = struct.pack("<If", 6, 1.0)
    return found | {f"{arch}.{key}": struct.pack("<II", 4, n) for key, n in counts.items()}


def _tensors(name: str, s: dict[str, Any]) -> dict[str, tuple[tuple[int, ...], int]]:
    hidden, vocab = s["hidden"], s["vocab"]
    tied = s.get("tied", False)
    found: dict[str, tuple[tuple[int, ...], int]] = {
        "token_embd.weight": ((hidden, vocab), Q6_K if tied else Q4_K),
        "output_norm.weight": ((hidden,), F32),
    }
    if not tied:
        found["output.weight"] = ((hidden, vocab), Q6_K)
    for layer in range(s["layers"]):
        block = _latent(s) if "latent" in s else _grouped(name, s)
        block |= _feed(s, layer)
        found |= {f"blk.{layer}.{key}": value for key, value in block.items()}
    return found


def _grouped(name: str, s: dict[str, Any]) -> dict[str, tuple[tuple[int, ...], int]]:
    hidden, head = s["hidden"], s["head"]
    q, kv = s["heads"] * head, s["kv"] * head
    found: dict[str, tuple[tuple[int, ...], int]] = {
        "attn_norm.weight": ((hidden,), F32),
        "attn_q.weight": ((hidden, q), Q4_K),
        "attn_k.weight": ((hidden, kv), Q4_K),
        "attn_v.weight": ((hidden, kv), Q6_K),
        "attn_output.weight": ((q, hidden), Q4_K),
    }
    if name == "qwen2":
        found |= {f"attn_{p}.bias": ((n,), F32) for p, n in (("q", q), ("k", kv), ("v", kv))}
    if name in ("qwen3", "qwen3moe", "gemma3"):
        found |= {f"attn_{p}_norm.weight": ((head,), F32) for p in ("q", "k")}
    if name == "gemma3":
        found |= {f"post_{p}_norm.weight": ((hidden,), F32) for p in ("attention", "ffw")}
    return found


def _latent(s: dict[str, Any]) -> dict[str, tuple[tuple[int, ...], int]]:
    hidden, heads, rank = s["hidden"], s["heads"], s["latent"]
    plain = s["head"] - s["rope"]
    return {
        "attn_norm.weight": ((hidden,), F32),
        "attn_q.weight": ((hidden, heads * s["head"]), Q4_K),
        "attn_kv_a_mqa.weight": ((hidden, rank + s["rope"]), Q8_0),
        "attn_kv_a_norm.weight": ((rank,), F32),
        "attn_k_b.weight": ((plain, rank, heads), Q8_0),
        "attn_v_b.weight": ((rank, s["value"], heads), Q8_0),
        "attn_output.weight": ((heads * s["value"], hidden), Q4_K),
    }


def _feed(s: dict[str, Any], layer: int) -> dict[str, tuple[tuple[int, ...], int]]:
    hidden = s["hidden"]
    found: dict[str, tuple[tuple[int, ...], int]] = {"ffn_norm.weight": ((hidden,), F32)}
    if "experts" not in s or layer < s.get("dense", 0):
        return found | _three("", hidden, s["width"])
    found["ffn_gate_inp.weight"] = ((hidden, s["experts"]), F32)
    found |= _three("_exps", hidden, s["expert"], s["experts"])
    if "shared" in s:
        found |= _three("_shexp", hidden, s["expert"] * s["shared"])
    return found


def _three(
    end: str, hidden: int, width: int, count: int = 0
) -> dict[str, tuple[tuple[int, ...], int]]:
    """Gate, up and down; where rows are no multiple of 256, in a type of 32."""
    many = (count,) if count else ()
    down = Q6_K if width % 256 == 0 else Q8_0
    return {
        f"ffn_gate{end}.weight": ((hidden, width, *many), Q4_K),
        f"ffn_up{end}.weight": ((hidden, width, *many), Q4_K),
        f"ffn_down{end}.weight": ((width, hidden, *many), down),
    }


def _bytes(dims: tuple[int, ...], kind: int) -> int:
    weights, size = BLOCK[kind]
    count = 1
    for dim in dims:
        count *= dim
    return count // weights * size


def _up(size: int) -> int:
    return -(-size // ALIGN) * ALIGN


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
