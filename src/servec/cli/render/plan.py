"""The ranking of a deployment for people."""

from __future__ import annotations

from servec.cli.render.shown import shown
from servec.cli.render.summary import count
from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.console import Console
    from servec.compiler.plan import Memory, Performance, Range
    from servec.compiler.result import Candidate, DeploymentResult, FleetResult
    from servec.compiler.target import Case

GIB = 2**30
HEAD = (
    "#",
    "target",
    "plan",
    "gpus",
    "weights/kv",
    "memory per GPU",
    "TTFT ms",
    "TPOT ms",
    "tok/s",
    "SLO",
)


def render_plan(each: DeploymentResult, console: Console) -> str:
    """A table of the candidates that can serve, the reasons, and the refusals."""
    spec = each.spec
    able = [c for c in each.candidates if not c.rejected]
    parts = [f"{shown(spec.name)} ({shown(spec.file)})\n"]
    if able:
        rows = [row for rank, c in enumerate(able, 1) for row in _rows(rank, c)]
        parts.append(render_table(HEAD, rows, console.color, right="03678"))
    if each.chosen:
        parts.append(f"\nwhy {each.chosen.target}\n{_reasons(each.chosen)}")
        parts += _notes(each.chosen)
        parts += _checks(each)
    refused = [c for c in each.candidates if c.rejected]
    if refused:
        parts.append("\nrejected\n")
        parts += _refusals(refused)
    if console.verbose:
        parts += [f"\nabout {c.target}\n{_reasons(c)}" for c in able if c is not each.chosen]
    return "".join(parts)


def _rows(rank: int, candidate: Candidate) -> list[list[str]]:
    """One row, or one for each role under a row for the whole."""
    name = f"{candidate.target} {candidate.version}"
    if len(candidate.cases) == 1:
        case = candidate.cases[0]
        return [[str(rank), name, *_case(case), *_performance(candidate.performance)]]
    whole = [str(rank), name, "", "", "", "", *_performance(candidate.performance)]
    roles = [
        ["", f"  {case.role}", *_case(case), *_performance(case.performance)]
        for case in candidate.cases
    ]
    return [whole, *roles]


def _case(case: Case) -> list[str]:
    plan = case.plan
    if plan is None:
        return ["", "", "", ""]
    copies = f" x {plan.replicas}" if plan.replicas > 1 else ""
    return [
        str(plan.degrees),
        f"{plan.gpus}{copies}",
        f"{plan.weights_word}/{plan.kv}",
        memory_text(case.memory),
    ]


def memory_text(memory: Memory | None) -> str:
    """What is taken of a device, and what is left for the cache; "" where it is not known."""
    if memory is None:
        return ""
    used = memory.weights + memory.activation + memory.overhead
    if memory.budget is None:
        return f"{used / GIB:.1f} GiB + KV of ?"
    return f"{used / GIB:.1f} + {memory.kv_pool / GIB:.1f} KV of {memory.budget / GIB:.1f} GiB"


def _performance(found: Performance | None) -> list[str]:
    if found is None:
        return ["", "", "", ""]
    verdicts = dict.fromkeys(v.verdict for v in found.slo)
    slo = next((word for word in ("missed", "unsure", "met") if word in verdicts), "")
    return [
        _range(found.ttft, 1000),
        _range(found.tpot, 1000),
        _range(found.throughput, 1),
        slo,
    ]


def _range(found: Range | None, scale: int) -> str:
    """`12.3 (10.1-15.8)`: the value and its band, to three digits."""
    if found is None:
        return "?"
    low, value, high = (_digits(x * scale) for x in (found.low, found.value, found.high))
    return f"{value} ({low}-{high})"


def _digits(value: float) -> str:
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _reasons(candidate: Candidate) -> str:
    return "".join(
        f"  {'+' if reason.good else '-'} {shown(reason.text)}\n" for reason in candidate.reasons
    )


def _refusals(refused: list[Candidate]) -> list[str]:
    """Those that are refused for the same reasons together, with the reasons once."""
    names: dict[str, list[str]] = {}
    for each in refused:
        names.setdefault(_against(each), []).append(f"{each.target} {each.version}")
    return [f"  {', '.join(own)}\n{text}" for text, own in names.items()]


def _against(candidate: Candidate) -> str:
    against = [reason for reason in candidate.reasons if not reason.good]
    return "".join(f"    {reason.code}: {shown(reason.text)}\n" for reason in against)


def _notes(candidate: Candidate) -> list[str]:
    """What else is predicted, and why where nothing is: queues, the price and energy of a token."""
    found = candidate.performance
    if found is None:
        return []
    told = [f"no prediction: {found.abstained}"] if found.abstained else []
    if found.cost is not None:
        told.append(f"{found.cost:.2f} USD/h")
    return [f"  . {shown(text)}\n" for text in (*told, *found.notes)]


def _checks(each: DeploymentResult) -> list[str]:
    """What to look at before the chosen launch is committed."""
    from servec.compiler.checklist import checklist

    chosen = each.chosen
    if chosen is None or not chosen.cases:
        return []
    others = (c.target for c in each.candidates[1:] if not c.rejected and c.target != chosen.target)
    lines = checklist(chosen.cases[-1], next(others, ""))
    return (
        ["\nto check before committing\n", *(f"  {shown(line)}\n" for line in lines)]
        if lines
        else []
    )


def render_fleet(each: FleetResult) -> str:
    """Where a fleet puts each deployment, its price and power."""
    rows = [[p.deployment, p.pool, str(p.replicas), str(p.devices)] for p in each.placements]
    head = ("deployment", "pool", "replicas", "devices")
    cost = "?" if each.cost is None else f"{each.cost:.2f}"
    power = "?" if each.power is None else f"{each.power / 1000:.1f}"
    return (
        f"fleet {shown(each.fleet.name)} ({count(len(rows), 'placement')})\n"
        f"{render_table(head, rows, right='23')}"
        f"cost {cost} USD/h, power {power} kW\n"
    )
