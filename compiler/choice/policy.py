"""The order of runtimes where predictions do not tell them apart, read from `policy.json`."""

from __future__ import annotations

import os
from functools import lru_cache

from servec.compiler.choice.traits import holds, traits
from servec.dsl.json_file import load_json
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.search.site import Alternative
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


MANY = 4
"""Devices from which on a split of what one device holds mostly adds collectives."""


@record
class Policy:
    """The rows that hold for one deployment, the winning matrix row first.

    `order` names all runtimes, the preferred ones first; `last` those that are never chosen while
    another is legal, `outer` those that run another's engine, each with the text why. `ranks`: how
    far behind those of `last` stand.
    """

    order: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    operations: tuple[Mapping[str, Any], ...]
    last: Mapping[str, str]
    outer: Mapping[str, str]
    found: Mapping[str, Any]
    ranks: Mapping[str, int] = {}

    def behind(self, name: str) -> int:
        """How far behind all others a runtime stands, whatever it promises; 0 for most."""
        return self.ranks.get(name, 1) if name in self.last else 0

    def place(self, name: str) -> int:
        """The place of a runtime in the order; those it does not name come last."""
        return self.order.index(name) if name in self.order else len(self.order)

    def weighed(self, cases: tuple[Case, ...]) -> tuple[Mapping[str, Any], ...]:
        """The operations rows that hold for a candidate, by its cases."""
        rows = [row for row in self.operations if cases[0].target.name in row["targets"]]
        if not rows:
            return ()
        own = {**self.found, "one_copy": one_copy(cases)}
        either = [
            tuple(row for row in rows if holds(row["when"], {**own, "engine_build": built}))
            for built in (False, True)
        ]
        sure, built = either
        return sure if sure == built or not builds(cases) else built


def one_copy(cases: tuple[Case, ...]) -> bool:
    """Whether a dense model that takes up to a fourth of one device is split over many."""
    case = cases[-1]
    plan, model, device = case.plan, case.model, case.device
    if plan is None or model is None or device is None or model.experts:
        return False
    if plan.degrees.gpus < MANY or plan.degrees.data > 1 or plan.degrees.tensor < plan.gpus:
        return False
    weights = model.total * float(model.quant.bits or 16) / 8
    return 0 < weights <= device.memory / 4


def builds(cases: tuple[Case, ...]) -> bool:
    """Whether the launch of a candidate compiles an engine for the checkpoint first."""
    if "engine_build" in cases[0].capabilities.features:
        return True
    return any(step.kind == "build" for step in cases[0].target.launch(cases).steps)


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The parsed `policy.json`; callers must not change it."""
    found: dict[str, Any] = load_json(os.path.dirname(__file__), "policy.json")
    return found


def policy(spec: Spec, sites: Alternative) -> Policy:
    """The rows that hold for a deployment on an alternative."""
    data = table()
    found = traits(spec, sites, data)
    held: dict[int, Mapping[str, Any]] = {}
    for row in data["matrix"]:
        if row["row"] not in held and holds(row["when"], found):
            held[row["row"]] = row
    rows = list(held.values())
    first = [name for row in rows[:1] for name in (row["first"], row["second"])]
    order = (*first, *(name for name in data["order"] if name not in first))
    return Policy(
        order=order,
        rows=tuple(rows),
        operations=tuple(data["operations"]),
        last={
            name: entry["text"]
            for name, entry in data["last"].items()
            if "when" not in entry or holds(entry["when"], found)
        },
        outer={name: entry["text"] for name, entry in data["outer"].items()},
        found=found,
        ranks={name: entry["rank"] for name, entry in data["last"].items() if "rank" in entry},
    )
