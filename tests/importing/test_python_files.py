"""Programs in files, pages, notebooks and scripts, on a line, and such as would not end."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.python.known import calls, documents
from servec.targets.shared.importing.python.launches import python_commands
from servec.targets.shared.table import load_table, versions


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.md",
            "# A\n\n```python\nfrom vllm import LLM\n```\n\n"
            "- b\n\n  ```py\n  LLM('Qwen/Qwen2.5-7B', {})\n  ```\n",
        ),
        (
            "a.ipynb",
            json.dumps(
                {
                    "cells": [
                        {"cell_type": "markdown", "source": ["x"]},
                        {"cell_type": "code", "source": ["!pip install vllm\n", "import vllm\n"]},
                        {"cell_type": "code", "source": "vllm.LLM('Qwen/Qwen2.5-7B', {})"},
                    ]
                }
            ),
        ),
        ("a.py", ">>> from vllm import LLM\n>>> llm = LLM('Qwen/Qwen2.5-7B',\n...     {})\nINFO\n"),
    ],
)
def test_pages_and_notebooks_are_programs(
    name: str,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for degree, code in (("tensor_parallel_size=3", 1), ("tensor_parallel_size=2", 0)):
        Path(name).write_text(text.replace("{}", degree))
        assert main(["import", "vllm@0.33.0", "--check", "--script", name]) == code
        err = capsys.readouterr().err
        assert f" {name}" in err and ("error[SRV401]" in err) is bool(code)


def test_a_program_that_is_not_here_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "vllm", "--check", "--", "python", "no/up.py", "--tp", "2"]) == 2
    assert "no/up.py is not here to be read: give it with --script" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "LLM(model='a', ...)",
        "x = 'a' * 10**9\nLLM(x)",
        "a = [1]\nwhile True:\n    a += a",
        "def f(): return f()\nf()",
        "LLM(2**2**2**2**9)",
        "\0",
        "for i in range(10**9):\n    LLM(i)",
        "+".join(["1"] * 20_000),
    ],
)
def test_nothing_of_it_runs_or_takes_long(text: str, tmp_path: Path) -> None:
    try:
        assert len(python_commands(text, "a.py", {})) <= 32
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize("runtime", list(documents()))
def test_the_tables_name_options_and_sources(runtime: str) -> None:
    held = documents()[runtime]
    tables = [load_table(runtime, version) for version in versions(runtime)]
    assert held["source"]
    for name in held.get("names", {}).values():
        known = any(table.find(name) for table in tables)
        assert known or tables[0].positional == ("model_path",), name
    for item in calls():
        assert item.takes in ("", *documents()[item.runtime]["classes"])


def test_a_script_hands_programs_to_an_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("up.py").write_text(
        "import sys, argparse\nfrom vllm import AsyncEngineArgs\np = argparse.ArgumentParser()\n"
        'p.add_argument("--tp", type=int)\na = p.parse_args()\n'
        'AsyncEngineArgs("Qwen/Qwen2.5-7B", tensor_parallel_size=a.tp, disable_log_requests=True)\n'
    )
    Path("run.sh").write_text(
        "python -u up.py --tp 3\npython3 - <<'X'\nfrom vllm import LLM\nLLM('Qwen/Qwen2.5-7B')\nX\n"
        "torchrun up.py --tp 2\n"
    )
    told = {}
    for version in ("0.9.0", "0.12.0"):
        main(["import", f"vllm@{version}", "--check", "--script", "run.sh"])
        told[version] = capsys.readouterr().err
    for text in told.values():
        assert text.count("`tensor_parallel_size=3` does not split") == 1
        assert " --> up.py:6:36\n" in text
    assert [text.count("does not take `disable_log_requests`") for text in told.values()] == [0, 2]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("python -c \"from vllm import LLM; LLM('Qwen/Qwen2.5-7B', tensor_parallel_size=3)\"", 1),
        ("python3 vllm/entrypoints/openai/api_server.py --model Qwen/Qwen2.5-7B -tp 3", 1),
        ("python3 vllm/entrypoints/openai/api_server.py --model Qwen/Qwen2.5-7B -tp 2", 0),
    ],
)
def test_programs_on_the_line(line: str, code: int) -> None:
    assert main(["import", "vllm@0.33.0", "--check", "--", *shlex.split(line)]) == code


@pytest.mark.parametrize("guard", ["", 'if __name__ == "__main__":\n    '])
def test_workers_that_import_the_program_start_no_other(guard: str) -> None:
    text = f"import sglang as sgl\n{guard}sgl.Engine(model_path='a/b')\n"
    (found,) = python_commands(text, "a.py", {}, ("sglang", ""))
    assert found.written is not None and bool(found.written.strange) is not bool(guard)


def test_places_to_fill_in_of_a_page_are_no_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    line = "vllm serve <model name> --tensor-parallel-size <num_gpus> --port 80 < /dev/null"
    Path("a.md").write_text(f"```bash\n{line}\n```\n")
    assert main(["import", "vllm", "--check", "--script", "a.md"]) == 0
    err = capsys.readouterr().err
    assert "nothing here sets ${num_gpus}, --tensor-parallel-size is left out" in err
    assert "which model `${model_name}` stands for is not said" in err
