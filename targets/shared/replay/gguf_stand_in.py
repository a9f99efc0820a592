"""GGUF files that stand in for a model: its shapes in the header, and a hole in place of weights.

llama.cpp plans a context over such a file as over the real one, for it allocates nothing meanwhile.
"""

from __future__ import annotations

import struct
from math import prod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model

    Tensors = dict[str, tuple[int, ...]]

CLASSES = {
    "LlamaForCausalLM": "llama",
    "MistralForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen2",
    "Qwen3ForCausalLM": "qwen3",
    "Qwen3MoeForCausalLM": "qwen3moe",
}
"""Model classes whose tensors are written here, and their architecture in GGUF."""
Q8_0, F32 = 8, 0
BLOCK, BLOCK_BYTES = 32, 34
ALIGN = 32


def write_stand_in(path: str, model: Model) -> bool:
    """Write the file; False where the tensors of the model's class are not known here."""
    arch = CLASSES.get(model.architecture)
    if arch is None or (arch == "qwen3moe") is not bool(model.experts):
        return False
    if model.head_dim % BLOCK or model.hidden % BLOCK or (model.expert_width or BLOCK) % BLOCK:
        return False
    tensors, keys = _tensors(model, arch), _keys(model, arch)
    out, place = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(keys))], 0
    out += [_text(key) + value for key, value in keys.items()]
    for name, dims in tensors.items():
        kind = F32 if len(dims) == 1 or "gate_inp" in name else Q8_0
        out.append(_text(name) + struct.pack(f"<I{len(dims)}Q", len(dims), *dims))
        out.append(struct.pack("<IQ", kind, place))
        size = prod(dims) * 4 if kind == F32 else prod(dims) // BLOCK * BLOCK_BYTES
        place += -(-size // ALIGN) * ALIGN
    head = b"".join(out)
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(-(-len(head) // ALIGN) * ALIGN + place)
    return True


def _keys(model: Model, arch: str) -> dict[str, bytes]:
    counts = {
        "block_count": model.layers,
        "context_length": model.max_context,
        "embedding_length": model.hidden,
        "feed_forward_length": model.width,
        "attention.head_count": model.heads,
        "attention.head_count_kv": model.kv_heads,
        "attention.key_length": model.head_dim,
        "attention.value_length": model.head_dim,
        "rope.dimension_count": model.head_dim,
        "vocab_size": model.vocab,
    }
    if model.experts:
        counts["expert_count"] = model.experts
        counts["expert_used_count"] = model.experts_used
        counts["expert_feed_forward_length"] = model.expert_width
    return {
        "general.architecture": struct.pack("<I", 8) + _text(arch),
        "tokenizer.ggml.model": struct.pack("<I", 8) + _text("none"),
        f"{arch}.attention.layer_norm_rms_epsilon": struct.pack("<If", 6, 1e-6),
        f"{arch}.rope.freq_base": struct.pack("<If", 6, 10000.0),
        **{f"{arch}.{key}": struct.pack("<II", 4, count) for key, count in counts.items()},
    }


def _tensors(model: Model, arch: str) -> Tensors:
    hidden = model.hidden
    found: Tensors = {
        "token_embd.weight": (hidden, model.vocab),
        "output_norm.weight": (hidden,),
        "output.weight": (hidden, model.vocab),
    }
    for layer in range(model.layers):
        block = _attention(model, arch) | _feed(model)
        found |= {f"blk.{layer}.{name}": dims for name, dims in block.items()}
    return found


def _attention(model: Model, arch: str) -> Tensors:
    hidden, head = model.hidden, model.head_dim
    q, kv = model.heads * head, model.kv_heads * head
    found: Tensors = {
        "attn_norm.weight": (hidden,),
        "attn_q.weight": (hidden, q),
        "attn_k.weight": (hidden, kv),
        "attn_v.weight": (hidden, kv),
        "attn_output.weight": (q, hidden),
    }
    if arch == "qwen2":
        found |= {f"attn_{part}.bias": (size,) for part, size in (("q", q), ("k", kv), ("v", kv))}
    if arch.startswith("qwen3"):
        found |= {f"attn_{part}_norm.weight": (head,) for part in ("q", "k")}
    return found


def _feed(model: Model) -> Tensors:
    hidden, width, end, many = model.hidden, model.width, "", ()
    found: Tensors = {"ffn_norm.weight": (hidden,)}
    if model.experts:
        width, end = model.expert_width, "_exps"
        many = (model.experts,)  # type: ignore[assignment]
        found["ffn_gate_inp.weight"] = (hidden, model.experts)
    found |= {f"ffn_{part}{end}.weight": (hidden, width, *many) for part in ("gate", "up")}
    found[f"ffn_down{end}.weight"] = (width, hidden, *many)
    return found


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data
