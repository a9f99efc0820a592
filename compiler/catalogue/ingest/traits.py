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
    "gemma3n_text": frozenset({"qk_norm", "norms4", "tied"}),
    "gemma4_text": frozenset({"qk_norm", "norms4", "tied", "layer_scale"}),
    "muse_glimmer_text": frozenset({"norms4"}),
    "cohere": frozenset({"tied", "norms1", "qk_norm_by_head"}),
    "cohere2": frozenset({"tied", "norms1"}),
    "olmo2": frozenset({"qk_norm_wide"}),
    "olmoe": frozenset({"qk_norm_wide"}),
    "flex_olmo": frozenset({"qk_norm_wide"}),
    "arctic": frozenset({"norms3"}),
    "zamba2": frozenset({"tied"}),
    "t5": frozenset({"tied"}),
    "mt5": frozenset({"tied"}),
    "bart": frozenset({"tied"}),
    "mbart": frozenset({"tied"}),
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
    # no key of the config says so; the hub's total is the count and three such layers
    "mimo_v2_flash": frozenset({"one_mtp", "mtp_dense"}),
    "mimo_v2": frozenset({"one_mtp", "mtp_dense"}),
    "gpt_oss": frozenset({"qkv_bias", "out_bias", "sinks", "expert_bias"}),
    "phimoe": frozenset({"norm_bias", "extra_norm"}),
    "glm4_moe": frozenset({"qkv_by_key", "router_bias", "mtp_copies"}),
    "ernie4_5_moe": frozenset({"router_bias"}),
    "glm4_moe_lite": frozenset({"mtp_copies"}),
    "deepseek_v3": frozenset({"mtp_copies"}),
    "deepseek_v32": frozenset({"mtp_copies"}),
    "glm_moe_dsa": frozenset({"mtp_copies"}),
    "llama4_text": frozenset({"no_qk_norm"}),
    # two matrices without a gate; biases, norms and positions of the older decoders
    "gpt_neox": frozenset(
        {"ungated", "mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm"}
    ),
    "gpt2": frozenset(
        {"ungated", "mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm", "places", "tied"}
    ),
    "gpt_bigcode": frozenset(
        {"ungated", "mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm", "places", "tied"}
    ),
    "opt": frozenset(
        {"ungated", "mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm", "places", "tied"}
    ),
    "bloom": frozenset(
        {
            "ungated",
            "mlp_bias",
            "qkv_bias",
            "out_bias",
            "norm_bias",
            "extra_norm",
            "embed_norm",
            "tied",
        }
    ),
    "gptj": frozenset({"ungated", "mlp_bias", "norms1", "norm_bias", "extra_norm", "head_bias"}),
    "phi": frozenset(
        {
            "ungated",
            "mlp_bias",
            "qkv_bias",
            "out_bias",
            "norms1",
            "norm_bias",
            "extra_norm",
            "head_bias",
        }
    ),
    # ChatGLM-6B, whose type is that of its followers
    "chatglm1": frozenset(
        {"ungated", "mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm"}
    ),
    "gpt_neo": frozenset(
        {"ungated", "mlp_bias", "lone_out_bias", "norm_bias", "extra_norm", "places", "tied"}
    ),
    "jais": frozenset({"mlp_bias", "qkv_bias", "out_bias", "norm_bias", "extra_norm", "tied"}),
    "telechat": frozenset({"lone_out_bias", "down_bias", "tied"}),
    "codegen": frozenset({"ungated", "mlp_bias", "norms1", "norm_bias", "extra_norm", "head_bias"}),
    "persimmon": frozenset(
        {
            "ungated",
            "mlp_bias",
            "qkv_bias",
            "out_bias",
            "norm_bias",
            "extra_norm",
            "qk_norm",
            "qk_norm_bias",
        }
    ),
    "falcon": frozenset({"ungated", "mlp_by_key", "norm_bias", "extra_norm", "tied"}),
    "starcoder2": frozenset({"ungated", "mlp_by_key", "norm_bias", "extra_norm", "tied"}),
    "mpt": frozenset({"ungated", "tied"}),
    "nemotron": frozenset({"ungated", "norm_bias", "extra_norm"}),
    "stablelm": frozenset({"no_out_bias", "norm_bias", "extra_norm"}),
    "qwen": frozenset({"qkv_bias"}),
    "apertus": frozenset({"ungated", "qk_norm"}),
    "glm": frozenset({"qkv_by_key"}),
    "glm4": frozenset({"qkv_by_key", "norms4"}),
    "glm4v_text": frozenset({"qkv_by_key", "norms4"}),
    "glm4v_moe_text": frozenset({"qkv_by_key", "router_bias"}),
    "exaone4": frozenset({"qk_norm"}),
    "hunyuan_v1_dense": frozenset({"qk_norm"}),
    "arcee": frozenset({"ungated"}),
    "hy_v3": frozenset({"qk_norm", "router_bias"}),
    "exaone_moe": frozenset({"qk_norm", "router_bias", "mtp_dense"}),
    "lfm2": frozenset({"qk_norm", "tied", "short_conv"}),
    "lfm2_moe": frozenset({"qk_norm", "tied", "short_conv", "router_bias"}),
    "nemotron_h": frozenset({"two_matrices"}),
    # a recurrent mixer in every layer, or in those that keys of the class's own name
    "mamba": frozenset({"mixer_by_class", "no_ffn", "norms1", "tied"}),
    "falcon_mamba": frozenset({"mixer_by_class", "no_ffn", "norms1"}),
    "mamba2": frozenset({"mixer_by_class", "no_ffn", "norms1"}),
    "jamba": frozenset({"mixer_by_class", "mamba_norms"}),
    "bamba": frozenset({"mixer_by_class"}),
    "falcon_h1": frozenset({"mixer_by_class"}),
    "minimax_text_01": frozenset({"mixer_by_class", "lightning"}),
    "afmoe": frozenset({"qk_norm", "norms4", "gate", "router_bias"}),
    "laguna": frozenset({"qk_norm", "router_bias", "head_gate"}),
    "dots1": frozenset({"qk_norm", "router_bias"}),
    "mellum": frozenset({"qk_norm"}),
    "sarvam_moe": frozenset({"qk_norm", "router_bias"}),
    "sarvam_mla": frozenset({"router_bias"}),
    "youtu": frozenset({"tied"}),
    "llada2_moe": frozenset({"qk_norm", "router_bias"}),
    "cohere2_moe": frozenset({"tied", "norms1"}),
    "qwen4_exp_text": frozenset({"qk_norm", "gate", "shared_gate"}),
    "inkling_text": frozenset({"qk_norm", "router_bias"}),
    "spark2_5": frozenset({"tied", "head_gate"}),
    "whisper": frozenset({"tied", "places", "norm_bias", "extra_norm"}),
    "bailing_hybrid": frozenset({"lightning_qk_norm", "router_bias", "full_gates"}),
    "hyperclovax": frozenset({"norms4"}),
}

DEFAULTS: dict[str, dict[str, object]] = {
    # Class defaults that a published config relies on by leaving the key out:
    # transformers Gemma3TextConfig, Gemma2Config, FalconConfig
    "gemma3_text": {
        "vocab_size": 262208,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "max_position_embeddings": 131072,
    },
    "gemma2": {"max_position_embeddings": 8192},
    "falcon": {"max_position_embeddings": 2048},
    # GPTNeoConfig `window_size`
    "gpt_neo": {"sliding_window": 256},
}

RENAMED = {
    "minimax_m3_vl": "minimax_m3",
    "RefinedWeb": "falcon",
    "RefinedWebModel": "falcon",
    "step3p5": "step3p7",
    "minimax_m1": "minimax_text_01",
    "gemma4_unified_text": "gemma4_text",
    "diffusion_gemma_text": "gemma4_text",
    "llava": "llama",
    "llava_mistral": "llama",
    "hunyuan_vl": "hunyuan_v1_dense",
    "glm_ocr_text": "glm4v_text",
    "dots_ocr": "qwen2",
    "molmo": "qwen2",
    "paddleocr_vl": "ernie4_5",
    "minicpmv": "minicpm",
    "axk1": "deepseek_v3",
    "chameleon": "llama",
    "aquila": "llama",
    "solar": "llama",
    "apriel": "llama",
    "llama_bidirec": "llama",
    "Dream": "qwen2",
    "sdar": "qwen3",
    "sdar_moe": "qwen3_moe",
    "grinmoe": "phimoe",
    "xverse": "llama",
    "skywork": "llama",
    "BlueLM": "llama",
    "telechat3": "llama",
    "internlmxcomposer2": "internlm2",
    "hunyuan": "hunyuan_v1_moe",
}
