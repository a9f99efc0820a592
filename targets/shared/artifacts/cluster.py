"""Launches that are an application on a Ray cluster, which starts the engines itself."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Launch

# The head has to answer before the other nodes join, and all of them before the application.
SLURM = """head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export SERVEC_HEAD_ADDR="$head:6379"
srun --overlap --nodes=1 --ntasks=1 --nodelist="$head" bash "$here/launch.sh" ray 0 &
until srun --overlap --nodes=1 --ntasks=1 --nodelist="$head" ray status >/dev/null 2>&1; do
  sleep 2
done
srun --overlap --nodes=@OTHERS@ --ntasks=@OTHERS@ --exclude="$head" \\
  bash "$here/launch.sh" ray 1 &
srun --overlap --nodes=1 --ntasks=1 --nodelist="$head" bash "$here/launch.sh" serve 0
"""


def is_ray(launch: Launch) -> bool:
    """Whether the launch is an application on a Ray cluster."""
    return any(process.argv[:2] == ("serve", "run") for process in launch.processes)


def ray_body(nodes: int) -> str:
    """What the batch script does: the cluster first, then the application on its head."""
    return SLURM.replace("@OTHERS@", str(nodes - 1))
