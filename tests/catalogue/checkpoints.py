"""Checkpoint folders whose weight files are headers alone."""

import json
from pathlib import Path
from typing import Any

SIZES = {"BF16": 2, "F16": 2, "F32": 4, "I32": 4, "F8_E4M3": 1, "U8": 1}
CONFIG: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 256,
    "intermediate_size": 512,
    "max_position_embeddings": 4096,
    "model_type": "llama",
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "num_key_value_heads": 2,
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "vocab_size": 1000,
    "quantization_config": {
        "bits": 4,
        "group_size": 128,
        "quant_method": "awq",
        "version": "gemm",
        "zero_point": True,
    },
}
"""A Llama of two layers in AWQ."""


def header(tensors: dict[str, tuple[str, list[int]]]) -> bytes:
    """The beginning of a safetensors file with these tensors: dtype and shape of each."""
    rows: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    place = 0
    for name, (kind, shape) in tensors.items():
        size = SIZES[kind]
        for side in shape:
            size *= side
        rows[name] = {"dtype": kind, "shape": shape, "data_offsets": [place, place + size]}
        place += size
    data = json.dumps(rows).encode()
    return len(data).to_bytes(8, "little") + data


def awq(name: str, rows: int, columns: int) -> dict[str, tuple[str, list[int]]]:
    """The three tensors of a matrix in AWQ with groups of 128."""
    return {
        f"{name}.qweight": ("I32", [columns, rows // 8]),
        f"{name}.qzeros": ("I32", [columns // 128, rows // 8]),
        f"{name}.scales": ("F16", [columns // 128, rows]),
    }


def tensors(whole: tuple[int, ...] = ()) -> dict[str, tuple[str, list[int]]]:
    """The tensors of `CONFIG`; the feed-forward part of the layers `whole` is in 16 bit."""
    found: dict[str, tuple[str, list[int]]] = {
        "model.embed_tokens.weight": ("F16", [1000, 256]),
        "model.norm.weight": ("F16", [256]),
        "lm_head.weight": ("F16", [1000, 256]),
    }
    for layer in range(2):
        start = f"model.layers.{layer}"
        for name, rows in (("q_proj", 256), ("k_proj", 128), ("v_proj", 128), ("o_proj", 256)):
            found |= awq(f"{start}.self_attn.{name}", rows, 256)
        for name, rows, columns in (
            ("gate_proj", 512, 256),
            ("up_proj", 512, 256),
            ("down_proj", 256, 512),
        ):
            if layer in whole:
                found[f"{start}.mlp.{name}.weight"] = ("F16", [rows, columns])
            else:
                found |= awq(f"{start}.mlp.{name}", rows, columns)
        for name in ("input_layernorm", "post_attention_layernorm"):
            found[f"{start}.{name}.weight"] = ("F16", [256])
    return found


def size_of(held: dict[str, tuple[str, list[int]]]) -> int:
    """Bytes of all these tensors."""
    total = 0
    for kind, shape in held.values():
        size = SIZES[kind]
        for side in shape:
            size *= side
        total += size
    return total


def checkpoint(folder: Path, whole: tuple[int, ...] = ()) -> Path:
    """A checkpoint of two shards with an index, in a folder below `folder`."""
    place = folder / "checkpoint"
    place.mkdir()
    (place / "config.json").write_text(json.dumps(CONFIG))
    held = tensors(whole)
    names = list(held)
    shards = {"model-00001-of-00002.safetensors": names[:20]}
    shards["model-00002-of-00002.safetensors"] = names[20:]
    for file, inside in shards.items():
        (place / file).write_bytes(header({name: held[name] for name in inside}))
    index = {name: file for file, inside in shards.items() for name in inside}
    text = json.dumps({"metadata": {"total_size": size_of(held)}, "weight_map": index})
    (place / "model.safetensors.index.json").write_text(text)
    return place
