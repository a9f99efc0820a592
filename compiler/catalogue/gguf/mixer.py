"""The mixer of one block of a GGUF model."""

from __future__ import annotations

from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.gguf.keys import Keys

EVERY = {"gpt-oss": 2, "gemma2": 2, "gemma3": 6, "cohere2": 4, "exaone4": 4, "olmo2": 4}
"""Blocks of which the last has no window, where the file does not say (llama.cpp
src/llama-model.cpp, `set_swa_pattern` of each architecture)."""


def mixer(keys: Keys, block: int, names: set[str], params: int) -> Attention:
    """The mixer whose tensors are called `names` and hold `params` weights."""
    if any(name.startswith("ssm_") for name in names):
        return _recurrent(keys, params)
    if not any(name.startswith("attn_") for name in names) or not params:
        return Attention("none", params=params)
    heads = keys.at("attention.head_count", block)
    kv_heads = keys.at("attention.head_count_kv", block) or heads
    rank = keys.whole("attention.kv_lora_rank")
    if rank:
        rope = keys.whole("rope.dimension_count")
        dim = keys.whole("attention.key_length_mla") or keys.whole("attention.key_length")
        value = keys.whole("attention.value_length_mla") or keys.whole("attention.value_length")
        return Attention(
            "mla", heads, 1, dim, value, kv_rank=rank, rope_dim=rope, params=params,
            kv_elements=rank + rope,
        )  # fmt: skip
    dim = keys.at("attention.key_length", block) or _quotient(keys, heads)
    value = keys.at("attention.value_length", block) or dim
    window = _window(keys, block)
    own = block < keys.whole("block_count") - keys.whole("attention.shared_kv_layers")
    return Attention(
        "window" if window else "full", heads, kv_heads, dim, value, window=window, params=params,
        kv_elements=kv_heads * (dim + value) if own else 0,
    )  # fmt: skip


def _quotient(keys: Keys, heads: int) -> int:
    return keys.need("embedding_length") // heads if heads else 0


def _window(keys: Keys, block: int) -> int:
    """Tokens a windowed block keeps; 0 where it keeps all."""
    size = keys.whole("attention.sliding_window")
    if not size:
        return 0
    stated = keys.pairs.get(f"{keys.arch}.attention.sliding_window_pattern")
    if isinstance(stated, tuple):
        return size if block < len(stated) and stated[block] else 0
    every = stated if isinstance(stated, int) and stated else EVERY.get(keys.arch, 0)
    return size if every and block % every < every - 1 else 0


def _recurrent(keys: Keys, params: int) -> Attention:
    """Mamba 2 and gated DeltaNet have one shape of state here."""
    inner, state = keys.whole("ssm.inner_size"), keys.whole("ssm.state_size")
    channels = inner + 2 * keys.whole("ssm.group_count") * state
    conv = channels * max(0, keys.whole("ssm.conv_kernel") - 1)
    kind = "linear" if keys.arch.startswith(("qwen3next", "qwen35", "kimi")) else "mamba"
    return Attention(
        kind,  # type: ignore[arg-type]
        heads=keys.whole("ssm.time_step_rank"),
        params=params,
        state_elements=inner * state + conv,
        conv_elements=conv,
    )
