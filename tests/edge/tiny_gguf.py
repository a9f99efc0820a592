"""Writes a GGUF file of the llama architecture that really serves: random weights, 0.4 MB.

Its answers are lower-case letters: the first hidden value is a constant that survives every layer,
and the output matrix uses it to allow nothing else.
"""

from __future__ import annotations

import random
import struct
import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, FFN, LAYERS, CONTEXT = 64, 128, 2, 2048
SPECIAL = ("<|bos|>", "<|eos|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for m in messages %}"
    "{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
Q8_0 = 8


def write_tiny_gguf(path: Path, quantised: bool = False) -> None:
    """Write the model to `path`; `quantised`: its matrices as Q8_0, as `llama-quantize` does."""
    tokens = [*_byte_characters(), *SPECIAL]
    tensors = _tensors(tokens)
    fields = _fields(tokens)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields))
    head += b"".join(_text(name) + value for name, value in fields)
    offset, body = 0, []
    for name, shape, values in tensors:
        head += _text(name) + struct.pack("<I", len(shape))
        small = quantised and len(shape) == 2
        head += struct.pack(f"<{len(shape)}Q", *shape)
        head += struct.pack("<IQ", Q8_0 if small else 0, offset)
        body.append(_padded(_blocks(values) if small else _bytes(values)))
        offset += len(body[-1])
    path.write_bytes(_padded(head) + b"".join(body))


def _fields(tokens: list[str]) -> list[tuple[str, bytes]]:
    eos = tokens.index("<|im_end|>")
    kinds = [3 if token in SPECIAL else 1 for token in tokens]
    return [
        ("general.architecture", _string("llama")),
        ("general.name", _string("tiny")),
        ("llama.block_count", _u32(LAYERS)),
        ("llama.context_length", _u32(CONTEXT)),
        ("llama.embedding_length", _u32(WIDTH)),
        ("llama.feed_forward_length", _u32(FFN)),
        ("llama.attention.head_count", _u32(1)),
        ("llama.attention.head_count_kv", _u32(1)),
        ("llama.attention.layer_norm_rms_epsilon", struct.pack("<If", F32, 1e-5)),
        ("llama.rope.dimension_count", _u32(WIDTH)),
        ("llama.vocab_size", _u32(len(tokens))),
        ("tokenizer.ggml.model", _string("gpt2")),
        ("tokenizer.ggml.pre", _string("default")),
        ("tokenizer.ggml.tokens", _array(STRING, [_text(token) for token in tokens])),
        ("tokenizer.ggml.token_type", _array(I32, [struct.pack("<i", kind) for kind in kinds])),
        ("tokenizer.ggml.merges", _array(STRING, [_text("a b")])),
        ("tokenizer.ggml.bos_token_id", _u32(tokens.index("<|bos|>"))),
        ("tokenizer.ggml.eos_token_id", _u32(eos)),
        ("tokenizer.ggml.add_bos_token", struct.pack("<I?", BOOL, False)),
        ("tokenizer.chat_template", _string(TEMPLATE)),
    ]


def _tensors(tokens: list[str]) -> list[tuple[str, tuple[int, ...], list[float]]]:
    """Name, shape (the fastest first) and values of every tensor."""
    draw = random.Random(1)

    def noise(rows: int, columns: int, scale: float = 0.05) -> list[float]:
        return [draw.gauss(0, scale) for _ in range(rows * columns)]

    size = len(tokens)
    embed, output = noise(size, WIDTH, 0.3), noise(size, WIDTH, 0.3)
    for row, token in enumerate(tokens):
        letter = len(token) == 1 and "a" <= token <= "z"
        embed[row * WIDTH], output[row * WIDTH] = 8.0, 4.0 if letter else -4.0
    made = [
        ("token_embd.weight", (WIDTH, size), embed),
        ("output.weight", (WIDTH, size), output),
        ("output_norm.weight", (WIDTH,), [1.0] * WIDTH),
    ]
    for layer in range(LAYERS):
        prefix = f"blk.{layer}."
        for name in ("attn_norm", "ffn_norm"):
            made.append((f"{prefix}{name}.weight", (WIDTH,), [1.0] * WIDTH))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            made.append((f"{prefix}{name}.weight", (WIDTH, WIDTH), noise(WIDTH, WIDTH)))
        for name in ("ffn_gate", "ffn_up"):
            made.append((f"{prefix}{name}.weight", (WIDTH, FFN), noise(WIDTH, FFN)))
        made.append((f"{prefix}ffn_down.weight", (FFN, WIDTH), noise(WIDTH, FFN)))
    return made


def _byte_characters() -> list[str]:
    """The 256 characters that stand for bytes in a byte-level vocabulary."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in keep]
    return [chr(code) for code in keep] + [chr(256 + at) for at in range(len(rest))]


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _string(text: str) -> bytes:
    return struct.pack("<I", STRING) + _text(text)


def _u32(number: int) -> bytes:
    return struct.pack("<II", U32, number)


def _array(kind: int, items: list[bytes]) -> bytes:
    return struct.pack("<IIQ", ARRAY, kind, len(items)) + b"".join(items)


def _bytes(values: list[float]) -> bytes:
    packed = array("f", values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _blocks(values: list[float]) -> bytes:
    """Q8_0: of 32 values a scale of 16 bits and a byte each (ggml-common.h block_q8_0)."""
    made = bytearray()
    for at in range(0, len(values), 32):
        block = values[at : at + 32]
        scale = max(map(abs, block)) / 127 or 1.0
        made += struct.pack("<e32b", scale, *(round(value / scale) for value in block))
    return bytes(made)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 32)
