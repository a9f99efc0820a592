"""The nearest changes of a spec after which what must fit fits, each tried on the sum itself."""

from __future__ import annotations

from servec.compiler.memory.change import Change, pinned, sums_of, tried
from servec.compiler.memory.device_changes import larger_devices, layout, more_devices
from servec.compiler.memory.needed import mean
from servec.compiler.memory.table import gib
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Case

SMALLER = ("fp8", "mlx8", "q8_0", "nvfp4", "mxfp4", "awq", "mlx4", "q4_k_m")
"""Precisions of the language from 8 bits down; those that a runtime lacks are passed over."""
ROUND = 1024


def changes(case: Case) -> tuple[Change, ...]:
    """The changes that make the case fit with its error band to spare, smallest first."""
    from servec.compiler.memory.slots import fewer

    found = [*_share(case), *_precision(case)]
    lengths = [*_context(case), *_batch(case), *fewer(case)]
    found += sorted(lengths, key=lambda change: change.cost)
    found += [*layout(case), *more_devices(case)]
    return tuple(found or larger_devices(case))


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
            yield Change({"precision.kv": cache}, sums_of("an 8-bit cache needs", memory))
    for served, word, bits in _narrower(case):
        memory = tried(served, {"precision.weights": word})
        if memory is not None:
            yield Change({"precision.weights": word}, sums_of(f"{bits} weights need", memory))
            return
        if cache and served.plan is not None:
            both = replace(served, plan=replace(served.plan, kv=cache))
            memory = tried(both, {"precision.weights": word, "precision.kv": cache})
            if memory is not None:
                values = {"precision.weights": word, "precision.kv": cache}
                kind = "KV" if bits == "8-bit" else "8-bit KV"
                yield Change(values, sums_of(f"{bits} weights and {kind} need", memory))
                return


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
