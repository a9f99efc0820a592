"""Types whose layers were compared with a published count, or are a sibling's."""

from __future__ import annotations

COUNTED = frozenset((
    "Keye", "KeyeVL1_5", "PanguEmbedded", "afmoe", "apertus", "arcee", "arctic", "aria_text",
    "axk2", "baichuan", "bailing_hybrid", "bailing_moe", "bamba", "bart", "bert", "bloom",
    "camembert", "chatglm", "chatglm1", "codegen", "cohere", "cohere2", "cohere2_moe", "dbrx",
    "deci", "deepseek", "deepseek_ref", "deepseek_v2", "deepseek_v3", "deepseek_v32",
    "deepseek_v4", "deepseek_v41_text", "distilbert", "dots1", "ernie4_5", "ernie4_5_moe",
    "ernie4_5_moe_vl", "exaone", "exaone4", "exaone_moe", "falcon", "falcon_h1", "falcon_mamba",
    "flex_olmo", "gemma", "gemma2", "gemma3_text", "gemma3n_text", "gemma4_text", "glm", "glm4",
    "glm4_moe", "glm4_moe_lite", "glm4v_moe_text", "glm4v_text", "glm5_next_text",
    "glm_moe_dsa", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_oss", "gptj", "granite",
    "granitemoe", "granitemoehybrid", "grok-1", "hunyuan_v1_dense", "hunyuan_v1_moe", "hy_v3",
    "hyperclovax", "inkling_text", "internlm", "internlm2", "internlm3", "iquestcoder", "jais",
    "jamba", "jina_embeddings_v3", "k2_horizon", "kimi_k2", "kimi_linear", "laguna", "lfm2",
    "lfm2_moe", "llada2_moe", "llama", "llama4_text", "longcat_flash", "mamba", "mamba2",
    "mbart", "mellum", "mimo", "mimo_v2", "mimo_v2_flash", "minicpm", "minicpm3", "minimax_m2",
    "minimax_m3", "minimax_text_01", "ministral3", "mistral", "mistral4", "mixtral",
    "mllama_text_model", "modernbert", "mpnet", "mpt", "mt5", "muse_glimmer_text", "nanbeige",
    "nemotron", "nemotron-nas", "nemotron_h", "new", "nomic_bert", "olmo", "olmo2", "olmo3",
    "olmoe", "opt", "orion", "persimmon", "phi", "phi3", "phi3_v", "phi3small", "phi4mm",
    "phimoe", "qwen", "qwen2", "qwen2_5_vl", "qwen2_moe", "qwen2_vl", "qwen2_vl_text", "qwen3",
    "qwen3_5_moe_text", "qwen3_5_text", "qwen3_moe", "qwen3_next", "qwen3_vl_moe_text",
    "qwen3_vl_text", "qwen4_exp_text", "roberta", "sarvam_mla", "sarvam_moe", "seed_oss",
    "smollm3", "solar_open", "spark2_5", "stablelm", "starcoder2", "step3_text", "step3p7",
    "t5", "telechat", "umt5", "whisper", "xlm-roberta", "xverse", "youtu", "zamba2",
))  # fmt: skip
"""A count of any other type is one of a decoder like Llama, and says so."""
