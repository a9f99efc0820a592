"""What an emitted command says that a line may leave out, and spellings that mean the same."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.compiler.options.fields import read_json
from servec.targets.shared.importing.typed import NUMBER, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.targets.shared.importing.read import Imported
    from servec.targets.shared.portable import Portable

FLASH = {
    **dict.fromkeys(("on", "enabled", "true", "1"), "on"),
    **dict.fromkeys(("off", "disabled", "false", "0"), "off"),
}
SAMPLED = ("temp", "top-p", "top-k", "min-p", "repeat-penalty", "presence-penalty", "seed")
EXPERTS = re.compile(
    r"(?:\.\*|\(?\[0-9\]\+\)?|\(?\\d\+\)?|blk|\\?\.)*(?:ffn_)?"
    r"(?:\.\*|\((?:up|down|gate|gate_up)(?:\|(?:up|down|gate|gate_up)){2,3}\))?"
    r"_?exps(?:\\?\.(?:weight)?)?(?:\.\*)?=CPU"
)
"""Patterns that people write for the tensors of all experts: `exps=CPU`, `.ffn_.*_exps.=CPU`."""
OPEN_HOSTS = ("0.0.0.0", "::", "")


def usual(imported: Imported, name: str, value: Any) -> str:
    """Why a value is what the runtime does unasked, where no table lists it; "" if it is not."""
    if name in ("served-model-name", "alias"):
        names = value if isinstance(value, list) else [value]
        known = names == [imported.model]
        return "requests name the model as the line does" if known else ""
    option = imported.sheet.table.option(name)
    if name == "host" and value in OPEN_HOSTS and option and option.default is None:
        return "without it every address is listened on"
    if name == "split-mode" and imported.sheet.devices == 1:
        return "one device has nothing to split"
    if name == "num-shard" and str(value) == str(imported.sheet.devices):
        return "the launcher counts the devices that it sees"
    if name == "limit-mm-per-prompt" and _unlimited(imported, value):
        return "it is the default of each kind"
    return ""


def alike(portable: Portable, name: str, before: Any, after: Any) -> str:
    """Why two values of an option are the same word of the language; "" where they are not."""
    for path in portable.options().get(name, ()):
        words = [_word(portable, path, {name: value}) for value in (before, after)]
        if words[0] and words[0] == words[1]:
            return f"both are {path} = {words[0]}"
    return ""


def _word(portable: Portable, path: str, settings: Mapping[str, Any]) -> str:
    row = portable.rows[path]
    pairs = [(given, word) for word, given in portable.words(path).items()]
    pairs += [(given, word) for given, word in row.get("read", ())]
    return next((str(word) for given, word in pairs if given == settings), "")


def _unlimited(imported: Imported, value: Any) -> bool:
    """vllm 0.33.0 vllm/config/multimodal.py MultiModalConfig.get_limit_per_prompt."""
    return isinstance(value, dict) and all(number == 999 for number in value.values())


def _attention_data(options: dict[str, Any]) -> dict[str, Any]:
    """`--dp-size N --enable-dp-attention` is `--attn-dp-size N`.

    Source: sglang 0.5.23 arg_groups/parallel_hook.py handle_deprecated_dp_attention.
    """
    if options.get("enable-dp-attention") is True and "attn-dp-size" not in options:
        options = dict(options)
        options.pop("enable-dp-attention")
        options["attn-dp-size"] = options.pop("dp-size", 1)
    return options


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


def is_mtp(method: object) -> bool:
    """Whether vLLM reads a method as `mtp`: the names by model are old ones for it.

    Source: vllm 0.33.0 vllm/config/speculative.py MTPModelTypes, __post_init__.
    """
    return isinstance(method, str) and (method == "mtp" or method.endswith("_mtp"))


def _fusion(options: dict[str, Any]) -> dict[str, Any]:
    """The switch of old lets the runtime choose what fuses (sglang 0.5.23
    arg_groups/serving_hook.py).
    """
    name = "enable-flashinfer-allreduce-fusion"
    if options.get(name) is not True:
        return options
    return {"flashinfer-allreduce-fusion-backend": "auto", **_less(options, name)}


def _graphs(options: dict[str, Any]) -> dict[str, Any]:
    """`--disable-cuda-graph` switches both kinds off.

    Source: sglang 0.5.23 arg_groups/cuda_graph_hook.py.
    """
    if options.get("disable-cuda-graph") is not True:
        return options
    both = dict.fromkeys(("cuda-graph-backend-decode", "cuda-graph-backend-prefill"), "disabled")
    return {**both, **_less(options, "disable-cuda-graph")}


def _algorithm(options: dict[str, Any]) -> dict[str, Any]:
    """Methods in any case; NEXTN is EAGLE (sglang 0.5.23 srt/speculative/spec_info.py)."""
    name = options.get("speculative-algorithm")
    if not isinstance(name, str):
        return options
    word = name.upper()
    return {**options, "speculative-algorithm": "EAGLE" if word == "NEXTN" else word}


def _cache_share(options: dict[str, Any]) -> dict[str, Any]:
    """The cache's share of free memory is a flag and a key of the file.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/commands/serve.py get_llm_args.
    """
    block = options.get("kv-cache-config")
    if not isinstance(block, dict) or "free_gpu_memory_fraction" not in block:
        return options
    kept = {key: value for key, value in block.items() if key != "free_gpu_memory_fraction"}
    made = {**options, "free-gpu-memory-fraction": block["free_gpu_memory_fraction"]}
    return {**made, "kv-cache-config": kept} if kept else _less(made, "kv-cache-config")


def _open_cache(options: dict[str, Any]) -> dict[str, Any]:
    """`auto` is the type of the cache unasked (TensorRT-LLM 1.3.0rc3 llm_args.py KvCacheConfig)."""
    block = options.get("kv-cache-config")
    if not isinstance(block, dict) or block.get("dtype") != "auto":
        return options
    kept = {key: value for key, value in block.items() if key != "dtype"}
    return {**options, "kv-cache-config": kept} if kept else _less(options, "kv-cache-config")


def _moe_tensor(options: dict[str, Any]) -> dict[str, Any]:
    """What is left of the width once experts are spread is how far each is cut, unasked.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/mapping.py.
    """
    name = "moe-tensor-parallel-size"
    whole, spread = (options.get(f"{part}-parallel-size", 1) for part in ("tensor", "moe-expert"))
    numbers = isinstance(whole, int) and isinstance(spread, int) and spread > 0
    return _less(options, name) if numbers and options.get(name) == whole // spread else options


def _numbers(options: dict[str, Any]) -> dict[str, Any]:
    """Sampling defaults by value: llama.cpp reads them as decimals (common/arg.cpp std::stof)."""
    held = {name: options[name] for name in SAMPLED if isinstance(options.get(name), str)}
    made = {name: number(text) for name, text in held.items() if NUMBER.fullmatch(text)}
    return {**options, **{name: Fraction(value) for name, value in made.items()}}


def _layers(options: dict[str, Any]) -> dict[str, Any]:
    """MTP drafts a token with each layer, whichever of the two is counted.

    Source: TensorRT-LLM main docs/source/deployment-guide (max_draft_len), 1.3.0rc3
    tensorrt_llm/llmapi/llm_args.py MTPDecodingConfig.num_nextn_predict_layers.
    """
    block = options.get("speculative-config")
    if not isinstance(block, dict) or block.get("decoding_type") != "MTP":
        return options
    if "max_draft_len" not in block or "num_nextn_predict_layers" in block:
        return options
    made = {
        ("num_nextn_predict_layers" if k == "max_draft_len" else k): v for k, v in block.items()
    }
    return {**options, "speculative-config": made}


def _draft_name(options: dict[str, Any]) -> dict[str, Any]:
    """The draft model's key has two names.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/llmapi/llm_args.py DecodingBaseConfig.
    """
    block, old = options.get("speculative-config"), "speculative_model_dir"
    if not isinstance(block, dict) or old not in block or "speculative_model" in block:
        return options
    made = {("speculative_model" if k == old else k): v for k, v in block.items()}
    return {**options, "speculative-config": made}


def _less(options: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key != name}


def _flash(options: dict[str, Any]) -> dict[str, Any]:
    """Words for on and off (llama.cpp b11549 common/arg.cpp is_truthy, is_falsey)."""
    value = FLASH.get(str(options.get("flash-attn")).lower())
    return {**options, "flash-attn": value} if value else options


def _load_mode(options: dict[str, Any]) -> dict[str, Any]:
    """`--no-mmap` and `--mlock` became words of `--load-mode` (llama.cpp b10229 common/arg.cpp)."""
    made = dict(options)
    mapped, locked = made.pop("mmap", None), made.pop("mlock", None)
    if mapped is not None:
        made["load-mode"] = "mmap" if mapped else "none"
    if locked:
        made["load-mode"] = "mlock"
    return made


def _experts(options: dict[str, Any]) -> dict[str, Any]:
    """`--cpu-moe` overrides the place of the tensors of all experts.

    Source: llama.cpp b11549 common/common.h llm_ffn_exps_cpu_override.
    """
    if not EXPERTS.fullmatch(str(options.get("override-tensor"))):
        return options
    return {**_less(options, "override-tensor"), "cpu-moe": True}


def _batches(options: dict[str, Any]) -> dict[str, Any]:
    """Threads for prompts are those for answers unasked (llama.cpp b11549 common/arg.cpp -tb)."""
    same_number = options.get("threads-batch") == options.get("threads")
    return _less(options, "threads-batch") if same_number else options


def _template(options: dict[str, Any]) -> dict[str, Any]:
    """Values of the chat template by what they say, not how they are spaced."""
    found, wrong = read_json("json", str(options.get("chat-template-kwargs") or ""))
    return options if wrong else {**options, "chat-template-kwargs": found}


def unasked(name: str, value: Any) -> bool:
    """Whether an option says that a model is not spread, which is so unasked."""
    return (
        value == 1
        and name.endswith(("parallel-size", "-size", "tp", "dp", "ep"))
        and any(part in name for part in ("parallel", "tp-", "pp-", "dp-", "ep-"))
    )


def _online(options: dict[str, Any]) -> dict[str, Any]:
    """`fp8` of a checkpoint that is not quantised is the old name of `fp8_per_tensor`.

    Source: vllm 0.33.0 vllm/model_executor/model_loader/weight_utils.py get_quant_config.
    """
    if options.get("quantization") == "fp8":
        return {**options, "quantization": "fp8_per_tensor"}
    return options


SAME_AS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]] = {
    "llamacpp": (_flash, _load_mode, _numbers, _experts, _batches, _template),
    "sglang": (_attention_data, _algorithm, _graphs, _fusion),
    "trtllm": (_cache_share, _open_cache, _draft_name, _layers, _moe_tensor),
    "vllm": (_limits, _speculation, _online),
}
