"""A load test of one deployment: sized, warmed up, sent, measured."""

from __future__ import annotations

from servec.bench.client import Client
from servec.bench.judge import beside, kept, tightest
from servec.bench.measure import measured
from servec.bench.memory import Memory
from servec.bench.prompts import Prompts
from servec.bench.send import closed, opened
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.bench.client import Sample
    from servec.bench.judge import Beside, Kept
    from servec.bench.measure import Measured
    from servec.bench.shape import Shape
    from servec.compiler.plan import Performance
    from servec.compiler.predict.trial import Trial
    from servec.dsl.spec import Spec

WARM = 8
"""Requests before the test at most: the first ones compile kernels and fill caches."""
REFUSED = ("HTTP 400", "HTTP 422")


class Unreachable(Exception):
    """The server does not answer, or refuses what it is asked."""


@record
class Job:
    """What to send where. `load` is for one server; several share a load as many times as large."""

    spec: Spec
    shape: Shape
    load: Trial
    urls: tuple[str, ...]
    key: str
    predicted: Performance | None


@record
class Benched:
    """The end of a test: what was sent (over all servers), measured, predicted and promised."""

    load: Trial
    measured: Measured
    samples: tuple[Sample, ...]
    beside: tuple[Beside, ...]
    kept: tuple[Kept, ...]
    devices: int | None
    process: int | None


def bench(job: Job, tick: Callable[[int, int], None]) -> Benched:
    """Run the test; `tick` is told how many answers are there, and how many will be.

    `Unreachable` where a first request is not answered.
    """
    servers = len(job.urls)
    load = replace(
        job.load, concurrency=job.load.concurrency * servers, rate=job.load.rate * servers
    )
    shape = _accepted(job)
    clients = [Client(url, shape, job.key) for url in job.urls]
    prompts = _fitted(clients[0], load)
    texts = [prompts.make() for _ in range(load.requests)]
    warm = min(WARM * servers, load.concurrency or WARM)
    closed(clients, [prompts.make() for _ in range(warm)], load.outputs, warm, lambda _: None)
    count = [0]

    def done(_: Sample) -> None:
        count[0] += 1
        tick(count[0], load.requests)

    with Memory(job.urls) as memory:
        if load.rate:
            samples = opened(clients, texts, load.outputs, load.rate, done)
        else:
            first = [prompts.make() for _ in range(min(load.concurrency, load.requests))]
            samples = closed(clients, texts, load.outputs, load.concurrency, done, first)
    result = measured(samples, shape.streamed, tightest(job.spec), load.inputs)
    return Benched(
        load=load,
        measured=result,
        samples=tuple(samples),
        beside=beside(result, job.predicted, servers),
        kept=kept(job.spec, result, job.predicted, servers),
        devices=memory.devices,
        process=memory.process,
    )


def _accepted(job: Job) -> Shape:
    """The shape that every server takes: with the fields beyond OpenAI's own, else without."""
    shape = job.shape
    for url in job.urls:
        sample = Client(url, shape, job.key).ask("hello", 2)
        if sample.error.startswith(REFUSED) and shape.exact:
            shape = replace(shape, exact=False)
            sample = Client(url, shape, job.key).ask("hello", 2)
        if sample.error:
            raise Unreachable(f"{url}{shape.path}: {sample.error}")
    return shape


def _fitted(client: Client, load: Trial) -> Prompts:
    """Prompts of the right length by the server's own count."""
    prompts = Prompts(load.inputs, load.shared)
    prompts.fit(lambda text: client.ask(text, 1).inputs)
    return prompts
