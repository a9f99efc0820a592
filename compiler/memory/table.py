"""The memory sum of a case as figures: one line for each part, in columns."""

from __future__ import annotations

from servec.dsl.diagnostic import Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Memory
    from servec.compiler.target import Case

GIB = 1 << 30
NAME = 13
WIDTH = 64
"""Columns of a line: the name, and the end of the bytes."""


def gib(size: float) -> str:
    """Bytes as `65.7 GiB`."""
    return f"{size / GIB:.1f} GiB"


def line(name: str, text: str, size: float, after: str = "") -> str:
    """One line: name, how it comes about, bytes flush right, a remark."""
    value = gib(size)
    left = f"{name:<{NAME}}{text}" if text else name
    return f"{left:<{WIDTH - len(value) - 1}} {value}" + (f"   {after}" if after else "")


def figures(case: Case, memory: Memory) -> tuple[Figure, ...]:
    """The lines of the sum: weights, cache, the rest, the sum, and what is usable."""
    return tuple(_lines(case, memory))


def _lines(case: Case, memory: Memory) -> Iterator[Figure]:
    for item in memory.items:
        if item.name in ("weights", "KV cache"):
            name = {"weights": "weights", "KV cache": "kv"}[item.name]
            yield Figure(name, item.bytes, line(item.name, item.text, item.bytes))
    rest = memory.activation + memory.overhead
    text = "activations and runtime (estimated)"
    yield Figure("activations_and_runtime", rest, line(text, "", rest))
    needed = total(memory)
    yield Figure("needed", needed, line("sum", "", needed))
    budget = memory.budget or 0
    short = needed - budget
    after = f"{gib(short)} short" if short > 0 else f"{gib(-short)} left"
    yield Figure("usable", budget, line("usable", usable(case, memory), budget, after))


def total(memory: Memory) -> int:
    """Bytes that must fit on the fullest device."""
    return memory.weights + memory.activation + memory.overhead + memory.needed_kv


def usable(case: Case, memory: Memory) -> str:
    """How the budget comes about: `79.6 GiB x 90%`."""
    device, budget = memory.device, memory.budget or 0
    if not device:
        return "`limits.memory`"
    kept = case.device is not None and case.device.unified and budget >= case.device.usable
    if kept and case.device is not None and case.device.usable < device:
        return f"{gib(device)}, of which the system keeps a part"
    share = f"{100 * budget / device:.1f}".removesuffix(".0")
    return f"{gib(device)} x {share}%"


def each(case: Case) -> str:
    """`on each GPU`, or what the device is."""
    kind = case.device.kind if case.device is not None else "any"
    word = {"cpu": "socket", "apple": "Mac", "tpu": "TPU", "npu": "NPU", "hpu": "HPU"}.get(kind)
    return f"on each {word or 'GPU'}"
