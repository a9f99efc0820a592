"""What a line of an old release surely needs: its weights and one sequence of its context.

The rest of the sum is the oldest table's. It does not judge chips that only earlier releases ran
on, and it knows latent attention as it is cached now, not head by head. `room` of `past_rows.json`
says what differs:

- `below`: the oldest table judges chips from this compute capability on.
- `share`: of each GPU's memory, where the line says none; `open`: options that widen it.
- `expanded`: the first release that caches latents; before, every head of K and V was kept,
  `padded` to the second number of elements where it has more than the first.
- `filled`: the first release whose layers with a window keep no more than it beside layers without
  one; before, each kept the whole context.
"""

from __future__ import annotations

from servec.targets.shared.past.ways import way_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.model import Attention, Model
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past


def room_trouble(
    past: Past, spec: Spec, model: Model | None, device: Device | None
) -> Iterator[tuple[str, str]]:
    """Title and reason where weights and one sequence exceed the share of each GPU."""
    way = way_of(past.release, "room")
    if not way or model is None or device is None or not model.groups or not device.memory:
        return
    said = {use.flag.lstrip("-"): use.values[0] for use in past.uses if use.values}
    if said.keys() & set(way["open"]):
        return
    if model.quant.method == "none" and ({"quantization", "load-format"} & said.keys()):
        return
    whole = way["padded"] if _before(past, way["expanded"]) else None
    filled = _before(past, way["filled"]) and _mixed(model)
    if device.capability >= way["below"] and not (whole and model.mla) and not filled:
        return
    split = (spec.whole("parallel.tensor") or 1) * (spec.whole("parallel.pipeline") or 1)
    context = spec.whole("limits.context") or model.max_context
    share = _number(said.get("gpu-memory-utilization", "")) or way["share"]
    weights = _weights(model) / split / (spec.whole("parallel.data") or 1) / 2**30
    width = 1 if said.get("kv-cache-dtype", "auto").startswith("fp8") else 2
    cache = width * _elements(model, context, whole, filled) / split / 2**30
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


def _elements(model: Model, context: int, whole: list[int] | None, filled: bool) -> float:
    """Cached elements of one sequence, over all ranks; a window that all layers have keeps no more
    than itself.

    `whole`: how heads of latent attention are padded, None where it is cached as it is. `filled`:
    layers with a window keep the whole context.
    """
    found = 0.0
    for group in model.groups:
        kept = group.attention
        tokens = min(context, kept.window) if kept.window and not filled else context
        found += group.count * tokens * _of_token(kept, whole)
    return found


def _of_token(kept: Attention, whole: list[int] | None) -> float:
    """Cached elements of one layer and token."""
    if whole is None or kept.kind != "mla":
        return float(kept.kv_elements)
    beyond, padded = whole
    return 2.0 * kept.heads * (padded if kept.head_dim > beyond else kept.head_dim)


def _mixed(model: Model) -> bool:
    """Whether some layers have a window and others another, or none."""
    return len({group.attention.window for group in model.groups}) > 1


def _before(past: Past, version: str) -> bool:
    from servec.compiler.options.versions import order

    return order(past.release.version) < order(version)
