"""What the runtime may take of a device, and how well the sum is known."""

from __future__ import annotations

from servec.compiler.memory.overhead import images, lean, media

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.figures import Constants
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

USUAL = 0.9
"""The share of a device that a runtime may take where nothing is said (language reference)."""

ASSUMED = 0.08
"""Error of the weights of a checkpoint of few bits that only its name is known of, beside that of
any: gemma-3-27b-it-int4-awq loads 17.61 GiB (github vllm-project/vllm issue 16199), whose groups
are of 32 where AutoAWQ's are of 128; 15.8 counted."""

FRAMES = 0.15
"""Error of what the frames of a video take, see `vision_frame`."""

GROUPED = 6
"""Bits below which weights are kept in groups, of which a name does not tell the size."""


def plan_share(case: Case) -> float:
    """The share of a device that the plan gives the runtime."""
    return float(case.plan.memory_fraction) if case.plan is not None else USUAL


def budget_of(spec: Spec, device: Device | None, share: float) -> float | None:
    """Bytes of one device that the runtime may take; None where that is not known.

    What the spec says of `limits.memory` wins over `share`; a system that shares its memory keeps
    its part in any case.
    """
    bound = spec.upper("limits.memory")
    value = number_of(bound.value) if bound is not None else None
    memory = device.memory if device is not None else 0
    if value is not None and value > 1:
        found = min(value, memory) if memory else value
    elif not memory:
        return None
    else:
        found = memory * (share if value is None else value)
    if device is not None and device.usable and device.unified:
        found = min(found, device.usable)
    return found


def charged(case: Case, table: Constants) -> float:
    """The part of what the driver keeps that a share of the device counts: as much."""
    device = case.device
    if table.knob != "device" or device is None or not device.memory:
        return 1.0
    budget = budget_of(case.spec, device, plan_share(case))
    return min(1.0, (budget or 0.0) / device.memory)


def budget_for(case: Case, served: Served, found: Account) -> float | None:
    """The same of a case whose account is made: as the runtime itself shares the device out where
    it is launched with its own defaults."""
    budget = budget_of(case.spec, case.device, plan_share(case))
    if budget is None:
        return None
    if found.table.knob == "static":
        from servec.compiler.memory.static import static_budget

        return static_budget(case, served, found) or budget
    return budget_of_left(case, budget, found, served.load.unseen)


def budget_of_left(case: Case, budget: float, found: Account, unseen: int) -> float:
    """The same for a launch of a runtime whose share is of what weights and working memory leave:
    these, and that share of the rest. What a spec states or the plan chose is not changed."""
    spec, device = case.spec, case.device
    stated = spec.upper("limits.memory") is not None or spec.word("defaults") != "runtime"
    if (
        found.table.knob not in ("free", "total", "entries")
        or stated
        or device is None
        or not device.memory
    ):
        return budget
    share = cache_share(spec, found)
    whole = (device.usable if device.unified else 0) or device.memory - unseen
    if found.table.knob != "free":
        return whole
    taken = found.weights + found.rest
    return whole if taken >= whole or share > 1 else taken + share * (whole - taken)


def set_aside(case: Case, served: Served, found: Account) -> float:
    """Bytes that the cache takes whatever is left: a share of the whole device, or so many
    sequences of full length."""
    device, knob = case.device, found.table.knob
    if knob not in ("total", "entries") or case.spec.word("defaults") != "runtime":
        return 0.0
    share = cache_share(case.spec, found)
    if knob == "entries":
        return share * found.cache.bytes(served.length) if share >= 1 else 0.0
    return device.memory * share if device is not None and share <= 1 else 0.0


def asked_share(spec: Spec, found: Account) -> float:
    """The share of a device that a launch asks for; above 1 a number of bytes."""
    bound = spec.upper("limits.memory")
    return found.table.share if bound is None else number_of(bound.value)


def cache_share(spec: Spec, found: Account) -> float:
    """What the option of the cache says, or its default."""
    bound = spec.upper("limits.cache_memory")
    return number_of(bound.value) if bound is not None else float(found.table.share)


def number_of(value: object) -> float:
    """A share or a number of bytes that a bound holds, `9/10` as well."""
    above, _, below = str(value).partition("/")
    return float(above) / float(below or 1)


def band_of(served: Served, found: Account, memory: float, short: bool = False) -> float:
    """The error of the sum, one sided, in bytes; of one that is `short` also what may be spared."""
    band = sum(size for _, size in band_parts(served, found, short))
    if not served.host:
        band = max(band, found.table.band_unified * memory)
    return band


def paged(case: Case, table: Constants) -> float:
    """Bytes of shared memory in which a launch runs, though slowly beyond what is lent for good."""
    device = case.device
    if device is None or not device.unified or case.spec.word("defaults") != "runtime":
        return 0.0
    return table.paged * device.memory


def band_parts(served: Served, found: Account, short: bool = False) -> list[tuple[str, float]]:
    """What the error comes from, in a few words, and its bytes."""
    table = found.table
    parts = [
        ("graphs and buffers", float(table.band)),
        ("the weights", table.band_share * found.weights),
    ]
    if served.model.assumed and float(served.model.quant.bits) < GROUPED:
        parts.append(("how the checkpoint keeps its weights", ASSUMED * found.weights))
    if served.load.images:
        framed = FRAMES * media(served.model, table, served.load)
        error = framed or float(table.band_vision)
        if short:  # no more than all of it can be spared
            error = min(error, images(served.model, table, served.load))
        parts.append(("the profile of images", error))
    if short:
        spared = lean(served.model, table, served.load, found.working)
        parts.append(("whether FlashInfer is there to sample", spared))
    return parts
