"""First fit of replicas onto the nodes of a pool, by shares of devices."""

from __future__ import annotations

from servec.dsl.record import record

TINY = 1e-9
"""Shares that add up to a whole device within this are a whole device."""


@record
class Part:
    """What one replica, or one role of it, takes: that share of `devices` on each of `nodes`."""

    nodes: int
    devices: int
    share: float


class Bin:
    """The nodes of a pool: how full each device is, and who stands where.

    Nodes are opened one after the other, as they are needed.
    """

    def __init__(self, nodes: int, devices: int) -> None:
        """All nodes empty."""
        self.nodes = nodes
        self.devices = devices
        self.free: list[list[float]] = []
        self.starts: dict[tuple[int, float], int] = {}
        self.placed: dict[str, list[tuple[int, ...]]] = {}
        self.taken: dict[str, set[tuple[int, int]]] = {}

    @property
    def used(self) -> int:
        """Nodes on which anything stands."""
        return sum(any(share < 1 - TINY for share in node) for node in self.free)

    @property
    def devices_used(self) -> int:
        """Devices on which anything stands."""
        return sum(share < 1 - TINY for node in self.free for share in node)

    @property
    def total(self) -> int:
        """Devices of the pool."""
        return self.nodes * self.devices

    def nodes_of(self, name: str) -> set[int]:
        """The numbers of the nodes that a deployment stands on."""
        return {node for node, _ in self.taken.get(name, ())}

    def devices_of(self, name: str) -> int:
        """How many devices a deployment stands on."""
        return len(self.taken.get(name, ()))

    def replicas_of(self, name: str) -> tuple[tuple[int, ...], ...]:
        """The nodes of each replica, in the order in which they were placed."""
        return tuple(self.placed.get(name, ()))

    def room(self, part: Part) -> list[tuple[int, list[int]]]:
        """The first nodes with room for a part, each with its devices; too few where it is full."""
        found: list[tuple[int, list[int]]] = []
        if part.nodes > self.nodes or part.devices > self.devices:
            return found
        shape = (part.devices, part.share)
        node = self.starts.get(shape, 0)
        while len(found) < part.nodes and node < self.nodes:
            if node == len(self.free):
                self.free.append([1.0] * self.devices)
            free = self.free[node]
            fitting = [d for d, share in enumerate(free) if share >= part.share - TINY]
            if len(fitting) >= part.devices:
                fitting.sort(key=free.__getitem__)
                found.append((node, sorted(fitting[: part.devices])))
            node += 1
        # nodes only fill up, so what has no room for this shape now never will
        self.starts[shape] = found[0][0] if found else node
        return found

    def take(self, name: str, part: Part, where: list[tuple[int, list[int]]]) -> None:
        """Fill the devices that `room` found."""
        for node, devices in where:
            for device in devices:
                self.free[node][device] -= part.share
                self.taken.setdefault(name, set()).add((node, device))


def pack(room: Bin, name: str, parts: tuple[Part, ...]) -> bool:
    """Place one replica, all its parts; False where there is no room left for one of them."""
    nodes: list[int] = []
    for part in parts:
        where = room.room(part)
        if len(where) < part.nodes:
            return False
        room.take(name, part, where)
        nodes += [node for node, _ in where]
    room.placed.setdefault(name, []).append(tuple(nodes))
    return True
