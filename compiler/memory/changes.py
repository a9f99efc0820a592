"""The nearest changes of a spec after which what must fit fits, each tried on the sum itself."""

from __future__ import annotations

from servec.compiler.memory.estimate import estimate
from servec.compiler.memory.needed import mean
from servec.compiler.memory.table import gib, total
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.plan import Memory
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

SMALLER = ("fp8", "mlx8", "q8_0", "nvfp4", "mxfp4", "awq", "mlx4", "q4_k_m")
"""Precisions of the language from 8 bits down; those that a runtime lacks are passed over."""
ROUND = 1024
MOST_CARDS = 8
"""Devices of one node of the servers that the catalogue knows."""


@record
class Change:
    """Values to write, by path, and one sentence on what they do to the sum.

    `cost`: the factor by which what the spec asked for shrinks.
    """

    values: dict[str, str]
    title: str
    cost: float = 1.0


def changes(case: Case) -> tuple[Change, ...]:
    """The changes that make the case fit with its error band to spare, smallest first."""
    from servec.compiler.memory.slots import fewer

    found = [*_share(case), *_precision(case)]
    lengths = [*_context(case), *_batch(case), *fewer(case)]
    found += sorted(lengths, key=lambda change: change.cost)
    found += [*_layout(case), *_more_devices(case)]
    return tuple(found or _larger_devices(case))


SHARES = ("0.97", "0.95", "0.92", "0.9", "0.85")


def _share(case: Case) -> Iterator[Change]:
    """A smaller share of the device, where what lies beside the share is what does not fit."""
    memory = case.memory
    if memory is None or memory.needed_tokens:
        return
    for share in SHARES:
        lower = tried(case, {"limits.memory": float(share)})
        if lower is not None:
            text = f"{share} of the device leaves {gib(lower.kv_pool)} for the cache"
            yield Change({"limits.memory": share}, text)
            return


def tried(case: Case, values: dict[str, object]) -> Memory | None:
    """The memory if the spec pinned `values` as well; None where it would not surely fit."""
    memory = estimate(replace(case, spec=pinned(case.spec, values)))
    return memory if memory.budget is not None and memory.margin >= memory.band else None


def pinned(spec: Spec, values: dict[str, object]) -> Spec:
    """The spec with further pins; they stand where the path is said now, else at the name."""
    from servec.dsl.spec import Bound, Setting

    settings = dict(spec.settings)
    for path, value in values.items():
        span = spec.span_of(path)
        bound = Bound("=", value, str(value), span, span, span)  # type: ignore[arg-type]
        settings[path] = Setting(eq=bound)
    return replace(spec, settings=settings)


def _precision(case: Case) -> Iterator[Change]:
    """A smaller cache, smaller weights, or both; the first that is enough."""
    from servec.compiler.decide import kv

    plan = case.plan
    assert plan is not None
    narrow = [w for w in kv.SMALL if w != plan.kv and kv.runs(case, w)]
    cache = narrow[0] if narrow and not plan.kv.startswith(("fp8", "q", "nvfp4")) else ""
    if cache:
        small = replace(case, plan=replace(plan, kv=cache))
        memory = tried(small, {"precision.kv": cache})
        if memory is not None:
            yield Change({"precision.kv": cache}, _sums("an 8-bit cache needs", memory))
    for served, word, bits in _narrower(case):
        memory = tried(served, {"precision.weights": word})
        if memory is not None:
            yield Change({"precision.weights": word}, _sums(f"{bits} weights need", memory))
            return
        if cache and served.plan is not None:
            both = replace(served, plan=replace(served.plan, kv=cache))
            memory = tried(both, {"precision.weights": word, "precision.kv": cache})
            if memory is not None:
                values = {"precision.weights": word, "precision.kv": cache}
                kind = "KV" if bits == "8-bit" else "8-bit KV"
                yield Change(values, _sums(f"{bits} weights and {kind} need", memory))
                return


def _sums(text: str, memory: Memory) -> str:
    """`8-bit weights and KV need 32.9 + 20.0 + 4.0 = 56.9 GiB`."""
    rest = memory.activation + memory.overhead
    parts = [memory.weights, memory.needed_kv, rest]
    shown = " + ".join(gib(part).removesuffix(" GiB") for part in parts)
    return f"{text} {shown} = {gib(total(memory))}"


def _narrower(case: Case) -> Iterator[tuple[Case, str, str]]:
    """The case with weights of fewer bits that its runtime can serve on its device."""
    from servec.compiler.decide import checkpoint
    from servec.compiler.decide.legal import legal

    model, plan = case.model, case.plan
    assert model is not None and plan is not None
    from servec.compiler.memory.served import served_quant

    now = float(served_quant(model, plan).bits)
    if case.spec.setting("checkpoint.repo") or case.spec.setting("checkpoint.file"):
        return
    for word in SMALLER:
        spec = pinned(case.spec, {"precision.weights": word})
        asked = replace(case, spec=spec)
        way = checkpoint.choose(asked, checkpoint.checkpoints(spec, model))
        if way is None or not checkpoint.runs(case.capabilities, case.device, way.scheme):
            continue
        served = replace(
            asked,
            model=way.model,
            plan=replace(plan, weights=way.scheme, weights_word=way.word, load=way.load),
        )
        assert served.plan is not None
        bits = float(served_quant(way.model, served.plan).bits)
        if bits < now - 0.5 and legal(served, plan.degrees):
            yield served, word, "8-bit" if bits > 6 else "4-bit"


def _context(case: Case) -> Iterator[Change]:
    """The longest context that fits, where the spec pins a longer one."""
    from servec.compiler.memory.fit import longest_context

    said = case.spec.whole("limits.context")
    if said is None:
        return
    longest = longest_context(case, said) // ROUND * ROUND
    if longest < max(ROUND, mean(case.spec)) or longest >= said:
        return
    yield Change(
        {"limits.context": f"{longest // ROUND}Ki tokens"},
        f"{longest} tokens of context fit beside the weights",
        said / longest,
    )


def _batch(case: Case) -> Iterator[Change]:
    """As many sequences of the context as fit, where the spec promises more."""
    from servec.compiler.memory.fit import most_sequences

    promise = case.spec.lower("limits.batch")
    if promise is None:
        return
    most = most_sequences(case)
    asked = int(str(promise.value))
    if 1 <= most < asked:
        title = f"{most} sequences of the context fit"
        yield Change({"limits.batch": str(most)}, title, asked / most)


def _layout(case: Case) -> Iterator[Change]:
    """A wider tensor split over the same devices."""
    from servec.compiler.decide.legal import nearest_legal

    plan = case.plan
    assert plan is not None

    def fits(degrees: object) -> bool:
        changed = replace(case, plan=replace(plan, degrees=degrees))
        return tried(changed, {}) is not None

    narrow = ("tensor", "data", "expert")
    layout = nearest_legal(case, narrow, fits) or nearest_legal(case, (*narrow, "pipeline"), fits)
    if layout is None:
        return
    own, values = plan.degrees, {}
    for name in ("tensor", "pipeline", "data", "expert"):
        value = getattr(layout, name)
        if value != getattr(own, name) or case.spec.setting("parallel." + name):
            values["parallel." + name] = str(value)
    yield Change(values, f"{layout}: each GPU holds less of the weights")


def _more_devices(case: Case) -> Iterator[Change]:
    """The fewest devices of the kind that are enough, where no degree is said."""
    from servec.compiler.decide.legal import legal
    from servec.compiler.plan import Degrees

    counts = case.spec.counts()
    said = any(True for _ in case.spec.paths("parallel"))
    if len(counts) != 1 or counts[0].kind == "any" or said or case.nodes > 1:
        return
    model, plan = case.model, case.plan
    assert model is not None and plan is not None
    number = case.devices_per_node * 2
    while number <= MOST_CARDS:
        layout = Degrees(tensor=number, expert=number if model.experts else 1)
        wider = replace(
            case,
            devices_per_node=number,
            plan=replace(plan, degrees=layout, devices_per_node=number),
        )
        if legal(wider, layout):
            memory = tried(wider, {})
            if memory is not None:
                text = f"{counts[0].kind} x {number}"
                yield Change({"hardware": text}, _sums(f"on each of {number} devices:", memory))
                return
        number *= 2


def _larger_devices(case: Case) -> Iterator[Change]:
    """The device with the least memory that is enough: same make, known to the runtime; one that is
    slower only where no other is.
    """
    from servec.compiler.catalogue.devices import device_names, find_device

    counts, own = case.spec.counts(), case.device
    if len(counts) != 1 or own is None or own.any or own.unified or not own.memory:
        return
    best: tuple[bool, int, int, str] | None = None
    for name in device_names():
        other = find_device(name)
        if other is None or other.vendor != own.vendor or other.kind != own.kind or other.unified:
            continue
        if other.aside:
            continue
        key = (_slower(other, own), other.memory, len(name), name)
        reaches = case.capabilities.reach.get(other.arch) == "yes"
        if other.memory <= own.memory or not reaches or (best is not None and key >= best):
            continue
        if other.domain < min(own.domain, case.devices_per_node):
            continue
        memory = tried(replace(case, device=other), {})
        if memory is not None:
            best = key
    if best is not None:
        text = f"{best[3]} x {counts[0].number}"
        yield Change({"hardware": text}, f"{best[3]} has {gib(best[1])} on each device")


def _slower(other: Device, own: Device) -> bool:
    """Whether a device computes or reads more slowly, in 16 bits."""
    rate = max(own.flops.get("bf16", 0), own.flops.get("fp16", 0))
    same = max(other.flops.get("bf16", 0), other.flops.get("fp16", 0))
    return same < rate or other.bandwidth < own.bandwidth
