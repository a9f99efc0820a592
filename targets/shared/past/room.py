"""What a line of an old release of vLLM surely needs: its weights and one sequence of its context.

The rest of the sum is the oldest table's. It does not judge chips that only earlier releases ran
on, and it knows latent attention as it is cached since `ABSORBED`: before, every head was cached.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.model import Attention, Model
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past

ABSORBED = "0.7.1"
"""vllm 0.7.0 vllm/model_executor/models/deepseek_v2.py: Attention of num_local_heads heads of 256;
vllm-project/vllm#12601 of 0.7.1 brings MLA."""
HYBRID = "0.9.1"
"""vllm 0.9.1 vllm/config.py disable_hybrid_kv_cache_manager: from here on the layers of a window
keep no more than it beside layers without one; before, each kept the whole context."""
PADDED = 256
"""Elements that K and V of one head and token were each padded to, where they were beyond 128."""
SHARE = 0.9
REACHED = 75
"""The oldest table judges chips from this compute capability on."""


def room_trouble(
    past: Past, spec: Spec, model: Model | None, device: Device | None
) -> Iterator[tuple[str, str]]:
    """Title and reason where weights and one sequence exceed the share of each GPU."""
    said = {use.flag.lstrip("-"): use.values[0] for use in past.uses if use.values}
    open_ended = {"cpu-offload-gb", "num-gpu-blocks-override", "rope-scaling", "hf-overrides"}
    if past.release.runtime != "vllm" or model is None or device is None or not model.groups:
        return
    if open_ended & said.keys() or not device.memory:
        return
    if model.quant.method == "none" and ({"quantization", "load-format"} & said.keys()):
        return
    known_apart = (_whole(past) and model.mla) or _filled(past, model)
    if device.capability >= REACHED and not known_apart:
        return
    tensor = spec.whole("parallel.tensor") or 1
    split = tensor * (spec.whole("parallel.pipeline") or 1)
    context = spec.whole("limits.context") or model.max_context
    share = _number(said.get("gpu-memory-utilization", "")) or SHARE
    weights = _weights(model) / split / (spec.whole("parallel.data") or 1) / 2**30
    cache = _cache(past, model, context, said.get("kv-cache-dtype", "auto")) / split / 2**30
    room = share * device.memory / 2**30
    if weights + cache > room:
        title = f"{weights + cache:.1f} GiB needed, {room:.1f} GiB usable on each GPU"
        why = f"weights {weights:.1f} GiB, {context} tokens of one sequence {cache:.1f} GiB"
        yield title, why


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return 0.0


def _weights(model: Model) -> float:
    from servec.compiler.memory.sums import sums

    return sums(model).total


def _cache(past: Past, model: Model, context: int, kind: str) -> float:
    """Bytes that one sequence keeps, over all ranks; a window that all layers have keeps no more
    than itself."""
    width = 1 if kind.startswith("fp8") else 2
    whole, filled = _whole(past), _filled(past, model)
    found = 0.0
    for group in model.groups:
        kept = group.attention
        tokens = min(context, kept.window) if kept.window and not filled else context
        found += group.count * tokens * width * _elements(kept, whole)
    return found


def _whole(past: Past) -> bool:
    """Whether latent attention is cached head by head."""
    return _before(past, ABSORBED)


def _filled(past: Past, model: Model) -> bool:
    """Whether layers with a window keep the whole context, since others have none."""
    windows = {group.attention.window for group in model.groups}
    return _before(past, HYBRID) and len(windows) > 1


def _before(past: Past, version: str) -> bool:
    from servec.compiler.options.versions import order

    return order(past.release.version) < order(version)


def _elements(kept: Attention, whole: bool) -> float:
    """Cached elements of one layer and token."""
    if not whole or kept.kind != "mla":
        return float(kept.kv_elements)
    return 2.0 * kept.heads * (PADDED if kept.head_dim > 128 else kept.head_dim)
