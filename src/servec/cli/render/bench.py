"""A load test: its document, and its tables for people."""

from __future__ import annotations

from servec.cli.documents.bench import (
    BenchDocument,
    BenchedDocument,
    BesideDocument,
    KeptDocument,
    LoadDocument,
    SpreadDocument,
)
from servec.cli.render.json import json_diagnostics
from servec.cli.render.paint import Paint
from servec.cli.render.shown import shown
from servec.cli.render.sizes import bytes_text
from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.api import Compiled
    from servec.bench.job import Benched
    from servec.bench.measure import Spread
    from servec.cli.benches import Bench

MS = 1000.0
MOST = 5
"""Kinds of errors that are shown."""
NAMES = {
    "ttft": "time to first token",
    "tpot": "time per output token",
    "e2e": "whole request",
    "throughput": "output tokens",
    "goodput": "requests that keep the promises",
}


def bench_document(made: Compiled, done: Sequence[Bench]) -> BenchDocument:
    """All tests of a call."""
    return BenchDocument(
        deployments=tuple(map(_benched, done)),
        diagnostics=json_diagnostics(made.diagnostics, made.sources.read),
    )


def _benched(each: Bench) -> BenchedDocument:
    end: Benched = each.end
    load, found = end.load, end.measured
    return BenchedDocument(
        deployment=each.name,
        target=each.case.target.name,
        version=each.version,
        urls=each.job.urls,
        load=LoadDocument(
            each.job.shape.api, load.inputs, load.outputs, load.shared, load.requests,
            load.concurrency, load.rate,
        ),
        sent=found.sent,
        failed=found.failed,
        errors=found.errors,
        seconds=found.seconds,
        inputs=found.inputs,
        outputs=found.outputs,
        counted=found.counted,
        ttft_ms=_spread(found.ttft),
        tpot_ms=_spread(found.tpot),
        e2e_ms=_spread(found.e2e),
        throughput_tok_s=found.throughput,
        requests_s=found.requests,
        goodput_req_s=found.goodput,
        device_bytes=end.devices,
        process_bytes=end.process,
        prediction=tuple(
            BesideDocument(b.quantity, b.unit, b.measured, b.low, b.value, b.high, b.inside)  # type: ignore[arg-type]
            for b in end.beside
        ),
        abstained=each.abstained,
        promises=tuple(
            KeptDocument(k.metric, k.op, k.bound, k.unit, k.measured, k.kept, k.predicted)  # type: ignore[arg-type]
            for k in end.kept
        ),
        learnt=each.unusable,
    )  # fmt: skip


def _spread(found: Spread | None) -> SpreadDocument | None:
    if found is None:
        return None
    values = (found.mean, found.p50, found.p95, found.p99, found.least, found.most)
    return SpreadDocument(*(value * MS for value in values))


def bench_text(each: Bench, color: bool) -> str:
    """What was sent, the latencies, the comparison, and the promises."""
    end: Benched = each.end
    found = end.measured
    title = f"{each.name} on {each.case.target.name} {each.version}, {', '.join(each.job.urls)}"
    parts = [f"{Paint(color)('bold', shown(title))}\n", f"{_sent(end)}\n"]
    parts += [f"  {count} failed: {shown(text)}\n" for text, count in _errors(end)]
    rows = [
        [NAMES[name], *(_digits(value * MS) for value in (s.mean, s.p50, s.p95, s.p99, s.most))]
        for name in ("ttft", "tpot", "e2e")
        if (s := getattr(found, name)) is not None
    ]
    parts.append(render_table(("ms", "mean", "p50", "p95", "p99", "most"), rows, right="12345"))
    parts.append(
        "\n" + render_table(("of one server", "measured", "predicted", ""), beside_rows(each))
    )
    if each.abstained:
        parts.append(f"not predicted: {shown(each.abstained)}\n")
    if end.kept:
        parts.append("\n" + render_table(("promise", "measured", "", "predicted"), kept_rows(each)))
    return "".join(parts)


def _sent(end: Benched) -> str:
    load, found = end.load, end.measured
    how = f"{_digits(load.rate)} a second" if load.rate else f"{load.concurrency} at a time"
    count = "" if found.counted else " (the server does not count)"
    memory = [
        f"{bytes_text(value)} {where}"
        for value, where in ((end.devices, "on a device"), (end.process, "in its processes"))
        if value is not None
    ]
    held = f"; at most {', '.join(memory)}" if memory else ""
    return (
        f"{found.sent} requests, {how}, in {_digits(found.seconds)} s;"
        f" {_digits(found.inputs)} tokens in{count}, {_digits(found.outputs)} out;"
        f" {_digits(found.throughput)} tok/s{held}"
    )


def _errors(end: Benched) -> list[tuple[str, int]]:
    return list(end.measured.errors.items())[:MOST]


def beside_rows(each: Bench) -> list[list[str]]:
    """Measured beside predicted, with the verdict on the band."""
    end: Benched = each.end
    words = {True: "in the band", False: "outside the band", None: ""}
    return [
        [
            f"{NAMES[b.quantity]}, {b.unit}",
            _digits(b.measured),
            f"{_digits(b.value)} ({_digits(b.low or 0)}-{_digits(b.high or 0)})"
            if b.value is not None
            else "-",
            words[b.inside],
        ]
        for b in end.beside
    ]


def kept_rows(each: Bench) -> list[list[str]]:
    """The promises, kept or broken."""
    end: Benched = each.end
    words = {True: "kept", False: "broken", None: "not measured"}
    return [
        [
            f"{k.metric} {k.op} {_digits(k.bound)} {k.unit}",
            "-" if k.measured is None else _digits(k.measured),
            words[k.kept],
            k.predicted,
        ]
        for k in end.kept
    ]


def _digits(value: float) -> str:
    """Three digits, no exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
