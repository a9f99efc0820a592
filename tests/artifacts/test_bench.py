"""`bench.sh`: the spec's workload, in the words of the client that sends it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servec.dsl.record import replace
from servec.targets import TARGETS
from servec.targets.shared.artifacts.bench import bench_script, client_of
from tests.artifacts.subjects import setting, spec, subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.dsl.spec import Spec
    from servec.targets.shared.artifacts.subject import Subject

CLIENTS = [target.name for target in TARGETS if client_of(target.name)]
# The parsers of the clients, below the packages of an environment that holds the runtime.
PARSERS = {
    "vllm": ("vllm/benchmarks/serve.py", "vllm/benchmarks/datasets"),
    "sglang": ("sglang/bench_serving.py", "sglang/benchmark/serving.py"),
    "trtllm": ("tensorrt_llm/serve/scripts/benchmark_serving.py",),
}
STUB = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["RECORD"], "w") as file:
    json.dump([sys.argv[1:], os.environ.get("OPENAI_API_KEY")], file)
"""


def loaded(
    target: str = "vllm", api: str = "chat", load: Mapping[str, Any] | None = None
) -> Subject:
    the_spec = spec(api__key_env="T_KEY")
    found = dict(the_spec.settings)
    said = {"workload.input": 1000, "workload.output": 200, "workload.prefix_share": Fraction(2, 5)}
    for path, value in {**said, "workload.concurrency": 12, **(load or {})}.items():
        found[path] = setting(value)
    the_spec = promised(replace(the_spec, settings=found))
    return replace(subject(api=api, the_spec=the_spec), target=target)


def promised(the_spec: Spec) -> Spec:
    bound = replace(setting("x").eq, op="<=", value=Fraction(3, 10))
    found = {**the_spec.settings, "slo.ttft.p95": replace(setting("x"), eq=None, le=bound)}
    return replace(the_spec, settings=found)


def recorded(made: Subject, where: Path, *args: str, **env: str) -> tuple[list[str], str | None]:
    (where / "bin").mkdir(exist_ok=True)
    for name in ("vllm", "python3", "servec"):
        (where / "bin" / name).write_text(STUB)
        (where / "bin" / name).chmod(0o755)
    (where / "bench.sh").write_text(bench_script(made).text)
    record = where / "record.json"
    path = f"{where / 'bin'}:/usr/bin:/bin"
    full = {"PATH": path, "RECORD": str(record), "T_KEY": "s3cret", **env}
    subprocess.run(["bash", "bench.sh", *args], check=True, cwd=where, env=full)
    argv, key = json.loads(record.read_text())
    return argv, key


def value(argv: list[str], flag: str) -> str:
    return argv[argv.index(flag) + 1]


def test_the_workload_is_said_to_the_runtimes_own_client(tmp_path: Path) -> None:
    argv, key = recorded(loaded(), tmp_path, "http://10.0.0.1:9", SERVEC_REQUESTS="7")
    assert argv[:2] == ["bench", "serve"]
    assert value(argv, "--base-url") == "http://10.0.0.1:9"
    assert value(argv, "--num-prompts") == "7"
    assert value(argv, "--random-prefix-len") == "400"
    assert value(argv, "--random-input-len") == "600"
    assert value(argv, "--random-output-len") == "200"
    assert value(argv, "--max-concurrency") == "12"
    assert value(argv, "--goodput") == "ttft:300"
    assert "--request-rate" not in argv
    assert key == "s3cret"


def test_arrivals_are_a_rate(tmp_path: Path) -> None:
    made = loaded(load={"workload.concurrency": None, "workload.rate": Fraction(5, 2)})
    argv, _ = recorded(made, tmp_path)
    assert value(argv, "--request-rate") == "2.5"
    assert value(argv, "--num-prompts") == "300"
    assert "--max-concurrency" not in argv


def test_a_shared_prefix_is_a_dataset_of_its_own(tmp_path: Path) -> None:
    argv, _ = recorded(loaded("sglang"), tmp_path)
    assert value(argv, "--dataset-name") == "generated-shared-prefix"
    assert value(argv, "--gsp-system-prompt-len") == "400"
    argv, _ = recorded(loaded("sglang", load={"workload.prefix_share": Fraction(0)}), tmp_path)
    assert value(argv, "--dataset-name") == "random-ids"
    assert value(argv, "--random-input-len") == "1000"


@pytest.mark.parametrize(("target", "api"), [("llamacpp", "chat"), ("vllm", "embedding")])
def test_elsewhere_servec_sends_it(tmp_path: Path, target: str, api: str) -> None:
    argv, _ = recorded(loaded(target, api), tmp_path, SERVEC_REQUESTS="9")
    assert argv[:2] == ["bench", "specs/x.srv"]
    assert value(argv, "--url") == "http://127.0.0.1:8000"
    assert value(argv, "--requests") == "9"


def test_without_the_key_nothing_is_sent(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        recorded(loaded(), tmp_path, T_KEY="")


@pytest.mark.parametrize("target", CLIENTS)
def test_a_client_says_where_its_options_are_from(target: str) -> None:
    assert len(client_of(target)["source"]) > 40


def environments(target: str) -> list[Path]:
    """The packages of every environment that holds the runtime; none where none is at hand."""
    home = os.environ.get("SERVEC_ENVIRONMENTS")
    if not home:
        return []
    places = ("venv/lib/python3*/site-packages", "src")
    return [p for place in places for p in sorted(Path(home).glob(f"{target}-*/{place}"))]


@pytest.mark.parametrize("target", CLIENTS)
def test_the_clients_parser_knows_every_option(target: str) -> None:
    found = [
        (place, files)
        for place in environments(target)
        if (files := [p for name in PARSERS[target] for p in python_files(place / name)])
    ]
    if not found:
        pytest.skip(f"no environment with {target}: SERVEC_ENVIRONMENTS names the folder")
    table = client_of(target)
    flags = {
        option[0]
        for group in ("options", "fresh", "shared", "last")
        for option in table.get(group, ())
    }
    for place, files in found:
        known = set().union(*(options(path) for path in files))
        assert flags <= known, place


def python_files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.is_file() else []


def options(path: Path) -> set[object]:
    """The option names a file adds to a parser."""
    return {
        word.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_argument"
        for word in node.args
        if isinstance(word, ast.Constant)
    }
