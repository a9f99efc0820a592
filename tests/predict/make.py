"""Planned cases and shapes for tests of the predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.plan import Degrees
from servec.compiler.predict.keys import keys
from servec.compiler.predict.latency import Traffic
from servec.compiler.predict.parameters import table
from servec.compiler.predict.shape import shape
from servec.compiler.result import Request
from servec.compiler.search.survey import survey
from servec.dsl.load import load
from servec.dsl.record import replace
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS

if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.predict.parameters import Values
    from servec.compiler.predict.shape import Shape
    from servec.compiler.target import Case


def model(name: str) -> Model:
    found = find_model(name)
    assert found is not None
    return found


def device(name: str, **changes: object) -> Device:
    found = find_device(name)
    assert found is not None
    return replace(found, **changes)


def ground(
    name: str = "qwen3-235b-a22b-fp8",
    hardware: str = "h200",
    degrees: Degrees = Degrees(tensor=8, expert=8),  # noqa: B008
    backend: str = "vllm",
    **changes: object,
) -> tuple[Shape, Values]:
    served, place = model(name), device(hardware, **changes)
    found = keys(backend, served, served.quant, degrees, place)
    made = shape(served, served.quant, "bf16", degrees, place)
    return made, table().values(found)


def traffic(concurrency: float = 32, inputs: float = 4096, outputs: float = 1024) -> Traffic:
    return Traffic(concurrency, inputs, outputs, fresh=inputs, places=100000.0)


def case(lines: str, target: str = "vllm", role: str = "") -> Case:
    """The first planned case of a spec's deployment on one runtime, without its prediction."""
    from servec.compiler.search.assess import assess

    sources = MemorySources({"x.srv": f'servec 1\n\ndeployment "x" {{\n{lines}\n}}\n'})
    document, found = load(sources, "x.srv")
    assert document is not None and not found, found
    (spec,) = document.deployments
    runtime = next(item for item in TARGETS if item.name == target)
    alternatives = survey(spec, Request(sources=sources), True, document).alternatives
    sites = alternatives[0]
    site = next((s for s in sites if s.spec.role == role), sites[0])
    version, _ = runtime.version(site.spec)
    attempt = assess(site, runtime, version, True, spec.whole("nodes") or 1)
    assert attempt.plans, attempt.refused
    return attempt.plans[0]
