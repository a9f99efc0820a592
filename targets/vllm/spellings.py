"""Options of `vllm serve` that say the same, spelt in one way for comparison."""

from __future__ import annotations

from servec.targets.shared.importing.settled import without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.settled import Spelling


def _limits(options: dict[str, Any]) -> dict[str, Any]:
    """A kind of input without a limit may have 999 items, what vLLM takes for none.

    Source: vllm 0.33.0 vllm/config/multimodal.py MultiModalConfig.get_limit_per_prompt.
    """
    limits = options.get("limit-mm-per-prompt")
    if not isinstance(limits, dict):
        return options
    return {**options, "limit-mm-per-prompt": {k: n for k, n in limits.items() if n != 999}}


def _speculation(options: dict[str, Any]) -> dict[str, Any]:
    """`--spec-method`, `--spec-model` and `--spec-tokens` are fields of `--speculative-config`.

    Source: vllm 0.33.0 vllm/engine/arg_utils.py create_speculative_config.
    """
    names = {
        "spec-method": "method",
        "spec-model": "model",
        "spec-tokens": "num_speculative_tokens",
    }
    flat = {field: options[name] for name, field in names.items() if name in options}
    held = options.get("speculative-config", {})
    if not isinstance(held, dict) or not (flat or held):
        return options
    kept = {name: value for name, value in options.items() if name not in names}
    whole = {**held, **flat}
    if is_mtp(whole.get("method")):
        whole["method"] = "mtp"
    return {**kept, "speculative-config": whole}


def _attention(options: dict[str, Any]) -> dict[str, Any]:
    """The attention's back end is an option and a field, in any case of letters.

    Source: vllm 0.33.0 vllm/engine/arg_utils.py attention_backend, vllm/config/attention.py.
    """
    held = options.get("attention-config")
    name = held.get("backend") if isinstance(held, dict) else None
    name = options.get("attention-backend", name)
    if not isinstance(name, str):
        return options
    made = {**without(options, "attention-config"), "attention-backend": name.upper()}
    rest = {key: value for key, value in held.items() if key != "backend"} if held else {}
    return {**made, "attention-config": rest} if rest else made


def is_mtp(method: object) -> bool:
    """Whether vLLM reads a method as `mtp`: the names by model are old ones for it.

    Source: vllm 0.33.0 vllm/config/speculative.py MTPModelTypes, __post_init__.
    """
    return isinstance(method, str) and (method == "mtp" or method.endswith("_mtp"))


def _online(options: dict[str, Any]) -> dict[str, Any]:
    """`fp8` of a checkpoint that is not quantised is the old name of `fp8_per_tensor`.

    Source: vllm 0.33.0 vllm/model_executor/model_loader/weight_utils.py get_quant_config.
    """
    if options.get("quantization") == "fp8":
        return {**options, "quantization": "fp8_per_tensor"}
    return options


SPELLINGS: tuple[Spelling, ...] = (_limits, _speculation, _online, _attention)
