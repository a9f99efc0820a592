"""`servec.bench/1`: what `bench` prints."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from servec.cli.documents.check import DiagnosticDocument


@record
class LoadDocument:
    """What was sent: tokens asked for, of which `shared` begin every prompt; `concurrency`
    requests in flight over all servers, or `rate` a second (0 = the other kind)."""

    api: str
    inputs: int
    outputs: int
    shared: int
    requests: int
    concurrency: int
    rate: float


@record
class SpreadDocument:
    """A latency over requests, in ms."""

    mean: float
    p50: float
    p95: float
    p99: float
    least: float
    most: float


@record
class BesideDocument:
    """Measured beside predicted, of one server; `inside`: the band holds it, null without one."""

    quantity: Literal["ttft", "tpot", "e2e", "throughput", "goodput"]
    unit: str
    measured: float
    low: float | None
    value: float | None
    high: float | None
    inside: bool | None


@record
class KeptDocument:
    """A promise of the spec and what was measured of it, null where that does not show."""

    metric: str
    op: Literal["<=", ">="]
    bound: float
    unit: str
    measured: float | None
    kept: bool | None
    predicted: Literal["met", "missed", "unsure"]


@record
class BenchedDocument:
    """A deployment under load. Rates are of all servers together; `inputs` and `outputs` are means
    of tokens, `counted` by the server or not. `memory`: most bytes on a device, and in the servers'
    processes; null where it cannot be seen. `learnt`: why the predictor cannot learn from it."""

    deployment: str
    target: str
    version: str
    urls: tuple[str, ...]
    load: LoadDocument
    sent: int
    failed: int
    errors: Mapping[str, int]
    seconds: float
    inputs: float
    outputs: float
    counted: bool
    ttft_ms: SpreadDocument | None
    tpot_ms: SpreadDocument | None
    e2e_ms: SpreadDocument | None
    throughput_tok_s: float
    requests_s: float
    goodput_req_s: float
    device_bytes: int | None
    process_bytes: int | None
    prediction: tuple[BesideDocument, ...]
    abstained: str
    promises: tuple[KeptDocument, ...]
    learnt: str


@record
class BenchDocument:
    """Output of `bench`."""

    schema: Literal["servec.bench/1"] = "servec.bench/1"
    deployments: tuple[BenchedDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    error: str = ""
