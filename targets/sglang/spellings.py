"""Options of SGLang's server that say the same, spelt in one way for comparison."""

from __future__ import annotations

from servec.targets.sglang.writers import PASS, SPANNING
from servec.targets.shared.importing.settled import without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.settled import Spelling


def _attention_data(options: dict[str, Any]) -> dict[str, Any]:
    """`--dp-size N --enable-dp-attention` is `--attn-dp-size N`.

    Source: sglang 0.5.23 arg_groups/parallel_hook.py handle_deprecated_dp_attention.
    """
    if options.get("enable-dp-attention") is True and "attn-dp-size" not in options:
        options = dict(options)
        options.pop("enable-dp-attention")
        options["attn-dp-size"] = options.pop("dp-size", 1)
    return options


def _algorithm(options: dict[str, Any]) -> dict[str, Any]:
    """Methods in any case; NEXTN is EAGLE (sglang 0.5.23 srt/speculative/spec_info.py)."""
    name = options.get("speculative-algorithm")
    if not isinstance(name, str):
        return options
    word = name.upper()
    return {**options, "speculative-algorithm": "EAGLE" if word == "NEXTN" else word}


def _graphs(options: dict[str, Any]) -> dict[str, Any]:
    """`--disable-cuda-graph` switches both kinds off.

    Source: sglang 0.5.23 arg_groups/cuda_graph_hook.py.
    """
    if options.get("disable-cuda-graph") is not True:
        return options
    both = dict.fromkeys(("cuda-graph-backend-decode", "cuda-graph-backend-prefill"), "disabled")
    return {**both, **without(options, "disable-cuda-graph")}


def _fusion(options: dict[str, Any]) -> dict[str, Any]:
    """The switch of old lets the runtime choose what fuses (sglang 0.5.23
    arg_groups/serving_hook.py).
    """
    name = "enable-flashinfer-allreduce-fusion"
    if options.get(name) is not True:
        return options
    return {"flashinfer-allreduce-fusion-backend": "auto", **without(options, name)}


def _spanning(options: dict[str, Any]) -> dict[str, Any]:
    """How many ranks the experts have says nothing where they take the whole width."""
    if options.get("moe-a2a-backend") not in SPANNING:
        return options
    names = ("ep-size", "expert-parallel-size")
    return {name: value for name, value in options.items() if name not in names}


def _pass(options: dict[str, Any]) -> dict[str, Any]:
    """The bound of a prefill says nothing where a chunk is smaller.

    Source: sglang 0.5.23 managers/schedule_policy.py PrefillAdder.budget_state.
    """
    name, chunk = "max-prefill-tokens", options.get("chunked-prefill-size")
    most, ranks = options.get(name), options.get("attn-dp-size", 1)
    if not all(isinstance(number, int) and number > 0 for number in (chunk, most, ranks)):
        return options
    share = chunk // ranks
    if most < share:
        return options
    return {**options, name: share} if share > PASS else without(options, name)


SPELLINGS: tuple[Spelling, ...] = (_attention_data, _algorithm, _graphs, _fusion, _pass, _spanning)
