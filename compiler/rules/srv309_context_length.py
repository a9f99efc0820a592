"""The context asked for is longer than the model's.

Checks: the pinned `limits.context` is at most what the checkpoint's config states, with the
    scaling of positions that is stored in it. A spec that overrides those (`rope_scaling`,
    `rope_parameters` or `max_position_embeddings` in `checkpoint.overrides` or an `on` block) is
    believed.
Because: the runtimes refuse a longer one at start, and a model has learnt no positions past its
    own. LMDeploy and llama.cpp go on with it, so for them this is a warning. Scalings that a
    checkpoint does not switch on by itself (YaRN for Qwen3) have to be stated to the runtime and
    cost quality on short texts.
Wrong: model = qwen3-32b; limits { context = 128Ki tokens }
Right: model = qwen3-32b; limits { context = 32Ki tokens }
Source: vllm 0.33.0 vllm/config/model.py _get_and_verify_max_len; sglang 0.5.23
    srt/configs/model_config.py context_len; max_position_embeddings and rope_scaling of the config
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.dsl.spec import NativeOption, Spec

PATH = "limits.context"
POSITIONS = ("max_position_embeddings", "rope_scaling", "rope_parameters")
"""Keys of a checkpoint's config.json that say how many positions it has."""
LENIENT = ("lmdeploy", "llamacpp", "tgi")
"""Runtimes that take a longer context, and at most log it.

lmdeploy 0.18.0 lmdeploy/utils.py _get_and_verify_max_len: logger.warning; llama.cpp b11549
src/llama-context.cpp: n_ctx_seq > n_ctx_train -- possible training context overflow; tgi 2.2.0 to
3.2.3 launcher/src/main.rs: max_position_embeddings bounds its own default alone.
"""
UNSCALED = ("sglang",)
"""Runtimes that check a stated context against `max_position_embeddings` whatever the scaling.

sglang 0.5.23 srt/configs/model_config.py: User-specified context_length is greater than the derived
context_length, with a yarn factor in --json-model-override-args; 0.5.12.post1 the same.
"""


def judge(spec: Spec, model: Model) -> Diagnostic | None:
    """The finding on a pinned context that the model does not have, else None.

    A bound (`<=`) leaves a shorter one open and is no finding. Nothing is said where the model's
    own length is not known, or the spec overrides what the config says of positions. A GGUF file
    that is only known by its name may state another length than the model it was made from.
    """
    if model.assumed and model.quant.method == "gguf":
        return None
    pinned, longest = spec.whole(PATH), model.max_context
    if pinned is None or not longest or pinned <= longest or _stretched(spec):
        return None
    primary = at(spec, PATH, f"{pinned} tokens")
    scaled = f", {model.context_scaling} scaling included" if model.context_scaling else ""
    return Diagnostic(
        "SRV309",
        "warning" if spec.word("target") in LENIENT else "error",
        f"{model.name} takes {longest} tokens, and {pinned} are asked for",
        primary,
        seconds(primary, at(spec, "model", f"{longest} tokens at most")),
        (
            Figure("model_context", longest, f"the config states {longest} tokens{scaled}"),
            Figure("over", pinned - longest, f"{pinned} - {longest} = {pinned - longest} too many"),
        ),
        (Fix("take what the model has", write(spec, {PATH: _tokens(longest)})),),
    )


def _stretched(spec: Spec) -> bool:
    """Whether the spec overrides the positions of the config, or a variable lifts the check.

    The variables: vllm 0.33.0 vllm/envs.py VLLM_ALLOW_LONG_MAX_MODEL_LEN, sglang 0.5.23
    environ.py SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN.
    """
    stated = POSITIONS[:1] if spec.word("target") in UNSCALED else POSITIONS
    if any(part in stated for name in spec.overrides for part in name.split(".")):
        return True
    names = [*spec.env]
    for block in spec.on.values():
        names += block.env
        keys = POSITIONS[:1] if block.runtime in UNSCALED else POSITIONS
        if any(_positions(option, keys) for option in block.options):
            return True
    return any("_ALLOW_" in name and "_LONG" in name for name in names)


def _positions(option: NativeOption, keys: tuple[str, ...]) -> bool:
    if option.name.replace("-", "_") in keys:
        return True
    held = str(option.value) if isinstance(option.value, (str, tuple)) else ""
    return any(name in held for name in keys) or any(_positions(o, keys) for o in option.children)


def _tokens(count: int) -> str:
    """A count as the language writes it: `32Ki tokens` where it is one."""
    return f"{count // 1024}Ki tokens" if count % 1024 == 0 else f"{count} tokens"
