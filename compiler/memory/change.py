"""One change of a spec, and whether what must fit fits with it."""

from __future__ import annotations

from servec.compiler.memory.estimate import estimate
from servec.compiler.memory.table import gib, total
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Memory
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


@record
class Change:
    """Values to write, by path, and one sentence on what they do to the sum.

    `cost`: the factor by which what the spec asked for shrinks.
    """

    values: dict[str, str]
    title: str
    cost: float = 1.0


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


def sums_of(text: str, memory: Memory) -> str:
    """`8-bit weights and KV need 32.9 + 20.0 + 4.0 = 56.9 GiB`."""
    rest = memory.activation + memory.overhead
    parts = [memory.weights, memory.needed_kv, rest]
    shown = " + ".join(gib(part).removesuffix(" GiB") for part in parts)
    return f"{text} {shown} = {gib(total(memory))}"
