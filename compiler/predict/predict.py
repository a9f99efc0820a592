"""What a plan is predicted to do at the stated load: means, percentiles, verdicts, with bands.

The means come from `latency` (bytes, operations, collectives and overheads with measured
efficiencies) and `neighbours` (what alike configurations were mispredicted by); `queue` turns them
into a steady state and percentiles, `bands` says how far off they may be, `abstain` where nothing
is said. Everything is plain floats; a case takes about 0.1 ms.
"""

from __future__ import annotations

from servec.compiler.plan import Performance
from servec.compiler.predict.abstain import is_edge, standing
from servec.compiler.predict.answer import Found, answer
from servec.compiler.predict.cost import cost, power
from servec.compiler.predict.figures import figures
from servec.compiler.predict.floors import floors
from servec.compiler.predict.ground import ground, traffic
from servec.compiler.predict.load import load
from servec.compiler.predict.queue import quantiles
from servec.compiler.predict.slo import verdicts
from servec.compiler.predict.speculative import speculation
from servec.compiler.predict.steady import steady

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.abstain import Standing
    from servec.compiler.predict.load import Load
    from servec.compiler.target import Case


def predict(case: Case) -> Performance:
    """The performance of a case with a model and a plan; abstains where it has no ground."""
    plan, device = case.plan, case.device
    assert case.model is not None and plan is not None
    asked = load(case.spec, plan)
    place = standing(case, asked)
    if place.refused or asked is None or device is None:
        return Performance(
            slo=verdicts(case.spec, {}, None),
            cost=cost(plan, device) if device is not None else None,
            power=power(plan, device) if device is not None else None,
            abstained=place.refused,
        )
    if is_edge(case):
        from servec.compiler.predict.edge import edge

        return answer(case, asked, edge(case, asked, place))
    made = answer(case, asked, _served(case, asked, place))
    if case.role in ("prefill", "decode"):
        from servec.compiler.predict.roles import alone

        return alone(case, made)
    return made


def _served(case: Case, asked: Load, place: Standing) -> Found:
    """What is computed of a case on an accelerator."""
    found = speculation(case)
    base = ground(case)
    settled = steady(case, asked, base, traffic(case, asked, found), found)
    made = settled.latency
    rows = quantiles(base.shape, base.values, settled, asked)
    notes = place.notes
    if found.drafted:
        notes = (*notes, f"{found.low:.1f} to {found.high:.1f} tokens a step, by the text")
    return Found(
        figures=figures(asked, base, settled, found, place.wider),
        percentiles=rows if asked.outputs else {"ttft": rows["ttft"], "e2e": rows["ttft"]},
        floors=floors(base.shape, asked, float(found.drafted + 1)),
        running=made.running,
        waiting=made.waiting,
        stable=settled.stable,
        notes=notes,
    )
