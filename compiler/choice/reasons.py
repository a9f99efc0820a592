"""What speaks for and against each candidate, with a code or topic and figures for each line."""

from __future__ import annotations

from servec.compiler.choice.choose import beats, close, measured, special, surer
from servec.compiler.choice.objective import standing
from servec.compiler.choice.policy import table
from servec.compiler.decide import workload
from servec.compiler.plan import Reason
from servec.compiler.rules.heads import copies
from servec.compiler.rules.left_out import left_out
from servec.compiler.shown import shown
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.choice.policy import Policy
    from servec.compiler.plan import Range
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

BATCH = "limits.batch"


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
            _topology(case),
            _sizes(item),
            _capacity(case),
            _features(case),
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


def _topology(case: Case) -> Iterator[Reason]:
    plan, model = case.plan, case.model
    if plan is None or model is None:
        return
    times = copies(case, plan.degrees)
    if times > 1:
        ranks = plan.degrees.tensor
        text = f"each of {model.kv_heads} KV heads is stored {times} times over {ranks} ranks"
        yield Reason("SRV402", text, good=False, figures={"copies": times})
    if not model.quant.block[0] and not model.quant.group:
        return
    from servec.compiler.rules.cuts import cuts

    cut = cuts(case, plan.degrees)
    if cut is not None and cut.refined:
        text = (
            f"{cut.width} / {cut.ranks} = {cut.width // cut.ranks} columns cut the blocks of"
            f" {cut.block}: scales are refined to {cut.refined}, on slower kernels only"
        )
        yield Reason("SRV403", text, good=False, figures={"block": cut.refined})
    elif model.experts and model.quant.block[0]:
        yield _whole_blocks(case)


def _whole_blocks(case: Case) -> Reason:
    plan, model = case.plan, case.model
    assert plan is not None and model is not None
    block, ranks = model.quant.block[0], plan.degrees.moe_tensor
    columns = model.expert_width // ranks
    text = (
        f"{model.expert_width} / {ranks} = {columns} expert columns a rank are"
        f" {columns / block:g} whole blocks of {block}"
    )
    return Reason("SRV403", text, figures={"columns": columns, "blocks": columns / block})


def _capacity(case: Case) -> Iterator[Reason]:
    memory, plan = case.memory, case.plan
    length = workload.mean(case.spec)
    if memory is None or plan is None or memory.budget is None or not length:
        return
    if workload.one_pass(case.spec):
        return
    held = memory.pool_tokens // length
    load = workload.in_flight(case.spec, plan.replicas)
    text = f"KV cache of {memory.pool_tokens} tokens holds {held} requests of {length} tokens"
    if load:
        text += f", {load} are in flight"
    yield Reason(
        "kv",
        text,
        good=not load or held >= load,
        figures={"tokens": memory.pool_tokens, "requests": held, "in_flight": load},
    )


def _sizes(item: Outcome) -> Iterator[Reason]:
    """The batch that a promise moved away from the usual one."""
    for case in item.cases:
        for told in case.plan.reasons if case.plan is not None else ():
            if told.figures and told.code == BATCH:
                yield replace(told, text=f"a batch of {told.text}")


def _features(case: Case) -> Iterator[Reason]:
    spec, version = case.spec, f"{case.target.name} {case.capabilities.version}"
    for path in ("features.tools", "features.reasoning"):
        word = spec.word(path)
        if word is not None and path not in left_out(case):
            native = case.capabilities.values.get(path, {}).get(word) or word
            open_ = (said := spec.pin(path)) is not None and said.text == "auto"
            model = f"`{word}` is the model's parser; " if open_ else ""
            yield Reason(path, f"{model}{version} has the parser, as `{native}`")
    if spec.flag("features.structured_output"):
        yield Reason("features.structured_output", f"{version} constrains answers by grammar")
    share = spec.number("workload.prefix_share")
    size = spec.whole("workload.input")
    if share and size and case.plan is not None and case.plan.prefix_cache:
        saved = int(size * share)
        text = f"{float(share):.0%} of {size} prompt tokens are read from the cache: {saved}"
        yield Reason("prefix", f"{text} a request need no prefill", figures={"saved": saved})
