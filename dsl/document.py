"""What one file says: deployments, and fleets of pools and placements."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Assert, Setting, Spec


@record
class Pool:
    """`pool "name"` of a fleet: device kind and count per node, nodes, price and power per node.

    `doubts`, here and below: the paths whose values an error left unknown (`servec.dsl.doubt`).
    """

    name: str
    span: Span
    name_span: Span
    settings: Mapping[str, Setting]
    doubts: tuple[str, ...] = ()


@record
class Place:
    """`place deployment`: where a deployment of this or an imported file goes."""

    deployment: str
    span: Span
    name_span: Span
    settings: Mapping[str, Setting]
    target: Spec | None
    doubts: tuple[str, ...] = ()


@record
class Fleet:
    """`fleet "name"`: pools, placements, budget (`budget.cost`, `budget.power`, `budget.spare`)."""

    name: str
    file: str
    span: Span
    name_span: Span
    pools: tuple[Pool, ...]
    places: tuple[Place, ...]
    settings: Mapping[str, Setting]
    asserts: tuple[Assert, ...] = ()
    broken: bool = False
    doubts: tuple[str, ...] = ()


@record
class Document:
    """What one file says: its own deployments and fleets, in the order of the file."""

    file: str
    deployments: tuple[Spec, ...]
    fleets: tuple[Fleet, ...]
