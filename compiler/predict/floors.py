"""What no runtime can beat: bytes over bandwidth, operations over peak, nothing else."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.load import Load
    from servec.compiler.predict.shape import Shape


@record
class Floors:
    """Least seconds of `ttft`, `tpot` and `e2e`, most `throughput` (tok/s) of one replica.

    `bytes`: what one device reads for one token; `copies` is no floor: how many copies read.
    """

    ttft: float
    tpot: float
    e2e: float
    throughput: float
    bytes: float

    def of(self, metric: str) -> float:
        """The floor (throughput: the ceiling) of `ttft.p95` and the like; 0 where there is none."""
        name = metric.partition(".")[0]
        return float(getattr(self, name, 0.0)) if name != "goodput" else 0.0


def floors(shape: Shape, load: Load, gained: float = 1.0) -> Floors:
    """The floors of a shape under a load; `gained`: most tokens that a step can yield.

    One token reads every dense weight and the experts it is sent to, but no cache; a prompt
    multiplies every weight once a token, nothing of it cached but the shared part.
    """
    share = shape.used / shape.total if shape.total else 0.0
    read = shape.dense + shape.head + share * shape.experts
    tpot = read / shape.bandwidth / gained if load.outputs else 0.0
    fresh = load.inputs * (1.0 - load.shared)
    work = (shape.flops + shape.flops_expert) * fresh / shape.stages
    ttft = max(work, read / shape.bandwidth)
    most = 0.0
    if load.outputs:
        step = shape.flops + shape.flops_head + shape.flops_expert * shape.data
        most = shape.data * shape.stages / step if step else 0.0
        if load.concurrency and tpot:
            most = min(most, load.concurrency / tpot)
    return Floors(ttft, tpot, ttft + max(0.0, load.outputs - 1) * tpot, most, read)
