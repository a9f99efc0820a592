"""The flags of a report: degrees, load, cache type and length, with the runtime's own defaults."""

from __future__ import annotations

import re

from servec.compiler.memory.measured.machines import hidden
from servec.compiler.memory.overhead import Load
from servec.compiler.plan import Degrees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.device import Device
    from servec.compiler.memory.figures import Constants
    from servec.compiler.model import Model

SHARE = "gpu_memory_utilization"
SHORT = 512
"""Tokens of a prompt where a report of a peak names none."""


def degrees_of(row: Mapping[str, object], given: Mapping[str, object], runtime: str) -> Degrees:
    """The degrees; what is not said goes to `tensor`, with llama.cpp to `pipeline`."""
    gpus = int(number_of(row, "gpus") or 1)
    if runtime == "llamacpp":
        return Degrees(pipeline=gpus)
    tensor, pipeline = int(number_of(given, "tp") or 0), int(number_of(given, "pp") or 1)
    data = int(number_of(given, "dp") or 1)
    context = int(number_of(given, "decode_context_parallel", "dcp") or 1)
    tensor = tensor or max(1, gpus // (pipeline * data))  # context shares those ranks
    expert = tensor * data if given.get("expert_parallel") else int(number_of(given, "ep") or 1)
    return Degrees(tensor, pipeline, data, context, expert)


def load_of(
    given: Mapping[str, object],
    model: Model,
    device: Device | None,
    table: Constants,
    runtime: str,
    outcome: str = "",
) -> Load:
    """Tokens and sequences of a pass, as flagged or by default for such a device."""
    memory = device.memory if device is not None else 0
    name, arch = (device.id, device.arch) if device is not None else ("", "")
    images = _sees(model) and runtime != "mlx" and not given.get("language_model_only")
    names = ("max_num_batched_tokens", "chunked_prefill_size", "n_ubatch")
    sees = model.name if images else ""
    tokens = int(number_of(given, *names) or table.default_tokens(memory, name, arch, sees))
    asked = number_of(given, "max_num_seqs", "max_running_requests")
    seqs = int(asked or table.default_seqs(memory, name, arch))
    flash = given.get("flash_attn")
    length = length_of(given, model, outcome)
    if runtime == "mlx":
        tokens = min(tokens, length if given else SHORT)
    elif not number_of(given, *names):
        tokens, seqs = table.one_pass(tokens, seqs, length, _sees(model))
    return Load(
        tokens=min(tokens, table.pass_most or tokens),
        seqs=min(seqs, tokens),
        graphs=not given.get("enforce_eager"),
        images=images,
        device=memory,
        unseen=hidden(device),
        charged=number_of(given, SHARE) or table.share if table.knob == "device" else 1.0,
        length=length,
        flash=flash is None or bool(flash),
        rows=table.request_table
        and int(number_of(given, "max_running_requests") or table.request_table),
    )


def _sees(model: Model) -> bool:
    return bool({"image", "video"} & set(model.modalities))


def cache_word(given: Mapping[str, object], runtime: str) -> str:
    """The type of the cache in the language's word, 16 bit where nothing is flagged."""
    word = str(given.get("kv_cache_dtype", "")).lower()
    if word in ("", "auto"):
        return "f16" if runtime == "llamacpp" else "bf16"
    if word.startswith("fp8"):
        return "fp8"
    return {"int8": "int8_per_token_head", "q8_0": "q8_0"}.get(word, word)


def length_of(given: Mapping[str, object], model: Model, outcome: str = "") -> int:
    """Tokens of one sequence: the flag, a number in its text, else the model's own maximum."""
    told = re.search(r"max_model_len (\d+)", outcome)
    if told:
        return int(told[1])
    for name in ("max_model_len", "context_length", "n_ctx"):
        if name in given:
            number = number_of(given, name)
            if number:
                return int(number)
            found = re.search(r"\d{3,}", str(given[name]))
            if found:
                return int(found[0])
    prompt, answer = number_of(given, "prompt_tokens"), number_of(given, "generated", "max_tokens")
    if prompt or answer:
        return int((prompt or 0) + (answer or 0))
    return model.max_context or 4096


def number_of(data: Mapping[str, object], *names: str) -> float | None:
    """The first of `names` that holds a number."""
    for name in names:
        value = data.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
    return None
