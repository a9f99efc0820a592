"""The scripts that the samples compile to, run with stand-ins for the programs they call."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from servec.targets.shared.artifacts.build import PART
from servec.targets.shared.artifacts.shell import keys
from servec.targets.shared.artifacts.words import known, reference
from tests.artifacts.emitted import emissions, text_of

if TYPE_CHECKING:
    from servec.compiler.target import Process, Step

SECRET = "s3cret $(touch pwned)"
# Keeps its words and variables, makes what it is told to, and ends.
STUB = """#!/bin/sh
printf '%s\\0' "$(basename "$0")" "$@" '' >> "$RECORD"
env -0 > "$RECORD.env"
for word do case $word in *.part) : > "$word" ;; esac; done
"""
SRUN = """#!/bin/sh
count=$NODES
while [ "${1#--}" != "$1" ]; do
  case $1 in --nodes=*) count=${1#--nodes=} ;; esac
  shift
done
node=0
while [ "$node" -lt "$count" ]; do SLURM_NODEID=$node "$@"; node=$((node + 1)); done
"""
SCONTROL = """#!/bin/sh
case $2 in hostnames) printf 'first\\nsecond\\n' ;; *) printf '   Command=%s\\n' "$JOB" ;; esac
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every emission lies, with stand-ins for all programs found on the path."""
    tmp_path = tmp_path_factory.mktemp("emitted")
    programs = {"servec", "vllm", "python3"}
    for emission in emissions().values():
        for artifact in emission.artifacts:
            path = tmp_path / emission.folder / artifact.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(artifact.text)
        programs |= {process.argv[0] for process in emission.launch.processes}
        programs |= {step.argv[0] for step in emission.launch.steps}
    (tmp_path / "bin").mkdir()
    found = [name for name in programs if "/" not in name]
    for name, stub in {**dict.fromkeys(found, STUB), "srun": SRUN, "scontrol": SCONTROL}.items():
        path = tmp_path / "bin" / name
        path.write_text(stub)
        path.chmod(0o755)
    return tmp_path


def run(folder: Path, script: str, *words: str, where: str = ".", **more: str) -> list[list[str]]:
    """The commands that a script calls, word for word."""
    record = folder / "record"
    record.unlink(missing_ok=True)
    secrets = {
        n: SECRET for e in emissions().values() for p in e.launch.processes for n in p.secrets
    }
    env = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "RECORD": str(record), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["bash", str(folder / script), *words], cwd=folder / where, env={**secrets, **env, **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (script, done.stderr)
    text = record.read_bytes().decode()
    return [call.split("\0") for call in text.split("\0\0")[:-1]]


def variables(folder: Path) -> dict[str, str]:
    pairs = (folder / "record.env").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if pair)


def value(text: str, process: Process, here: Path, **given: str) -> str:
    """What stands for a word once the script runs."""
    name = known(text, process)
    if not name:
        return text
    if name in process.secrets:
        return SECRET
    default = process.env[name]
    inner = f"{here}/{default}" if default in process.files else default
    return given.get(name, value(inner, process, here, **given))


@pytest.mark.parametrize("name", sorted(emissions()))
def test_a_launch_runs_the_words_of_the_json(name: str, folder: Path) -> None:
    emission = emissions()[name]
    here = folder / name
    processes = emission.launch.processes
    for process, key in list(zip(processes, keys(processes), strict=True))[:6]:
        if process.argv[0].startswith("/"):  # a program of the image itself: no stand-in
            continue
        calls = run(folder, f"{name}/launch.sh", *key.split())
        assert calls == [[value(word, process, here) for word in process.argv]]
        seen = variables(folder)
        for variable, text in process.env.items():
            wanted = f"{here}/{text}" if text in process.files else value(text, process, here)
            assert seen[variable] == wanted, variable
    assert not (folder / "pwned").exists()


def test_the_lock_says_what_runs() -> None:
    for emission in emissions().values():
        lock = json.loads(text_of(emission, "servec.lock.json"))
        assert [p["argv"] for p in lock["processes"]] == [
            list(p.argv) for p in emission.launch.processes
        ]


def step_words(step: Step) -> list[str]:
    """The words of a step as `build.sh` runs it: products aside, references filled in."""
    words = [word + PART if word in step.makes else word for word in step.argv]
    return [step.env.get(reference(word), word) for word in words]


BUILT = sorted(name for name, emission in emissions().items() if emission.launch.steps)


@pytest.mark.parametrize("name", BUILT)
def test_a_build_runs_its_steps(name: str, folder: Path, tmp_path: Path) -> None:
    calls = run(folder, f"{name}/build.sh", where=str(tmp_path))
    assert calls == [step_words(step) for step in emissions()[name].launch.steps]


@pytest.mark.parametrize("name", sorted(emissions()))
def test_a_bench_is_one_command(name: str, folder: Path) -> None:
    (words,) = run(folder, f"{name}/bench.sh", "http://h:1", SERVEC_REQUESTS="5")
    assert "http://h:1" in words
    assert "5" in words


def test_all_scripts_pass_shellcheck(folder: Path) -> None:
    scripts = [
        f"{emission.folder}/{artifact.path}"
        for emission in emissions().values()
        for artifact in emission.artifacts
        if artifact.text.startswith("#!")
    ]
    assert len(scripts) > 3 * len(emissions())
    shellcheck = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run(
        [shellcheck, *scripts], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


# Roles on nodes of their own: test_slurm_roles.py runs what places them.
BATCH = sorted(
    name
    for name, e in emissions().items()
    if text_of(e, "slurm.sbatch") and "router" not in {p.role for p in e.launch.processes}
)
HEADERS = {"job-name", "nodes", "ntasks-per-node", "gpus-per-node", "exclusive", "output"}


@pytest.mark.parametrize("name", BATCH)
def test_a_batch_job_starts_each_node_with_the_address_of_the_first(
    name: str, folder: Path
) -> None:
    emission = emissions()[name]
    text = text_of(emission, "slurm.sbatch")
    headers = dict(re.findall(r"^#SBATCH --([a-z-]+)(?:=(.*))?$", text, re.M))
    assert text.count("#SBATCH") == len(headers)
    assert set(headers) <= HEADERS
    ranks = len({process.node_rank for process in emission.launch.processes})
    assert int(headers["nodes"]) == ranks
    assert int(headers["gpus-per-node"]) >= 1
    job = f"{folder}/{name}/slurm.sbatch"
    programs = {process.argv[0] for process in emission.launch.processes}
    slurm = {"SLURM_JOB_ID": "1", "SLURM_JOB_NODELIST": "n[1-2]", "NODES": str(ranks), "JOB": job}
    calls = run(folder, job, **slurm)
    if "ray" in programs:  # a cluster first, which then places the servers itself
        assert ["serve", "run"] in [call[:2] for call in calls]
        assert {call[0] for call in calls} <= programs
        return
    seen = variables(folder)
    addresses = [v for n, v in seen.items() if n.startswith("SERVEC_") and n.endswith("ADDR")]
    assert all(address.split(":")[0] == "first" for address in addresses)
    assert bool(addresses) or ranks == 1 or seen["SERVEC_HOSTS"].startswith("first:")
    assert len(calls) in (ranks, 1)
    assert all(call[0] == emission.launch.processes[0].argv[0] for call in calls)
