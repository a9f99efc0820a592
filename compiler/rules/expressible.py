"""Which parallel degrees a runtime has a way to express, by its topology table."""

from __future__ import annotations

from servec.compiler.rules.asked import names, wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from servec.compiler.capabilities import Topology
    from servec.compiler.model import Model
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


def inexpressible(case: Case, degrees: Degrees) -> str:
    """The degree that the runtime cannot express, "" where it can express all."""
    topology, model = case.capabilities.topology, case.model
    if degrees.pipeline > 1 and not _staged(topology, model):
        return "pipeline"
    if degrees.tensor > 1 and (
        (topology.one_split and degrees.pipeline > 1) or not _split(case, topology)
    ):
        return "tensor"
    if degrees.context > 1 and not topology.context:
        return "context"
    if model is None:
        return ""
    moe = bool(model.experts)
    if degrees.data > 1:
        if not (topology.data_moe if moe else topology.data_dense):
            return "data"
        if moe and topology.attention_one and degrees.tensor > 1:
            return "data"
        if not moe and case.nodes > 1 and not topology.dense_nodes:
            return "data"
    return "expert" if degrees.expert > 1 and not _experts(topology.expert, degrees, moe) else ""


def takes_class(topology: Topology, degree: str, model: Model) -> bool:
    """Whether the class of the model, apart from all else, can be cut so."""
    if degree == "pipeline" and model.architecture in topology.no_pipeline_for:
        return False
    kinds = {"tensor": topology.tensor_for, "pipeline": topology.pipeline_for}.get(degree)
    return kinds is None or of_kind(model, kinds)


def _staged(topology: Topology, model: Model | None) -> bool:
    """Whether the layers of the model can be spread over stages."""
    if not topology.pipeline or (model and model.architecture in topology.no_pipeline_for):
        return False
    return topology.pipeline_for is None or model is None or of_kind(model, topology.pipeline_for)


def _split(case: Case, topology: Topology) -> bool:
    """Whether each layer of the model can be split over the devices."""
    model, device = case.model, case.device
    if topology.tensor_named and case.spec.setting("parallel.tensor") is None:
        return False
    if topology.tensor_for is not None and model and not of_kind(model, topology.tensor_for):
        return False
    if topology.tensor_kv is not None:
        kv = (case.plan.kv if case.plan else "") or case.spec.word("precision.kv")
        if kv and kv not in topology.tensor_kv:
            return False
    archs = topology.tensor_archs
    return (
        archs is None or case.capabilities.unread(device) or device is None or device.arch in archs
    )


def of_kind(model: Model, kinds: Set[str]) -> bool:
    """Whether a set of model classes, or of model types, holds the model."""
    return model.architecture in kinds or model.model_type in kinds


def _experts(kind: str, degrees: Degrees, moe: bool) -> bool:
    """Whether the runtime can spread whole experts over that many devices."""
    if not moe or kind == "none":
        return False
    return kind == "free" or degrees.expert == degrees.tensor * degrees.data


def uneven_experts(case: Case, degrees: Degrees) -> bool:
    """Whether whole experts cannot be shared out evenly where the runtime demands it."""
    model = case.model
    if model is None or degrees.expert == 1 or not model.experts:
        return False
    spec = case.spec
    held = model.experts + (spec.whole("moe.redundant") or 0)
    even = case.capabilities.topology.experts_divide or spec.word("moe.balance") == "dynamic"
    return even and held % degrees.expert != 0


DEGREES = ("tensor", "pipeline", "context", "expert", "data_moe", "data_dense")
"""The degrees that a table may exclude beside a feature, where they are above 1."""

_last: tuple[Case | None, tuple[tuple[str, str, str], ...]] = (None, ())


def bars(case: Case) -> tuple[tuple[str, str, str], ...]:
    """Degrees that do not go together with a feature that the spec asks for, with the source.

    The answer for the last case is kept: planning asks it for every layout.
    """
    global _last
    if _last[0] is not case:
        _last = (case, tuple(_bars(case)))
    return _last[1]


def _bars(case: Case) -> Iterator[tuple[str, str, str]]:
    pairs = [
        (one, other, source) if one in DEGREES else (other, one, source)
        for one, other, source in case.capabilities.excludes
        if one in DEGREES or other in DEGREES
    ]
    if pairs:
        asked = {name for _, feature in wanted(case) for name in names(feature)}
        yield from (pair for pair in pairs if pair[1] in asked)


def excluded(case: Case, degrees: Degrees) -> tuple[str, str, str] | None:
    """A degree of the layout and a feature that exclude each other, and the source, or None."""
    found = bars(case)
    return next((bar for bar in found if _has(case, degrees, bar[0])), None) if found else None


def _has(case: Case, degrees: Degrees, name: str) -> bool:
    """Whether a layout has a degree of the tables."""
    if name in ("data_moe", "data_dense"):
        moe = bool(case.model and case.model.experts)
        return degrees.data > 1 and moe is (name == "data_moe")
    above: bool = getattr(degrees, name) > 1
    return above


def expressed(case: Case) -> str:
    """What the runtime has, in words."""
    topology = case.capabilities.topology
    expert = {"world": "expert = tensor x data or 1", "free": "any expert", "none": "no expert"}
    parts = [
        "pipeline" if topology.pipeline else "no pipeline",
        "data" if topology.data_dense else "no data on dense models",
        "attention data parallel" if topology.data_moe else "no attention data parallel",
        expert[topology.expert],
    ]
    return ", ".join(parts)
