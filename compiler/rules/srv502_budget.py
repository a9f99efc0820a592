"""Cost or power is over what was allowed.

Checks: the devices of a deployment against its `limits.cost` and `limits.power`; the nodes of a
    fleet's placements against `budget.cost`, `budget.power` and `budget.spare`.
Because: price and power follow from the number of devices alone; no tuning brings them down.
    Figures of a pool come before those of the hardware table.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2; price = 20 USD/h }
      place base { pool = big; replicas = 2 }
      budget { cost <= 30 USD/h }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2; price = 20 USD/h }
      place base { pool = big; replicas = 2 }
      budget { cost <= 40 USD/h }
    }
Source: hardware table, power and price of one device
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, seconds
from servec.compiler.shown import shown
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.fleet.packing import Bin
    from servec.compiler.result import FleetResult
    from servec.compiler.target import Case
    from servec.dsl.document import Fleet, Pool
    from servec.dsl.spec import Bound, Spec

UNITS = {"cost": "USD/h", "power": "W"}


def check(spec: Spec, cases: tuple[Case, ...], pool: Pool | None = None) -> tuple[Diagnostic, ...]:
    """The findings on the limits of a deployment, SRV502 or SRV120; `pool` is where it stands."""
    found: list[Diagnostic] = []
    for name in ("cost", "power"):
        path = "limits." + name
        bound = spec.upper(path)
        if bound is None:
            continue
        parts = [_sum(case, name, pool) for case in cases]
        if any(part is None for part in parts):
            from servec.compiler.rules.srv120_not_judged import of_limit

            found.append(of_limit(spec, path, cases[0].hardware))
            continue
        total = sum((part[0] for part in parts if part is not None), Fraction(0))
        if total > Fraction(str(bound.value)):
            text = " + ".join(part[1] for part in parts if part is not None)
            found.append(_diagnose(spec, path, total, text, bound.text))
    return tuple(found)


def _sum(case: Case, name: str, pool: Pool | None) -> tuple[Fraction, str] | None:
    """What all replicas of a case take, and how it comes about; None where it is not known."""
    device, plan = case.device, case.plan
    if device is None or plan is None:
        return None
    figure = "price" if name == "cost" else "power"
    each: float = getattr(device, figure)
    if pool is not None:
        from servec.compiler.fleet.placing import rate, size

        each = (rate(pool, figure) or 0) / max(1, size(pool)[1])
    if not each:
        return None
    count = plan.nodes * plan.devices_per_node * plan.replicas
    if name == "power" and pool is None:
        each = capped_power(case) or each
    total = Fraction(str(each)) * count
    return total, f"{count} x {shown(each)} {UNITS[name]}"


def capped_power(case: Case) -> int:
    """The largest power mode of the devices within `limits.power`, in W; 0 where none is needed.

    A board that runs in several modes keeps within the limit where one of them does.
    """
    device, plan, bound = case.device, case.plan, case.spec.upper("limits.power")
    if device is None or plan is None or bound is None or not device.power_modes:
        return 0
    each = Fraction(str(bound.value)) / (plan.nodes * plan.devices_per_node * plan.replicas)
    fits = [mode for mode in device.power_modes if mode <= each]
    return max(fits) if fits and each < device.power else 0


def _diagnose(spec: Spec, path: str, total: Fraction, text: str, allowed: str) -> Diagnostic:
    name = path.partition(".")[2]
    unit = UNITS[name]
    primary = at(spec, path, f"takes {shown(total)} {unit}")
    return Diagnostic(
        "SRV502",
        "error",
        f"{spec.name} takes {shown(total)} {unit}, over its limit of {allowed}"[:100],
        primary,
        seconds(primary, at(spec, "hardware", text[:60]), at(spec, "replicas", "copies")),
        (Figure(name, total, f"{text} = {shown(total)} {unit}"),),
        (Fix("take fewer or smaller devices, or raise the limit"),),
    )


def of_fleet(
    made: FleetResult, pools: dict[str, Pool], bins: dict[str, Bin]
) -> tuple[Diagnostic, ...]:
    """The findings on a fleet's budget, SRV502 or SRV120."""
    fleet = made.fleet
    found: list[Diagnostic] = []
    for name, total in (("cost", made.cost), ("power", made.power)):
        said = fleet.settings.get("budget." + name)
        bound = (said.eq or said.le) if said is not None else None
        if bound is None:
            continue
        if total is None:
            from servec.compiler.rules.srv120_not_judged import of_budget

            found.append(of_budget(fleet, name, bound))
        elif Fraction(str(total)) > Fraction(str(bound.value)):
            found.append(_over(fleet, name, bound, total, pools, bins))
    spare = fleet.settings.get("budget.spare")
    low = (spare.eq or spare.ge) if spare is not None else None
    if low is not None:
        found += _spare(fleet, low, bins)
    return tuple(found)


def _over(
    fleet: Fleet,
    name: str,
    bound: Bound,
    total: float,
    pools: dict[str, Pool],
    bins: dict[str, Bin],
) -> Diagnostic:
    from servec.compiler.fleet.placing import rate

    figure, unit = {"cost": "price", "power": "power"}[name], UNITS[name]
    used = [pool for pool in pools.values() if bins[pool.name].used]
    lines = [
        Figure(
            f"{name}_{pool.name}",
            Fraction(str((rate(pool, figure) or 0) * bins[pool.name].used)),
            f"{pool.name}: {bins[pool.name].used} nodes x {shown(rate(pool, figure) or 0)} {unit}",
        )
        for pool in used
    ]
    labels = tuple(
        Label(pool.name_span, f"{bins[pool.name].used} nodes in use") for pool in used[:3]
    )
    return Diagnostic(
        "SRV502",
        "error",
        f"fleet {fleet.name} takes {shown(total)} {unit}, over its budget of {bound.text}"[:100],
        Label(bound.span, f"takes {shown(total)} {unit}"),
        labels,
        (*lines, Figure(name, Fraction(str(total)), f"sum = {shown(total)} {unit}")),
        (Fix("place fewer replicas, or raise the budget"),),
    )


def _spare(fleet: Fleet, low: Bound, bins: dict[str, Bin]) -> tuple[Diagnostic, ...]:
    total = sum(room.total for room in bins.values())
    used = sum(room.devices_used for room in bins.values())
    left = Fraction(total - used, total) if total else Fraction(1)
    if left >= Fraction(str(low.value)):
        return ()
    text = f"{total} - {used} = {total - used} of {total} devices are free: {float(left):.1%}"
    return (
        Diagnostic(
            "SRV502",
            "error",
            f"fleet {fleet.name} leaves {float(left):.1%} of its devices free, not {low.text}"[
                :100
            ],
            Label(low.span, f"{total - used} of {total} devices are free"),
            (),
            (Figure("spare", left, text),),
            (Fix("place fewer replicas, add nodes, or lower `spare`"),),
        ),
    )
