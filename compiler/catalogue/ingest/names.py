"""The keys that configs have for the same dimension, in the order in which they are asked.

Sources: `attribute_map` and arguments of the configuration classes of transformers 4.57 and 5.x
(falcon, mpt, bloom, gptj, gpt2, gpt_bigcode, opt, dbrx, jamba), and the configuration files that
repositories carry (baichuan, chatglm, exaone, qwen, internlm).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.fields import Fields

HIDDEN = ("hidden_size", "n_embd", "n_embed", "d_model", "dim")
HEADS = ("num_attention_heads", "n_head", "n_heads", "decoder_attention_heads", "num_heads")
LAYERS = (
    "decoder_layers",
    "num_decoder_layers",
    "num_hidden_layers",
    "num_layers",
    "n_layer",
    "n_layers",
)
KV_HEADS = ("num_key_value_heads", "multi_query_group_num", "num_attention_groups")
WIDTH = (
    "dense_intermediate_size",
    "intermediate_size_mlp",
    "intermediate_size",
    "ffn_hidden_size",
    "ffn_dim",
    "ff_intermediate_size",
    "n_inner",
    "inner_hidden_size",
    "hidden_dim",
)
"""Where a dense layer has a key of its own, `intermediate_size` is an expert's width."""
EXPERTS = ("n_routed_experts", "num_experts", "num_local_experts", "moe_num_experts")
USED = (
    "num_experts_per_tok",
    "num_experts_per_token",
    "top_k_experts",
    "moe_k",
    "experts_per_token",
    "num_selected_experts",
    "moe_top_k",
    "moe_topk",
)
EXPERT_WIDTH = ("moe_intermediate_size", "expert_ffn_hidden_size", "intermediate_size")
HALVED = ("qwen",)
"""Classes whose `intermediate_size` is that of gate and up projection together."""
FOURFOLD = ("falcon", "bloom", "mpt", "gptj", "gpt2", "gpt_bigcode", "codegen", "gpt_neo")
"""Classes whose inner layer is `expansion_ratio` (4) times as wide unless a key says otherwise."""


def merged(text: Fields) -> Fields:
    """DBRX keeps its dimensions in two objects: what they hold, beside the rest."""
    from servec.compiler.catalogue.ingest.fields import Fields as Read

    inner = {**text.sub("ffn_config").data, **text.sub("attn_config").data}
    kept = {
        "intermediate_size": inner.get("ffn_hidden_size"),
        "moe_num_experts": inner.get("moe_num_experts"),
        "moe_top_k": inner.get("moe_top_k"),
        "num_key_value_heads": inner.get("kv_n_heads"),
    }
    return Read({**{k: v for k, v in kept.items() if v is not None}, **text.data}, text.where)


def kv_heads(text: Fields, heads: int) -> int:
    """KV heads: a number, one for `multi_query`, else as many as heads.

    Falcon states both: its newer layout goes by `num_kv_heads`, the older by `multi_query`
    (transformers modeling_falcon).
    """
    stated = text.first(*KV_HEADS)
    if stated:
        return stated
    if text.flag("new_decoder_architecture"):
        return text.first("num_kv_heads", "n_head_kv") or heads
    return 1 if text.flag("multi_query") else heads


def width(text: Fields, kind: str, hidden: int) -> int:
    """The width of a dense layer's inner side; 0 where it is not stated."""
    stated = text.first(*WIDTH)
    if kind in HALVED:
        return stated // 2
    if kind == "lfm2":
        return _adjusted(text, stated)
    if stated or kind not in FOURFOLD:
        return stated
    return hidden * (text.whole("expansion_ratio") or 4)


def _adjusted(text: Fields, stated: int) -> int:
    """LFM2's width: two thirds of the stated one in whole blocks, unless that is switched off."""
    stated = text.whole("block_ff_dim") or stated
    if not text.flag("block_auto_adjust_ff_dim", True):
        return stated
    block = text.whole("block_multiple_of") or 256
    inner = int(2 * stated / 3 * (text.number("block_ffn_dim_multiplier") or 1.0))
    return -(-inner // block) * block
