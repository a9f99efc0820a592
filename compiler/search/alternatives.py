"""Which of several alternatives a deployment stands on: the first on which its promises stand."""

from __future__ import annotations

from servec.compiler.choice.objective import MET, MISSED, excess, standing
from servec.compiler.plan import Reason
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.search.candidate import Outcome
    from servec.compiler.search.site import Alternative
    from servec.dsl.spec import Spec

NONE = 9
"""Behind every standing: no runtime can serve."""
NEARER = 1.05
"""An alternative that misses by less than this factor less is not nearer."""


@record
class Taken:
    """The alternative that is taken, what became of each runtime on it, and how it compares.

    `place`: how many before it were tried and stood worse; `number`: how many there are.
    """

    sites: Alternative
    tried: list[Outcome]
    place: int
    number: int
    standing: int

    @property
    def certain(self) -> bool:
        """Whether it was taken before others for keeping the promises for certain."""
        return self.number > 1 and self.standing == MET


def take(
    spec: Spec,
    alternatives: tuple[Alternative, ...],
    attempt: Callable[[Alternative], list[Outcome]],
) -> Taken:
    """The first alternative whose first pick keeps the promises; else the one that comes nearest;
    else the first. With `model = auto` the first that fits: a larger model comes before a promise.

    They are tried by what they cost at least. Where that which keeps the promises takes more copies
    than the fewest, those behind it that may cost less are tried, too.
    """
    auto = spec.word("model") == "auto"
    enough = NONE - 1 if auto else MET
    kept: Taken | None = None
    best = (NONE + 1, 0.0)
    paid = 0.0
    for place, sites in enumerate(alternatives):
        if paid and _least(sites) >= paid:
            break
        tried = attempt(sites)
        lone = len(alternatives) == 1
        now, cost = ((NONE, 0.0), 0.0) if lone else _merit(spec, sites, tried)
        nearer = now[0] < best[0] or (now[0] == best[0] and now[1] * NEARER < best[1])
        if kept is None or nearer or (paid and now[0] <= enough and cost < paid):
            kept, best = Taken(sites, tried, place, len(alternatives), now[0]), now
            paid = cost if now[0] <= enough else 0.0
        if best[0] <= enough and (auto or not paid or paid <= _least(sites)):
            break
    assert kept is not None
    return kept


def _least(sites: Alternative) -> float:
    """What an alternative costs at least."""
    from servec.compiler.search.bounds import price

    return price(sites)


def _merit(spec: Spec, sites: Alternative, tried: list[Outcome]) -> tuple[tuple[int, float], float]:
    """How the first pick stands to the promises, how far off a miss is, and what it costs in USD/h
    (0 where that is not known)."""
    from servec.compiler.choice.choose import ranked
    from servec.compiler.choice.policy import policy

    legal = [item for item in tried if item.legal]
    if not legal:
        return (NONE, 0.0), 0.0
    found = ranked(spec, legal, policy(spec, sites), certain=True)[0].performance
    stands = standing(found)
    off = excess(found) if found is not None and stands == MISSED else 0.0
    return (stands, off), (found.cost or 0.0) if found is not None else 0.0


def reasons(spec: Spec, taken: Taken) -> tuple[Reason, ...]:
    """What holds for every runtime of the alternative: why this hardware, what `auto` left out."""
    if "auto" in (spec.word("features.tools"), spec.word("features.reasoning")):
        from servec.compiler.search.parsers import unneeded

        return (*_hardware(spec, taken), *unneeded(spec, taken.sites[-1]))
    return _hardware(spec, taken)


def _hardware(spec: Spec, taken: Taken) -> tuple[Reason, ...]:
    """Why this hardware, where the spec leaves several."""
    site = taken.sites[-1]
    device = site.device
    if device is None or taken.number == 1 or len({*spec.counts()}) == 1:
        return ()
    usd = device.price * site.per_node
    pinned = site.spec.whole("nodes") or 1
    nodes = f"{pinned} nodes of " if pinned > 1 else ""
    what = f"{nodes}{site.hardware}, " + (f"{usd:.2f} USD/h a node" if usd else "no price")
    why = {
        MET: "the cheapest that keeps the promises for certain",
        MISSED: "nothing keeps the promises, and it comes nearest",
    }.get(taken.standing, "the cheapest that may keep the promises")
    text = f"{what}: {why}, of {taken.number} that could hold the weights, cheapest first"
    figures: dict[str, float | int | str] = {"tried": taken.place + 1}
    if usd:
        figures["usd_per_hour"] = usd
    return (Reason("hardware", text, good=taken.standing != MISSED, figures=figures),)
