"""`launch.sh` and the other scripts: run with stubs, they do what the launch says and no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servec.dsl.record import replace
from servec.targets.shared.artifacts.forms import artifacts
from servec.targets.shared.artifacts.shell import launch_script
from servec.targets.shared.artifacts.words import quote, wrap
from tests.artifacts.subjects import HOSTILE, MAC, spec, subject

# The stub's interpreter is named outright: a virtual environment may be on no PATH.
STUB = f"""#!{sys.executable}
import json, os, sys
keep = {{k: v for k, v in os.environ.items() if k.startswith(("T_", "SERVEC_"))}}
with open(os.environ["RECORD"], "w") as file:
    json.dump([[os.path.basename(sys.argv[0]), *sys.argv[1:]], keep], file)
"""


def run(script: str, where: Path, *args: str, **env: str) -> tuple[list[str], dict[str, str]]:
    stub = where / "bin" / "vllm"
    stub.parent.mkdir(exist_ok=True)
    stub.write_text(STUB)
    stub.chmod(0o755)
    path = where / "launch.sh"
    path.write_text(script)
    record = where / "record.json"
    full = {"PATH": f"{stub.parent}:/usr/bin:/bin", "RECORD": str(record), "LC_ALL": "C.UTF-8"}
    subprocess.run(["bash", str(path), *args], check=True, cwd=where, env={**full, **env})
    argv, seen = json.loads(record.read_text())
    return argv, seen


def test_hostile_words_arrive_as_data(tmp_path: Path) -> None:
    env = {f"T_{i}": text for i, text in enumerate(HOSTILE)}
    made = subject(words=HOSTILE, env=env)
    argv, seen = run(launch_script(made).text, tmp_path)
    assert argv == list(made.launch.processes[0].argv)
    assert seen == env
    assert not (tmp_path / "pwned").exists()


def test_each_rank_runs_its_own_process(tmp_path: Path) -> None:
    made = subject(nodes=2)
    text = launch_script(made).text
    argv, _ = run(text, tmp_path, "serve", "1", SERVEC_MASTER_ADDR="10.0.0.7")
    wanted = [
        "10.0.0.7" if w == "${SERVEC_MASTER_ADDR}" else w for w in made.launch.processes[1].argv
    ]
    assert argv == wanted
    argv, seen = run(text, tmp_path)
    assert argv[argv.index("--node-rank") + 1] == "0"
    assert seen["SERVEC_MASTER_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize("nodes", [3, 5, 40])
def test_ranks_that_differ_in_their_number_alone_share_a_body(tmp_path: Path, nodes: int) -> None:
    plain = subject(nodes=nodes)
    grown = tuple(
        replace(p, argv=(*p.argv, "--start", str(8 * p.node_rank), "--port", str(9 + p.node_rank)))
        for p in plain.launch.processes
    )
    made = replace(plain, launch=replace(plain.launch, processes=grown))
    text = launch_script(made).text
    assert text.count("exec vllm") == 1
    for rank in (0, 1, nodes - 1):
        argv, _ = run(
            text, tmp_path, "serve", str(rank), SERVEC_MASTER_ADDR="${SERVEC_MASTER_ADDR}"
        )
        assert argv == list(grown[rank].argv)
    done = subprocess.run(
        ["bash", tmp_path / "launch.sh", "serve", str(nodes)], capture_output=True, check=False
    )
    assert done.returncode == 2


def test_ranks_that_differ_otherwise_have_their_own(tmp_path: Path) -> None:
    plain = subject(nodes=4)
    other = [replace(p, argv=(*p.argv, "ab"[p.node_rank % 2])) for p in plain.launch.processes]
    text = launch_script(replace(plain, launch=replace(plain.launch, processes=tuple(other)))).text
    assert text.count("exec vllm") == 4
    argv, _ = run(text, tmp_path, "serve", "3")
    assert argv[-1] == "b"


def test_an_unknown_rank_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "launch.sh"
    path.write_text(launch_script(subject(nodes=2)).text)
    done = subprocess.run(["bash", path, "serve", "7"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "serve 0, serve 1" in done.stderr


def test_a_missing_secret_stops_the_launch(tmp_path: Path) -> None:
    made = subject(words=("--api-key", "${T_KEY}"), secrets=("T_KEY",))
    text = launch_script(made).text
    argv, _ = run(text, tmp_path, T_KEY="s3cret $x")
    assert argv[-1] == "s3cret $x"
    done = subprocess.run(
        ["bash", tmp_path / "launch.sh"], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode != 0
    assert "set T_KEY in the environment" in done.stderr


def test_every_script_passes_shellcheck(tmp_path: Path) -> None:
    checked = []
    for number, made in enumerate(
        (
            subject(words=HOSTILE, env={"T_A": "it's\n$x"}),
            subject(nodes=2, secrets=("HF_TOKEN",)),
            subject(api="tools", the_spec=spec(api__key_env="KEY")),
            subject(api="image"),
            subject(device=MAC),
        )
    ):
        for artifact in artifacts(made):
            if artifact.text.startswith("#!"):
                path = tmp_path / f"{number}-{artifact.path}"
                path.write_text(artifact.text)
                checked.append(path)
    assert len(checked) >= 10
    shellcheck = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run([shellcheck, *checked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", HOSTILE)
def test_a_quoted_word_is_one_word_on_one_line(text: str) -> None:
    assert "\n" not in quote(text)
    done = subprocess.run(
        ["bash", "-c", f"printf %s {quote(text)}"], capture_output=True, check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout == text.encode()


def test_options_stand_on_lines_of_their_own() -> None:
    assert wrap(["a", "b", "--c", "d", "--e"]) == "a b \\\n  --c d \\\n  --e"


def test_processes_of_one_role_and_rank_go_by_name() -> None:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.shell import keys

    twins = (
        Process("a", "serve", 0, ()),
        Process("b", "serve", 0, ()),
        Process("c", "serve", 1, ()),
    )
    assert keys(twins) == ("a 0", "b 0", "serve 1")
