"""A batch script for a launch in roles: each copy of a role on nodes of its own, a router in front.

Roles that share a machine share a node. Ranks that one process starts by MPI, and routers that read
their servers from a file, are left to the other forms.
"""

from __future__ import annotations

from servec.dsl.record import record
from servec.targets.shared.artifacts.mpi import is_mpi
from servec.targets.shared.artifacts.pods import FRONT, OWN
from servec.targets.shared.artifacts.services import behind, copies
from servec.targets.shared.artifacts.shell import default
from servec.targets.shared.artifacts.words import at_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject

BODY = """mapfile -t nodes < <(scontrol show hostnames "$SLURM_JOB_NODELIST")

start() { # NODE ROLE RANK
  srun --overlap --nodes=1 --ntasks=1 --nodelist="$1" bash "$here/launch.sh" "$2" "$3" &
}
"""
ADDRESS = """
address() { # NODE
  getent ahostsv4 "$1" | awk 'NR == 1 { print $1 }'
}
"""
END = """
# the first process that ends ends the job
wait -n
"""


@record
class Seat:
    """One process, its copy of a role, and the number of the node that it runs on."""

    process: Process
    copy: int
    node: int


def placeable(subject: Subject) -> bool:
    """Whether a batch script can place the launch's roles."""
    launch = subject.launch
    fronts = [process for process in launch.processes if process.role == "router"]
    if len(fronts) != 1 or fronts[0].files or is_mpi(launch):
        return False
    return not _shared(subject) or all(copies(subject, case.role) == 1 for case in subject.cases)


def node_count(subject: Subject) -> int:
    """The nodes of the whole job."""
    return 1 + max(seat.node for seat in seats(subject))


def devices(subject: Subject) -> int:
    """The devices that the job wants of each node."""
    if _shared(subject):
        return sum(process.gpus for process in subject.launch.processes)
    return max(process.gpus for process in subject.launch.processes)


def _shared(subject: Subject) -> bool:
    return all(case.first_device is not None for case in subject.cases)


def seats(subject: Subject) -> tuple[Seat, ...]:
    """Every process of every copy with its node; the router sits on the first."""
    made: list[Seat] = []
    taken = 0
    processes = subject.launch.processes
    for role in dict.fromkeys(process.role for process in processes):
        own = [process for process in processes if process.role == role]
        for copy in range(1, copies(subject, role) + 1):
            if role == "router" or _shared(subject):
                made += [Seat(process, copy, 0) for process in own]
                continue
            made += [Seat(process, copy, taken + process.node_rank) for process in own]
            taken += len({process.node_rank for process in own})
    return tuple(made)


def roles_body(subject: Subject) -> str:
    """What the script does: every process on its node, told where the others are."""
    placed = seats(subject)
    told = any(FRONT in seat.process.env for seat in placed)
    order = sorted(placed, key=lambda seat: told == (seat.process.role != "router"))
    lines = [_start(subject, seat, placed) for seat in order]
    asks = any("$(address" in line for line in lines)
    return BODY + (ADDRESS if asks else "") + "\n" + "".join(lines) + END


def _start(subject: Subject, seat: Seat, placed: tuple[Seat, ...]) -> str:
    process = seat.process
    found = dict(_variables(subject, seat, placed))
    given = "".join(f'{name}="{found[name]}" \\\n  ' for name in sorted(found))
    return f'{given}start "{_node(seat.node)}" {process.role} {process.node_rank}\n'


def _variables(subject: Subject, seat: Seat, placed: tuple[Seat, ...]) -> Iterator[tuple[str, str]]:
    """What is known only here: addresses of this copy's first node, of this node, of servers."""
    process = seat.process
    for name, text in process.env.items():
        server = behind(subject, process, name)
        if server is not None:
            role, copy, rank, _ = server
            node = _found(placed, role, copy, rank)
        elif name == FRONT:
            node = _found(placed, "router", 1, 0)
        elif OWN.fullmatch(name):
            yield name, f'$(address "{_node(seat.node)}")'
            continue
        elif name.startswith("SERVEC_") and name.endswith("ADDR"):
            yield name, at_host(text, _node(_found(placed, process.role, seat.copy, 0)))
            continue
        else:
            continue
        yield name, default(text).replace("127.0.0.1", _node(node))


def _found(placed: tuple[Seat, ...], role: str, copy: int, rank: int) -> int:
    """The node of one rank of a copy."""
    return next(
        seat.node
        for seat in placed
        if (seat.process.role, seat.copy, seat.process.node_rank) == (role, copy, rank)
    )


def _node(number: int) -> str:
    return f"${{nodes[{number}]}}"
