"""From the command line of `bench` to the tests that are due."""

from __future__ import annotations

import os

from servec.cli.errors import UsageError
from servec.dsl.record import record
from servec.dsl.whole import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from servec.api import Compiled
    from servec.bench.job import Benched, Job
    from servec.cli.console import Console
    from servec.compiler.plan import Plan
    from servec.compiler.result import Candidate
    from servec.compiler.target import Case
    from servec.emissions import Emission


@record
class Bench:
    """A test of one deployment; `end` is what came of it, None before."""

    name: str
    version: str
    job: Job
    case: Case
    plan: Plan
    abstained: str
    end: Any = None

    @property
    def unusable(self) -> str:
        """Why the predictor cannot learn from the test, "" where it can."""
        from servec.bench.runs import unusable

        end: Benched = self.end
        return unusable(self.case, self.plan, end.load, end.measured)


def benches(args: Namespace, console: Console) -> tuple[Compiled, list[Bench]]:
    """What was compiled, and a test for each deployment; none where the specs have errors."""
    from servec import api
    from servec.cli.given import given
    from servec.cli.report import report

    sources, names = given(args.spec)
    try:
        made = api.compile(sources, names, target=args.target, deployment=args.deployment)
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
    report(console, made.diagnostics, sources, names)
    if made.failed:
        return made, []
    if not made.emissions:
        what = f"there is no deployment {args.deployment!r}" if args.deployment else "no deployment"
        raise UsageError(f"{what} in {', '.join(names)}")
    folders = [each.deployment for each in made.emissions]
    if len(set(folders)) < len(folders):
        raise UsageError("--target says which runtime serves")
    if args.url and len(made.emissions) > 1:
        raise UsageError(f"--deployment says which one serves there: {', '.join(folders)}")
    found = {
        (each.spec.name, candidate.target): candidate
        for each in made.result.deployments
        for candidate in each.emit
    }
    return made, [_bench(e, found[e.deployment, e.target], args) for e in made.emissions]


def _bench(emission: Emission, candidate: Candidate, args: Namespace) -> Bench:
    from servec.bench.job import Job
    from servec.bench.shape import Shape
    from servec.compiler.predict.trial import trial
    from servec.dsl.record import replace

    case, launch = candidate.cases[-1], emission.launch
    spec, plan = case.spec, case.plan
    assert plan is not None
    load = trial(spec, plan, args.shape)
    if args.requests:
        load = replace(load, requests=_count(args.requests))
    performance = candidate.performance
    abstained = performance.abstained if performance else "nothing is predicted"
    if args.shape:
        performance, abstained = None, "the prediction is of the spec's own workload"
    port = next(process.port for process in reversed(launch.processes) if process.port)
    images = spec.whole("workload.images") or 1
    job = Job(
        spec=spec,
        shape=Shape(launch.api, launch.model_name, images if launch.api == "image" else 0),
        load=load,
        urls=_urls(args.url) or (f"http://127.0.0.1:{port}",),
        key=_key(spec.word("api.key_env") or ""),
        predicted=performance,
    )
    return Bench(emission.deployment, emission.version, job, case, plan, abstained)


def _urls(text: str) -> tuple[str, ...]:
    return tuple(word.strip().rstrip("/") for word in text.split(",") if word.strip())


def _count(text: str) -> int:
    count = whole(text)
    if not count:
        raise UsageError(f"--requests is a number of requests, not {text!r}")
    return count


def _key(name: str) -> str:
    """The key from the environment, by the name that the spec gives."""
    if name and not os.environ.get(name):
        raise UsageError(f"set {name} in the environment: the server asks for it")
    return os.environ[name] if name else ""
