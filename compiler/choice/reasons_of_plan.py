"""What a plan itself says for or against a candidate: copies, blocks, cache, sizes, features."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason
from servec.compiler.rules.heads import copies
from servec.compiler.rules.left_out import left_out
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case

BATCH = "limits.batch"


def topology(case: Case) -> Iterator[Reason]:
    """Copies of KV heads, and blocks of quantisation that the ranks cut or keep whole."""
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


def capacity(case: Case) -> Iterator[Reason]:
    """Requests that the KV cache holds, against those in flight."""
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


def sizes(item: Outcome) -> Iterator[Reason]:
    """The batch that a promise moved away from the usual one."""
    for case in item.cases:
        for told in case.plan.reasons if case.plan is not None else ():
            if told.figures and told.code == BATCH:
                yield replace(told, text=f"a batch of {told.text}")


def features(case: Case) -> Iterator[Reason]:
    """Parsers, grammar and prefix cache that the spec asks for and the version has."""
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
