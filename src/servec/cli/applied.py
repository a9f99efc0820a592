"""Writes a Ray Serve application around the spec of its engine."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.manifests.application import Application

RUNTIME = "rayserve"


def around(text: str, parts: Sequence[Application], engine: str, stated: str, unknown: bool) -> str:
    """The engine's spec with Ray's name, the copies, and what stands beside the arguments.

    `unknown`: the kind of hardware is not told, so Ray's word for it stays.
    """
    from servec.api import format

    head, target, rest = text.partition(f"  target = {engine}\n")
    if not target:
        return format(text)
    whole, first = f"{head}  target = {RUNTIME}\n", parts[0]
    shared = {} if len(parts) == 1 else _common(*(_kept(each, unknown) for each in parts))
    for each in parts:
        kept = _kept(each, unknown)
        own = {name: value for name, value in kept.items() if name not in shared}
        copies, on = "".join(_copies(each)), _on(own, "" if each.role else stated)
        rest = _in_role(rest, each.role, copies, on) if each.role else _before_brace(rest, on)
        whole += "" if each.role else copies
    if first.role:
        rest = _before_brace(rest, _on(shared, stated))
    return format(whole + rest)


def _in_role(body: str, role: str, copies: str, on: str) -> str:
    """The copies at the beginning of a role's block and Ray's own words at its end."""
    start = body.index(f"  role {role} {{\n") + len(f"  role {role} {{\n")
    end = body.index("\n  }\n", start - 1) + 1
    return body[:start] + copies + body[start:end] + on + body[end:]


def _before_brace(body: str, more: str) -> str:
    inside, brace, tail = body.rpartition("}")
    return inside + more + brace + tail


def _on(values: Mapping[str, Any], stated: str) -> str:
    """The `on rayserve` block, "" where there is nothing to say in it."""
    lines = [f'    version = "{stated}"\n'] if stated else []
    lines += _native(values, 2)
    return "\n  on rayserve {\n" + "".join(lines) + "  }\n" if lines else ""


def _common(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in one if name in other and one[name] == other[name]}


def _copies(given: Application) -> Iterator[str]:
    bounds = mapping(mapping(given.beside.get("deployment_config")).get("autoscaling_config"))
    number = mapping(given.beside.get("deployment_config")).get("num_replicas")
    if isinstance(number, int) and number != 1:
        yield f"  replicas = {number}\n"
    if isinstance(bounds.get("max_replicas"), int):
        low, high = max(1, int(bounds.get("min_replicas") or 1)), bounds["max_replicas"]
        yield f"  replicas = {high}\n" if low == high else f"  replicas >= {low}\n"
        yield f"  replicas <= {high}\n" if low != high else ""


def _kept(given: Application, unknown: bool) -> dict[str, Any]:
    """What stays native: all that neither the copies nor the hardware nor the API say."""
    kept = {n: v for n, v in given.beside.items() if unknown or n != "accelerator_type"}
    if "placement_group_bundles" in mapping(kept.get("placement_group_config")):
        kept.pop("placement_group_config")  # one for each node, as `nodes` says
        if kept.get("accelerator_config") == {"kind": "gpu"}:
            kept.pop("accelerator_config")
    deployment = dict(mapping(kept.pop("deployment_config", None)))
    scaling = dict(mapping(deployment.pop("autoscaling_config", None)))
    deployment.pop("num_replicas", None)
    for name in ("min_replicas", "max_replicas"):
        scaling.pop(name, None)
    if scaling:
        deployment["autoscaling_config"] = scaling
    if deployment:
        kept["deployment_config"] = deployment
    http = {n: v for n, v in mapping(given.serve.get("http_options")).items()}
    rest = {name: value for name, value in given.serve.items() if name != "http_options"}
    http = {name: value for name, value in http.items() if name not in ("host", "port")}
    return {**kept, **rest, **({"http_options": http} if http else {})}


def _native(values: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Nested mappings as blocks; what the language has no place for is left out, and differs."""
    from servec.targets.shared.importing.literal import WORD, free
    from servec.targets.shared.importing.typed import exact

    for name, value in values.items():
        pad = "  " * depth
        if not WORD.fullmatch(str(name)):
            continue
        if isinstance(value, dict):
            inner = list(_native(value, depth + 1))
            if inner:
                yield f"{pad}{name} {{\n{''.join(inner)}{pad}}}\n"
            continue
        shown = free(exact(value))
        if shown is not None:
            yield f"{pad}{name} = {shown}\n"


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping as it is, an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}
