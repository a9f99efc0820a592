"""From a launch to its graph of steps: download, convert, quantise, build, serve, probe, bench."""

from __future__ import annotations

from servec.compiler.steps.node import Node
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    import networkx

    from servec.compiler.target import Launch, Process, Step

    Graph: TypeAlias = "networkx.DiGraph[str]"

STAGES = (("ray",), ("serve", "prefill", "decode"), ("router",))
"""Roles of processes in the order they come up; those of one stage find each other."""
TOLD = "SERVEC_PROXY_URL"
"""A server that is told of the front tells it where it is, once: the front has to be up before."""


def steps_of(launch: Launch, keys: Sequence[str] = ()) -> tuple[Node, ...]:
    """Every step of one replica in an order in which each comes after what it waits for.

    `keys` are the words by which `launch.sh` knows the processes.
    """
    taken = {process.name for process in launch.processes} | {"probe", "bench"}
    steps = _named(launch.steps, taken)
    work = [_work(step, steps) for step in steps]
    last = _ends(work)
    nodes = list(work)
    for stage in _stages(launch.processes):
        made = [_server(launch, at, last, keys) for at in stage]
        nodes += made
        last = tuple(node.name for node in made)
    address = f"http://127.0.0.1:{_front(launch).port}"
    probe = Node("probe", "probe", ("bash", "probe.sh"), needs=(address,), after=last)
    bench = Node("bench", "bench", ("bash", "bench.sh"), needs=(address,), after=("probe",))
    return in_order((*nodes, probe, bench))


def _named(steps: Iterable[Step], taken: set[str]) -> tuple[Step, ...]:
    """The steps under names that nothing else has."""
    made = []
    for step in steps:
        name, number = step.name, 1
        while name in taken:
            number += 1
            name = f"{step.name}-{number}"
        taken.add(name)
        made.append(replace(step, name=name))
    return tuple(made)


def _work(step: Step, others: Iterable[Step]) -> Node:
    """A step of the launch, after those whose product it reads."""
    after = [
        other.name
        for other in others
        if other is not step and any(_below(n, m) for n in step.needs for m in other.makes)
    ]
    return Node(
        step.name,
        step.kind,
        step.argv,
        step.env,
        step.needs,
        step.makes,
        tuple(dict.fromkeys(after)),
    )


def _below(path: str, made: str) -> bool:
    """Whether `path` is `made` or lies in it (or `made` in it: a file of a folder)."""
    return path == made or path.startswith(made + "/") or made.startswith(path + "/")


def _ends(work: Sequence[Node]) -> tuple[str, ...]:
    """The steps whose product no other step takes: the servers do."""
    taken = {name for node in work for name in node.after}
    return tuple(node.name for node in work if node.name not in taken)


def _stages(processes: Sequence[Process]) -> list[list[int]]:
    """The numbers of the processes by stage, without empty stages."""
    known = {role for stage in STAGES for role in stage}
    told = any(TOLD in p.env for p in processes)
    stages = (STAGES[0], *STAGES[:0:-1]) if told else STAGES
    found = [[at for at, p in enumerate(processes) if p.role in stage] for stage in stages]
    rest = [at for at, p in enumerate(processes) if p.role not in known]
    return [stage for stage in (*found, rest) if stage]


def _server(launch: Launch, at: int, after: tuple[str, ...], keys: Sequence[str]) -> Node:
    process = launch.processes[at]
    made = {path for step in launch.steps for path in step.makes}
    words = {word.rpartition("=")[2] for word in process.argv}
    needs = sorted(path for path in made if any(_below(word, path) for word in words))
    return Node(
        name=process.name,
        kind="router" if process.role == "router" else "serve",
        argv=process.argv,
        env=process.env,
        needs=(*needs, *process.files),
        makes=(f"http://127.0.0.1:{process.port}",) if process.port else (),
        after=after,
        process=keys[at] if keys else "",
        role=process.role,
        node_rank=process.node_rank,
    )


def _front(launch: Launch) -> Process:
    """The process that takes requests: the last one with a port."""
    return next(process for process in reversed(launch.processes) if process.port)


def graph_of(nodes: Iterable[Node]) -> Graph:
    """The graph over the names of steps, an edge from each to what waits for it."""
    import networkx

    nodes = tuple(nodes)
    graph: Graph = networkx.DiGraph()
    graph.add_nodes_from(node.name for node in nodes)
    graph.add_edges_from((before, node.name) for node in nodes for before in node.after)
    return graph


def in_order(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """The steps so that each comes after what it waits for, else as they stand."""
    import networkx

    nodes = tuple(nodes)
    place = {node.name: at for at, node in enumerate(nodes)}
    names = networkx.lexicographical_topological_sort(graph_of(nodes), key=place.__getitem__)
    return tuple(nodes[place[name]] for name in names)


def until(nodes: Sequence[Node], names: Iterable[str]) -> tuple[Node, ...]:
    """The steps called `names` and all that has to come before them."""
    import networkx

    graph = graph_of(nodes)
    kept = set(names)
    for name in tuple(kept):
        kept |= networkx.ancestors(graph, name)
    return tuple(node for node in nodes if node.name in kept)


def columns(nodes: Sequence[Node]) -> tuple[tuple[Node, ...], ...]:
    """The steps by how many are still to come after them, the last one on the right."""
    import networkx

    back = graph_of(nodes).reverse(copy=False)
    generations = reversed([frozenset(found) for found in networkx.topological_generations(back)])
    return tuple(
        tuple(node for node in nodes if node.name in generation) for generation in generations
    )
