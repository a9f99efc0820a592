"""Launches whose first process starts the ranks of every node, as `mpirun` does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Launch, Process

HOSTS = "SERVEC_HOSTS"
"""The variable of such a launch that names its nodes and their devices: `first:8,second:8`."""
# Slurm's own names for the nodes; Open MPI then starts its ranks through Slurm.
SLURM = """nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")
hosts=$(printf '%s\\n' "$nodes" | sed 's/$/:@GPUS@/' | paste -sd, -)
export SERVEC_HOSTS="$hosts"
exec bash "$here/launch.sh" @ROLE@ 0
"""


def is_mpi(launch: Launch) -> bool:
    """Whether one process starts those of all nodes."""
    return any(is_launcher(process) for process in launch.processes)


def is_launcher(process: Process) -> bool:
    """Whether a process starts the ranks of every node."""
    return process.argv[0] == "mpirun"


def slurm_body(role: str, gpus: int) -> str:
    """What the batch script does instead of starting `launch.sh` on every node."""
    return SLURM.replace("@ROLE@", role).replace("@GPUS@", str(gpus))
