"""Outcomes of runtimes to choose among, and the choice for a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.choice.choose import ranked
from servec.compiler.choice.policy import Policy, policy
from servec.compiler.pipeline import compile_documents
from servec.compiler.plan import Degrees, Performance, Plan, Range, Verdict
from servec.compiler.result import Request
from servec.compiler.search.candidate import Outcome
from servec.compiler.target import Case
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS
from tests.plan.compiling import body
from tests.plan.fakes import Fake

if TYPE_CHECKING:
    from servec.compiler.result import DeploymentResult
    from servec.compiler.search.site import Site
    from servec.compiler.target import Target
    from servec.dsl.spec import Spec


PLAIN = "model = qwen3-8b\nhardware = h100 x 1\n"

PLAN = Plan(
    degrees=Degrees(),
    replicas=1,
    nodes=1,
    devices_per_node=1,
    weights="bf16",
    weights_word="bf16",
    kv="bf16",
    checkpoint="x",
)


def spec_of(lines: str = PLAIN) -> Spec:
    document, found = load(MemorySources({"x.srv": body(lines)}), "x.srv")
    assert document is not None and not found
    return document.deployments[0]


def outcome(
    name: str, low: float, high: float, verdict: str = "met", spec: Spec | None = None
) -> Outcome:
    """A candidate whose requests take `low` to `high` seconds."""
    fake = Fake(name)
    band = Range(low, (low + high) / 2, high)
    rate = Range(1 / high, 2 / (low + high), 1 / low)
    case = Case(
        spec=spec or spec_of(),
        target=fake,
        capabilities=fake.capabilities("1"),
        model=None,
        device=None,
        devices_per_node=1,
        nodes=1,
        plan=PLAN,
    )
    slo = (Verdict("ttft.p95", "<=", 1.0, "s", verdict, band),)
    return Outcome(fake, "1", False, (case,), Performance(e2e=band, throughput=rate, slo=slo))


def rules(spec: Spec) -> Policy:
    return policy(spec, (_site(spec),))


def _site(spec: Spec) -> Site:
    from servec.compiler.search.survey import survey

    return survey(spec, Request(), True, None).alternatives[0][0]


def order(items: list[Outcome], lines: str = PLAIN) -> list[str]:
    spec = spec_of(lines)
    return [item.target.name for item in ranked(spec, items, rules(spec))]


def chosen(lines: str, *more: Target) -> DeploymentResult:
    sources = MemorySources({"x.srv": body(lines)})
    document, found = load(sources, "x.srv")
    assert document is not None and not found, found
    targets = tuple(sorted((*TARGETS, *more), key=lambda target: target.name))
    kept = {target.name: target for target in targets}
    return compile_documents(
        [document], tuple(kept.values()), Request(sources=sources)
    ).deployments[0]
