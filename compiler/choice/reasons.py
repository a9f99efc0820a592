"""What speaks for and against each candidate, with a code or topic and figures for each line."""

from __future__ import annotations

from servec.compiler.choice.choose import beats, close, measured, special, surer
from servec.compiler.choice.objective import standing
from servec.compiler.choice.policy import table
from servec.compiler.choice.reasons_of_plan import capacity, features, sizes, topology
from servec.compiler.decide import workload
from servec.compiler.plan import Reason
from servec.compiler.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.choice.policy import Policy
    from servec.compiler.plan import Range
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


def candidate(
    spec: Spec, item: Outcome, first: Outcome, second: Outcome | None, policy: Policy
) -> tuple[Reason, ...]:
    """The lines of a candidate that can serve; `first` is the chosen one, `second` the next."""
    case = item.case
    return tuple(
        line
        for part in (
            _place(item, first, second),
            item.told,
            _matrix(item, policy),
            _operations(item, policy),
            _reach(item, policy),
            _close(item),
            _promises(item),
            _overlap(item, first),
            _speed(spec, item, first),
            topology(case),
            sizes(item),
            capacity(case),
            features(case),
        )
        for line in part
    )


def refusal(found: tuple[Diagnostic, ...]) -> tuple[Reason, ...]:
    """The lines of a rejected candidate: each finding by its code, with its figures."""
    return tuple(Reason(item.code, item.title, good=False, figures=figures(item)) for item in found)


def figures(item: Diagnostic) -> dict[str, float | int | str]:
    """The numbers of a finding, plain."""
    return {
        f.name: f.value if isinstance(f.value, (int, str)) else float(f.value)
        for f in item.figures
        if f.value is not None
    }


def _place(item: Outcome, first: Outcome, second: Outcome | None) -> Iterator[Reason]:
    if item is first and second is not None:
        yield Reason("second", f"second pick: {second.target.name} {second.version}")


def _matrix(item: Outcome, policy: Policy) -> Iterator[Reason]:
    name = item.target.name
    for number, row in enumerate(policy.rows):
        code, why = f"matrix.{row['row']}", row["why"]
        known = f"for {row['what']} (row {row['row']} of the policy)"
        if name == row["first"]:
            text, values = _branches(item.case) if row["row"] == 6 else ("", {})
            yield Reason(code, f"first {known}: {why}{text}", figures=values)
        elif number == 0 and name == row["second"]:
            text = f"second {known}, behind {row['first']}: {why}"
            yield Reason(code, text, good=False)
        elif number == 0:
            text = f"neither pick {known}: those are {row['first']} and {row['second']}"
            yield Reason(code, text, good=False)


def _branches(case: Case) -> tuple[str, dict[str, float | int | str]]:
    """Prompt tokens of a request that a tree of prefixes saves, against a single line of them.

    A tree keeps every branch that is alive. A line keeps the last one: of the branches in flight,
    one for each request, it saves the share of one. In a chat every request goes on with its own
    line, so there both save the same.
    """
    spec, plan = case.spec, case.plan
    share, size = spec.number("workload.prefix_share"), spec.whole("workload.input")
    if not share or not size or plan is None:
        return "", {}
    branches = max(1, workload.in_flight(spec, plan.replicas))
    tree, line = int(size * share), int(size * share / branches)
    text = f"; of {size} prompt tokens a tree saves {tree}, one line {line}"
    return f"{text} with {branches} branches in flight", {"tree": tree, "line": line}


def _operations(item: Outcome, policy: Policy) -> Iterator[Reason]:
    for row in policy.weighed(item.cases):
        yield Reason(f"operations.{row['name']}", row["text"], good=row["weight"] > 0)


def _reach(item: Outcome, policy: Policy) -> Iterator[Reason]:
    if item.target.name in policy.last:
        code = table()["last"][item.target.name].get("code", "lifecycle")
        yield Reason(code, policy.last[item.target.name], good=False)
    if item.target.name in policy.outer:
        yield Reason("layer", policy.outer[item.target.name], good=False)
    how = special(item.case)
    if how:
        yield Reason("reach", how.partition(":")[2].strip() or how, good=False)


def _close(item: Outcome) -> Iterator[Reason]:
    for case in item.cases:
        memory = case.memory
        if memory is not None and close(case):
            text = (
                f"fits by {memory.margin / 2**30:.1f} GiB, known to {memory.band / 2**30:.1f} GiB"
            )
            yield Reason("SRV317", text, good=False, figures={"margin": memory.margin})


def _promises(item: Outcome) -> Iterator[Reason]:
    performance = item.performance
    if performance is None:
        return
    if performance.abstained:
        yield Reason("predicted", f"not predicted: {performance.abstained}", good=False)
    for line in performance.slo:
        band = f" ({_band(line.predicted)} predicted)" if line.predicted else ""
        text = f"{line.metric} {line.op} {shown(line.bound)} {line.unit} is {line.verdict}{band}"
        values: dict[str, float | int | str] = {"bound": line.bound}
        if line.predicted is not None:
            values["predicted"] = line.predicted.value
        yield Reason("slo." + line.metric, text, good=line.verdict == "met", figures=values)


def _overlap(item: Outcome, first: Outcome) -> Iterator[Reason]:
    """Why a candidate that stands better to the promises is not first."""
    mine, other = standing(item.performance), standing(first.performance)
    if mine < other and not surer(item, first):
        text = f"meets promises for certain that are unsure on {first.target.name}"
        yield Reason("slo", f"{text}; the bands of both overlap, which orders nothing")


def _band(found: Range) -> str:
    return f"{shown(found.low)} to {shown(found.high)}"


def _speed(spec: Spec, item: Outcome, first: Outcome) -> Iterator[Reason]:
    """Against the chosen candidate: which is faster, and whether that says anything."""
    own = measured(spec, item)
    if own is not None:
        yield Reason(
            "measured", f"measured by the spec: {shown(own)} tok/s", figures={"tok/s": own}
        )
    if item is first or item.performance is None or first.performance is None:
        return
    mine, other = item.performance.throughput, first.performance.throughput
    if mine is None or other is None:
        return
    values: dict[str, float | int | str] = {"tok/s": mine.value, "chosen tok/s": other.value}
    text = f"{mine.value:.0f} tok/s predicted against {other.value:.0f} of {first.target.name}"
    if beats(spec, item, first):
        yield Reason("predicted", f"{text}: clearly faster", figures=values)
    elif beats(spec, first, item):
        yield Reason("predicted", f"{text}: clearly slower", good=False, figures=values)
    else:
        yield Reason("predicted", f"{text}: within the error of either", figures=values)
