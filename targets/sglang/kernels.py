"""What SGLang is told of its kernels beyond a row: exchanges of experts, products, the cache."""

from __future__ import annotations

from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.settings import Settings

BUFFERS = {
    "mori": "SGLANG_MORI_NUM_MAX_DISPATCH_TOKENS_PER_RANK",
    "deepep_v2": "SGLANG_DEEPEP_V2_NUM_MAX_DISPATCH_TOKENS_PER_RANK",
}

DEEPEP_USUAL = 128  # sglang 0.5.23 environ.py SGLANG_DEEPEP_NUM_MAX_DISPATCH_TOKENS_PER_RANK

FP4 = ("nvfp4", "mxfp4", "nvfp4_online")


def exchange(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Expert exchanges with a fixed buffer need it as large as the tokens of one rank's pass.

    DeepEP's low-latency buffer holds the tokens of one decode step. Source: sglang 0.5.23
    arg_groups/moe_hook.py (MoRI, DeepEP v2), layers/moe/token_dispatcher/deepep.py.
    """
    backend, size = settings.get("moe-a2a-backend"), values.get("limits.batched_tokens")
    if isinstance(backend, str) and backend in BUFFERS and size:
        settings.env[BUFFERS[backend]] = str(size)
    plan = planned(case)
    decoded = -(-plan.max_seqs // plan.degrees.data) * (1 + plan.draft_tokens)
    if settings.get("deepep-mode") == "low_latency" and decoded > DEEPEP_USUAL:
        settings.env["SGLANG_DEEPEP_NUM_MAX_DISPATCH_TOKENS_PER_RANK"] = str(decoded)


def gemm(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """One option for each width of the weights; what FP4 layers lack is for the FP8 ones beside."""
    word = values.get("kernels.gemm")
    if not isinstance(word, str):
        return
    four = planned(case).weights in FP4 and word in settings.choices("fp4-gemm-backend")
    settings.set("fp4-gemm-backend" if four else "fp8-gemm-backend", word)


def cache(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """DeepSeek-V4 takes no other word than `bfloat16`, which others do not take.

    Source: sglang 0.5.23 sglang/srt/arg_groups/overrides.py: bf16 is not supported for
    DeepseekV4ForCausalLM; TensorRT-LLM MLA backend only supports fp8_e4m3, bf16, or auto.
    """
    model = case.model
    wide = values.get("precision.kv") == "bf16"
    if wide and model is not None and model.architecture == "DeepseekV4ForCausalLM":
        settings.set("kv-cache-dtype", "bfloat16")
