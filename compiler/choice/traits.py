"""What the policy asks of a deployment: its traits, as the rows of `policy.json` name them."""

from __future__ import annotations

from servec.compiler.decide import workload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.search.site import Alternative
    from servec.dsl.spec import Spec

SIGHT = ("image", "video")
BULK = ("batch", "embedding", "rerank")
EACH = 16
"""Requests in flight for each device from which on copies that split nothing are kept busy."""
FEW = 8
"""Requests in flight that a runtime made for one user still serves well."""


def traits(spec: Spec, sites: Alternative, data: Mapping[str, Any]) -> dict[str, Any]:
    """The traits of a deployment, by the data of the policy; seconds, 0 where none are said."""
    shares, unstable = data["prefix_share"]["by_kind"], data["overflows"]
    site = sites[-1]
    model, device = site.model, site.device
    kind = workload.kind(spec)
    share = spec.number("workload.prefix_share")
    gpus = site.per_node * (spec.whole("nodes") or 1)
    load = spec.whole("workload.concurrency") or 0
    tools, grammar = spec.word("features.tools"), spec.flag("features.structured_output")
    return {
        "kind": kind,
        "moe": bool(model and model.experts),
        "params": model.total if model else 0,
        "gpus": gpus,
        "device": device.kind if device else "any",
        "edge": bool(device and device.edge),
        "datacentre": bool(device and device.kind == "gpu" and not device.edge),
        "class": device_class(device),
        "overflows": bool(
            model
            and device
            and model.model_type in unstable["types"]
            and device.arch in unstable["archs"]
        ),
        "vision": any(word in SIGHT for word in spec.words("features.modalities")),
        "tools": tools is not None,
        "structured_output": bool(grammar),
        "grammar": bool(grammar or tools),
        "prefix_share": float(share) if share is not None else shares.get(kind, 0.0),
        "many": kind in BULK or load >= EACH * gpus,
        "few": kind == "edge" or 0 < load <= FEW,
        "throughput_only": _promises(spec) == {"throughput"},
        "latency": bool(_promises(spec) & {"ttft", "tpot", "e2e"}),
        "adapters": len(spec.adapters),
        "update_every": _seconds(spec, "lifecycle.update_every", float("inf")),
        "stable_for": _seconds(spec, "lifecycle.stable_for", 0.0),
        "portability": spec.word("portability") or "",
    }


def device_class(device: Device | None) -> str:
    """`h200`, or the generation: what the matrix tells apart."""
    if device is None:
        return ""
    return "h200" if device.name.startswith("h200") else device.generation.lower()


def _promises(spec: Spec) -> set[str]:
    return {path.split(".")[1] for path in spec.settings if path.startswith("slo.")}


def _seconds(spec: Spec, path: str, otherwise: float) -> float:
    found = spec.number(path)
    return float(found) if found is not None else otherwise


def holds(when: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> bool:
    """Whether one of the conditions holds: each key of it compares one trait."""
    return any(all(_one(key, want, found) for key, want in case.items()) for case in when)


def _one(key: str, want: Any, found: Mapping[str, Any]) -> bool:
    if key.endswith("_min"):
        return bool(found[key[:-4]] >= want)
    if key.endswith("_max"):
        return bool(found[key[:-4]] <= want)
    return found[key] in want if isinstance(want, list) else bool(found[key] == want)
