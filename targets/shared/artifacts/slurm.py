"""`slurm.sbatch`: the launch as a batch job, one task a node."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.cluster import is_ray, ray_body
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.mpi import is_mpi, slurm_body
from servec.targets.shared.artifacts.shell import SHEBANG
from servec.targets.shared.artifacts.slurm_roles import devices, node_count, roles_body
from servec.targets.shared.artifacts.words import at_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.artifacts.subject import Subject

HEAD = 'head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)\n'
# `srun` starts launch.sh once on each node; the first node's name is the address of rank 0.
PLACE = """set -euo pipefail

here=$(cd "$(dirname "$(scontrol show job "$SLURM_JOB_ID" | sed -n 's/^ *Command=//p')")" && pwd)
"""
SCRIPT = """@ADDRESSES@srun --ntasks-per-node=1 --kill-on-bad-exit=1 \\
  bash -c 'exec bash "$1" @ROLE@ "$SLURM_NODEID"' launch "$here/launch.sh"
"""


def slurm_script(subject: Subject) -> Artifact:
    """The batch script for one replica."""
    case = subject.case
    processes = subject.launch.processes
    name = f"{subject.deployment}-{subject.target}"
    several = len({process.role for process in processes} - {"ray"}) > 1
    nodes = node_count(subject) if several else len({p.node_rank for p in processes})
    gpus = devices(subject) if several else case.devices_per_node
    head = [
        SHEBANG,
        f"#SBATCH --job-name={name}\n",
        f"#SBATCH --nodes={nodes}\n",
        "#SBATCH --ntasks-per-node=1\n",
        f"#SBATCH --gpus-per-node={gpus}\n",
        "#SBATCH --exclusive\n",
        f"#SBATCH --output={name}-%j.log\n",
        comment(subject),
        "# shellcheck disable=SC2016\n",
    ]
    if several:
        return Artifact("slurm.sbatch", "slurm", "".join(head) + PLACE + roles_body(subject))
    known = {
        name: at_host(text, "$head")
        for process in processes
        for name, text in process.env.items()
        if name.startswith("SERVEC_") and name.endswith("ADDR")
    }
    exports = "".join(f'export {name}="{known[name]}"\n' for name in sorted(known))
    if is_mpi(subject.launch):
        body = PLACE + slurm_body(processes[0].role, case.devices_per_node)
        return Artifact("slurm.sbatch", "slurm", "".join(head) + body)
    if is_ray(subject.launch) and len(processes) > 1:
        return Artifact(
            "slurm.sbatch", "slurm", "".join(head) + PLACE + ray_body(len(processes) - 1)
        )
    addresses = HEAD + exports if known else ""
    body = PLACE + SCRIPT.replace("@ADDRESSES@", addresses).replace("@ROLE@", processes[0].role)
    return Artifact("slurm.sbatch", "slurm", "".join(head) + body)
