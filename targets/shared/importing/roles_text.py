"""Writes a prefill and a decode server as one deployment with two roles."""

from __future__ import annotations

from servec.targets.shared.importing.literal import quoted
from servec.targets.shared.importing.said import same
from servec.targets.shared.importing.spec_text import blocks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Sheet

WHOLE = ("checkpoint", "api", "lora", "transfer", "workload")
"""What both roles share: the language has it in the deployment alone."""


def apart(one: Sheet, other: Sheet) -> tuple[str, ...]:
    """Fields that the two say otherwise though the language has them once."""
    paths = {*one.fields, *other.fields}
    return tuple(
        sorted(
            path
            for path in paths
            if path.partition(".")[0] in WHOLE
            and not (
                path in one.fields
                and path in other.fields
                and same(one.fields[path], other.fields[path])
            )
        )
    )


def pair_text(
    roles: Mapping[str, Sheet], head: Mapping[str, str], version: str, hardware: Mapping[str, str]
) -> str:
    """The spec in canonical style; `head` as for one command, `hardware` by role."""
    from servec.dsl.format import format_text

    one, other = roles.values()
    runtime = head["runtime"]
    fields = _common(one.fields, other.fields)
    native = _common({**one.rest, **one.on}, {**other.rest, **other.on})
    env = _common(one.variables, other.variables)
    transfer = fields.pop("transfer", None)
    lines = [f"model = {head['model']}", f"target = {runtime}", "defaults = runtime"]
    lines.append(f"hardware = {hardware['prefill']}")
    lines += [f"transfer = {transfer}"] if transfer else []
    stated = f"version = {quoted(version)}" if version else ""
    parts = ["\n".join(lines), *blocks_of(fields, env, native, runtime, stated)]
    for role, sheet in roles.items():
        inside = blocks_of(
            _less(sheet.fields, {**fields, "transfer": transfer}),
            _less(sheet.variables, env),
            _less({**sheet.rest, **sheet.on}, native),
            runtime,
            "",
        )
        own = hardware[role] if hardware[role] != hardware["prefill"] else ""
        inside = ([f"hardware = {own}"] if own else []) + inside
        parts.append(f"role {role} {{\n" + "\n\n".join(inside) + "\n}")
    body = "\n\n".join(parts)
    return format_text(f"servec 1\n\ndeployment {head['name']} {{\n{body}\n}}\n")


def _common(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in one if name in other and same(one[name], other[name])}


def _less(whole: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name not in part}
