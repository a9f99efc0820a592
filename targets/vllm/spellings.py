"""Options of `vllm serve` that say the same, spelt in one way for comparison."""

from __future__ import annotations

from servec.targets.shared.importing.settled import without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.settled import Spelling, Usual
    from servec.targets.shared.importing.sheet import Sheet


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


def _captured(options: dict[str, Any]) -> dict[str, Any]:
    """Sizes of captured batches are an option and a field, in any order.

    Source: vllm 0.33.0 vllm/engine/arg_utils.py cudagraph_capture_sizes, vllm/config/vllm.py
    _set_cudagraph_sizes.
    """
    name, field = "cudagraph-capture-sizes", "cudagraph_capture_sizes"
    held = options.get("compilation-config")
    inside = held.get(field) if isinstance(held, dict) else None
    sizes = options.get(name, inside)
    if not isinstance(sizes, list) or not all(isinstance(size, int) for size in sizes):
        return options
    made = {**without(options, "compilation-config"), name: sorted(set(sizes))}
    rest = {key: value for key, value in held.items() if key != field} if held else {}
    return {**made, "compilation-config": rest} if rest else made


def _runner(sheet: Sheet, value: Any) -> str:
    """vllm 0.33.0 vllm/config/model.py _get_runner_type."""
    task = sheet.model.task if sheet.model is not None else ""
    if value == "pooling" and task == "embed":
        return "`auto` comes to that with a model of embeddings"
    return "a model that generates does so unasked" if (value, task) == ("generate",) * 2 else ""


def _convert(sheet: Sheet, value: Any) -> str:
    """vllm 0.33.0 vllm/config/model.py _get_convert_type."""
    embeds = sheet.model is not None and sheet.model.task == "embed" and value == "embed"
    return "`auto` comes to that with a model of embeddings" if embeds else ""


def _unlimited(_sheet: Sheet, value: Any) -> str:
    """vllm 0.33.0 vllm/config/multimodal.py MultiModalConfig.get_limit_per_prompt."""
    every = isinstance(value, dict) and all(number == 999 for number in value.values())
    return "it is the default of each kind" if every else ""


SPELLINGS: tuple[Spelling, ...] = (_limits, _speculation, _online, _attention, _captured)
USUAL: Mapping[str, Usual] = {
    "runner": _runner,
    "convert": _convert,
    "limit-mm-per-prompt": _unlimited,
}
