"""Asserts of a fleet, judged on its placements."""

from __future__ import annotations

from servec.compiler.asserts import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.result import FleetResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Fleet
    from servec.dsl.spec import Assert, Value


def judged(fleet: Fleet, made: FleetResult) -> list[Diagnostic]:
    """SRV118, 119 and 120 for the asserts of a fleet."""
    from servec.compiler.rules import srv118_assert_fails, srv119_assert_path, srv120_not_judged
    from servec.dsl.read_assert import assert_field

    found: list[Diagnostic] = []
    for line in fleet.asserts:
        if assert_field(line.path, True) is None:
            found.append(srv119_assert_path.diagnose(line))
            continue
        value = _value(fleet, made, line)
        if value is None:
            found.append(srv120_not_judged.of_assert(line))
        elif not holds(line, value):
            found.append(srv118_assert_fails.of_fleet(line, value))
    return found


def _value(fleet: Fleet, made: FleetResult, line: Assert) -> Value | float | None:
    if line.path == "predicted.cost":
        return made.cost
    if line.path == "predicted.power":
        return made.power
    said = fleet.settings.get(line.path)
    return said.first.value if said is not None else None
