"""What a model class does that its config.json does not say, by `model_type`.

Source of each row: the class of that name in transformers 4.57 and 5.x, vllm 0.33.0 or the
repository's own modelling file. Each row is held by the test that compares computed totals with the
published ones, which match to the weight only if the row is right.
"""

from __future__ import annotations

TRAITS: dict[str, frozenset[str]] = {
    # q, k and v have a bias although the config has no key for it
    "qwen2": frozenset({"qkv_bias"}),
    "qwen2_moe": frozenset({"qkv_bias", "shared_gate"}),
    "qwen2_vl": frozenset({"qkv_bias"}),
    "qwen2_5_vl": frozenset({"qkv_bias"}),
    "qwen2_5_vl_text": frozenset({"qkv_bias"}),
    "chatglm": frozenset({"qkv_by_key"}),
    "mimo": frozenset({"qkv_default"}),
    # q and k are normed in each head
    "qwen3": frozenset({"qk_norm"}),
    "qwen3_moe": frozenset({"qk_norm"}),
    "qwen3_vl_text": frozenset({"qk_norm"}),
    "qwen3_vl_moe_text": frozenset({"qk_norm"}),
    "qwen3_next": frozenset({"qk_norm", "gate", "shared_gate", "one_mtp"}),
    "qwen3_5_text": frozenset({"qk_norm"}),
    "qwen3_5": frozenset({"qk_norm"}),
    "qwen3_5_moe": frozenset({"qk_norm", "shared_gate"}),
    "qwen3_5_moe_text": frozenset({"qk_norm", "shared_gate"}),
    "gemma2": frozenset({"norms4", "tied"}),
    "gemma3": frozenset({"qk_norm", "norms4", "tied"}),
    "gemma3_text": frozenset({"qk_norm", "norms4", "tied"}),
    "gemma4_text": frozenset({"qk_norm", "norms4", "tied", "layer_scale"}),
    "muse_glimmer_text": frozenset({"norms4"}),
    "cohere": frozenset({"tied"}),
    "cohere2": frozenset({"tied", "norms1"}),
    "olmo2": frozenset({"qk_norm_wide"}),
    "olmo3": frozenset({"qk_norm_wide"}),
    "seed_oss": frozenset({"out_by_key"}),
    "granite": frozenset({"tied"}),
    "granitemoehybrid": frozenset({"tied"}),
    "minicpm": frozenset({"tied"}),
    "minicpm3": frozenset({"tied"}),
    # q and k are normed over all heads at once; states MTP modules and stores none
    "minimax_m2": frozenset({"qk_norm_wide", "no_mtp"}),
    "minimax_m3": frozenset({"qk_norm", "no_mtp"}),
    "step3p7": frozenset({"qk_norm", "router_bias", "head_gate", "no_mtp"}),
    "mimo_v2_flash": frozenset({"no_mtp"}),
    "gpt_oss": frozenset({"qkv_bias", "out_bias", "sinks", "expert_bias"}),
    "phimoe": frozenset({"norm_bias", "extra_norm"}),
    "glm4_moe": frozenset({"qkv_by_key", "router_bias", "mtp_copies"}),
    "ernie4_5_moe": frozenset({"router_bias"}),
    "glm4_moe_lite": frozenset({"mtp_copies"}),
    "deepseek_v3": frozenset({"mtp_copies"}),
    "deepseek_v32": frozenset({"mtp_copies"}),
    "glm_moe_dsa": frozenset({"mtp_copies"}),
    "llama4_text": frozenset({"no_qk_norm"}),
    "nemotron_h": frozenset({"two_matrices"}),
}

DEFAULTS: dict[str, dict[str, object]] = {
    # Class defaults that a published config relies on by leaving the key out:
    # transformers Gemma3TextConfig, Gemma2Config
    "gemma3_text": {
        "vocab_size": 262208,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "max_position_embeddings": 131072,
    },
    "gemma2": {"max_position_embeddings": 8192},
}

RENAMED = {"minimax_m3_vl": "minimax_m3"}

COUNTED = frozenset(
    (
        "bailing_moe",
        "bert",
        "camembert",
        "chatglm",
        "cohere2",
        "deepseek_ref",
        "deepseek_v2",
        "deepseek_v3",
        "deepseek_v32",
        "deepseek_v4",
        "deepseek_v41_text",
        "ernie4_5_moe",
        "exaone4",
        "gemma2",
        "gemma3_text",
        "gemma4_text",
        "glm4_moe",
        "glm4_moe_lite",
        "glm5_next_text",
        "glm_moe_dsa",
        "gpt_oss",
        "granite",
        "hunyuan_v1_moe",
        "internlm2",
        "internlm3",
        "kimi_k2",
        "kimi_linear",
        "llama",
        "llama4_text",
        "mimo",
        "mimo_v2_flash",
        "minicpm3",
        "minimax_m2",
        "minimax_m3",
        "ministral3",
        "mistral",
        "mixtral",
        "mllama_text_model",
        "muse_glimmer_text",
        "nemotron-nas",
        "nemotron_h",
        "olmo3",
        "phi3",
        "phimoe",
        "qwen2",
        "qwen2_5_vl",
        "qwen2_moe",
        "qwen3",
        "qwen3_5_moe_text",
        "qwen3_5_text",
        "qwen3_moe",
        "qwen3_next",
        "qwen3_vl_moe_text",
        "qwen3_vl_text",
        "roberta",
        "seed_oss",
        "smollm3",
        "step3p7",
        "xlm-roberta",
    )
)
"""Types whose count was compared with a published one, or is a sibling's; others get a note."""
