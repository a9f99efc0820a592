"""Which parallel degrees a runtime has a way to express, by its topology table."""

from __future__ import annotations

from servec.compiler.rules.asked import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case


def inexpressible(case: Case, degrees: Degrees) -> str:
    """The degree that the runtime cannot express, "" where it can express all."""
    topology, model = case.capabilities.topology, case.model
    if degrees.pipeline > 1 and (
        not topology.pipeline or (model and model.architecture in topology.no_pipeline_for)
    ):
        return "pipeline"
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


def _experts(kind: str, degrees: Degrees, moe: bool) -> bool:
    """Whether the runtime can spread whole experts over that many devices."""
    if not moe or kind == "none":
        return False
    return kind == "free" or degrees.expert == degrees.tensor * degrees.data


def excluded(case: Case, degrees: Degrees) -> tuple[str, str, str] | None:
    """A degree and a feature asked for that do not go together, and the source; None without one.

    Degrees in the tables: `pipeline`, `context`, `expert` where above 1; `data_moe`, `data_dense`.
    """
    pairs = case.capabilities.excludes
    if not pairs or degrees.pipeline == degrees.data == degrees.context == degrees.expert == 1:
        return None
    split = {name for name in ("pipeline", "context", "expert") if getattr(degrees, name) > 1}
    if degrees.data > 1:
        split.add("data_moe" if case.model is not None and case.model.experts else "data_dense")
    asked: set[str] | None = None
    for one, other, source in pairs:
        if one in split or other in split:
            if asked is None:
                asked = {name for _, feature in wanted(case) for name in _names(feature)}
            if one in asked or other in asked:
                return (one, other, source)
    return None


def _names(feature: str) -> tuple[str, str]:
    """A feature by its full name and by its group: `speculative.mtp`, `speculative`."""
    return feature, feature.partition(".")[0]


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
