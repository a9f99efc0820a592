"""Roles under Slurm: every process starts on its node, told where the others are."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from servec import api
from servec.dsl.record import replace
from servec.emit import subject_of
from servec.targets.shared.artifacts.forms import applying
from servec.targets.shared.artifacts.slurm import slurm_script
from tests.artifacts.emitted import text_of
from tests.artifacts.matrix import text
from tests.disaggregation.compared import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from servec.emissions import Emission
    from servec.targets.shared.artifacts.subject import Subject

# Keeps its words and variables beside those of its siblings, and ends.
STUB = f"""#!{sys.executable}
import json, os, sys
words = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
keep = {{k: v for k, v in os.environ.items() if k.startswith(("SERVEC_", "ON_"))}}
with open(f"{{os.environ['RECORD']}}/{{os.getpid()}}.json", "w") as file:
    json.dump([words, keep], file)
"""
SRUN = """#!/bin/sh
while [ "${1#--}" != "$1" ]; do
  case $1 in --nodelist=*) ON_NODE=${1#--nodelist=} ;; esac
  shift
done
ON_NODE=$ON_NODE exec env ON_NODE="$ON_NODE" "$@"
"""
SCONTROL = """#!/bin/sh
case $2 in
  hostnames) printf 'n0\\nn1\\nn2\\nn3\\nn4\\nn5\\n' ;;
  *) printf '   Command=%s\\n' "$JOB" ;;
esac
"""
GETENT = """#!/bin/sh
printf '10.0.0.%s STREAM %s\\n' "${2#n}" "$2"
"""
SMALL = """servec 1
deployment pd {
  model = qwen3-30b-a3b-2507
  target = sglang
  hardware = h100 x 4
  role prefill { parallel { tensor = 4 } }
  role decode { parallel { tensor = 4 } }
}
"""


def emitted(spec: str) -> Emission:
    (emission,) = api.compile({"x.srv": spec}).emissions
    return emission


def ran(emission: Emission, where: Path) -> list[tuple[list[str], dict[str, str]]]:
    """What the batch script starts, with what each is told."""
    for artifact in emission.artifacts:
        path = where / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text)
    (where / "bin").mkdir()
    (where / "calls").mkdir()
    programs = {process.argv[0] for process in emission.launch.processes}
    stubs = {"srun": SRUN, "scontrol": SCONTROL, "getent": GETENT}
    for name, stub in {**dict.fromkeys(programs, STUB), **stubs}.items():
        (where / "bin" / name).write_text(stub)
        (where / "bin" / name).chmod(0o755)
    job = str(where / "slurm.sbatch")
    env = {
        "PATH": f"{where / 'bin'}:/usr/bin:/bin", "RECORD": str(where / "calls"), "JOB": job,
        "SLURM_JOB_ID": "1", "SLURM_JOB_NODELIST": "n[0-5]",
    }  # fmt: skip
    done = subprocess.run(["bash", job], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(path.read_text()) for path in sorted((where / "calls").iterdir())]


def nodes_of(emission: Emission) -> int:
    lines = text_of(emission, "slurm.sbatch").splitlines()
    return int(next(line for line in lines if "--nodes=" in line).partition("=")[2])


def by_role(calls: list[Any], option: str, word: str) -> list[dict[str, str]]:
    return [
        env for words, env in calls if option in words and words[words.index(option) + 1] == word
    ]


def test_each_copy_of_a_role_has_nodes_of_its_own(tmp_path: Path) -> None:
    emission = emitted(text("roles", "sglang"))
    calls = ran(emission, tmp_path)
    assert nodes_of(emission) == 3 and len(calls) == 4
    mode = "--disaggregation-mode"
    assert [env["ON_NODE"] for env in by_role(calls, mode, "prefill")] == ["n0"]
    assert sorted(env["ON_NODE"] for env in by_role(calls, mode, "decode")) == ["n1", "n2"]
    ((words, env),) = (call for call in calls if mode not in call[0])
    assert env["ON_NODE"] == "n0"
    assert [word for word in words if word.startswith("http")] == [
        "http://n0:30001", "http://n1:30002", "http://n2:30002"
    ]  # fmt: skip


def test_ranks_of_a_role_meet_at_their_first_node(tmp_path: Path) -> None:
    calls = ran(emitted((FOLDER / "sglang-deepseek-v3.srv").read_text()), tmp_path)
    for role, first in (("prefill", "n0"), ("decode", "n2")):
        found = by_role(calls, "--disaggregation-mode", role)
        told = {env[f"SERVEC_{role.upper()}_DIST_INIT_ADDR"] for env in found}
        assert told == {f"{first}:20000"}
    assert {env["ON_NODE"] for _, env in calls} == {"n0", "n1", "n2", "n3"}


def test_ranks_that_answer_by_themselves_are_named_where_they_run(tmp_path: Path) -> None:
    calls = ran(emitted((FOLDER / "vllm-deepseek-r1.srv").read_text()), tmp_path)
    (router,) = (words for words, _ in calls if words[0] == "vllm-router")
    doors = [word for word in router if word.startswith("http")]
    hosts = [door.split(":")[1] for door in doors]
    assert hosts == ["//n0"] * 8 + ["//n1"] * 8 + ["//n2"] * 8 + ["//n3"] * 8
    servers = [env for words, env in calls if words[0] == "vllm"]
    assert all(env["SERVEC_NODE_IP"] == f"10.0.0.{env['ON_NODE'][1:]}" for env in servers)


def shared(spec: str) -> Subject:
    """The subject of a spec, its roles on the devices of one machine."""
    found = api.compile({"x.srv": spec})
    (deployment,) = found.result.deployments
    made = subject_of(deployment, deployment.emit[0], found.sources, ())
    cases = [replace(case, first_device=4 * at) for at, case in enumerate(made.cases)]
    return replace(made, cases=tuple(cases))


def test_roles_on_one_machine_are_one_node() -> None:
    made = shared(SMALL)
    text_ = slurm_script(made).text
    assert "#SBATCH --nodes=1\n" in text_ and "#SBATCH --gpus-per-node=8\n" in text_
    assert text_.count('start "${nodes[0]}"') == 3 and "nodes[1]" not in text_
    twice = shared(SMALL.replace("role decode {", "role decode { replicas = 2;"))
    assert "slurm" not in applying(twice)  # two servers of one role would want one port


@pytest.mark.parametrize(("shape", "servers"), [("experts", 2), ("roles", 3)])
def test_a_front_that_is_told_of_servers_is_named_to_them(
    shape: str, servers: int, tmp_path: Path
) -> None:
    emission = emitted(text(shape, "lmdeploy"))
    calls = ran(emission, tmp_path)
    told = [env["SERVEC_PROXY_URL"] for words, env in calls if "api_server" in words]
    assert told == ["http://n0:23333"] * servers
    lines = text_of(emission, "slurm.sbatch").splitlines()
    order = [line.split()[-2] for line in lines if "start " in line and "nodes[" in line]
    assert order[0] == "router"


def test_what_cannot_be_placed_has_no_batch_script() -> None:
    assert not text_of(emitted(text("roles", "trtllm")), "slurm.sbatch")
