"""Launches that are written in Python are read by their syntax tree, and judged as they stand."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.python.known import calls, documents
from servec.targets.shared.importing.python.launches import python_commands
from servec.targets.shared.table import load_table, versions

HEAD = "from vllm import LLM, AsyncEngineArgs, AsyncLLMEngine\nimport os\n"


def words(text: str, runtime: str = "vllm", version: str = "", **given: object) -> list[str]:
    """The words of the one launch that a program has."""
    (found,) = python_commands(text, "a.py", {}, (runtime, version), **given)  # type: ignore[arg-type]
    assert found.runtime == runtime
    return list(found.words)


@pytest.mark.parametrize(
    "program",
    [
        'LLM(model="a/b", tensor_parallel_size=2)',
        'LLM("a/b", tensor_parallel_size=1 + 1)',
        'm = "a"\nLLM(f"{m}/b", tensor_parallel_size=int("2"))',
        'kw = {"tensor_parallel_size": 4}\nkw["tensor_parallel_size"] = 2\nLLM("a" + "/b", **kw)',
        'kw = dict(model="a/b")\nkw.update(tensor_parallel_size=2)\nLLM(**kw)',
        'def make(model, tp=2):\n    return LLM(model, tensor_parallel_size=tp)\nmake("a/b")',
        'def make(model="a/b", *, tp=2):\n    return LLM(model, tensor_parallel_size=tp)',
        'args = AsyncEngineArgs(model="a/b")\nargs.tensor_parallel_size = 2\n'
        "AsyncLLMEngine.from_engine_args(args)",
        "class Server:\n    tp = 2\n    def __init__(self, name):\n        self.name = name\n"
        "    def up(self):\n        self.llm = LLM(self.name, tensor_parallel_size=self.tp)\n"
        'Server("a/b").up()',
        "import argparse\np = argparse.ArgumentParser()\n"
        'p.add_argument("--tp", type=int, default=2)\np.add_argument("--model", default="a/b")\n'
        "a = p.parse_args()\nLLM(a.model, tensor_parallel_size=a.tp)",
        "from huggingface_hub import snapshot_download\n"
        'LLM(snapshot_download("a/b"), tensor_parallel_size=2 if os.getenv("X", "1") else 4)',
        "from dataclasses import asdict, dataclass\n@dataclass\nclass C:\n    model: str\n"
        '    tensor_parallel_size: int = 2\nLLM(**asdict(C("a/b")))',
        'for tp in [2]:\n    llm = LLM(os.path.join("a", "b"), tensor_parallel_size=tp)',
        'try:\n    llm = LLM("a/b", tensor_parallel_size=2)\nexcept OSError:\n    llm = LLM("c/d")',
        "import torch\nLLM('a/b', tensor_parallel_size=torch.cuda.device_count())",
        "import ray\n@ray.remote(num_gpus=2)\nclass A:\n    def __init__(self, m, **kw):\n"
        "        self.llm = LLM(m, **kw)\n"
        'a = A.options(num_gpus=2).remote("a/b", tensor_parallel_size=2)',
        'import ray\nray.remote(num_gpus=2)(LLM).remote("a/b", tensor_parallel_size=2)',
        "import multiprocessing as mp\ndef work(m, tp):\n    LLM(m, tensor_parallel_size=tp)\n"
        'mp.Process(target=work, args=("a/b",), kwargs={"tp": 2}).start()',
        "from functools import partial\nmake = partial(LLM, tensor_parallel_size=2)\nmake('a/b')",
        "import click\n@click.command()\n@click.option('--model', default='a/b')\n"
        "@click.option('--tp', '-t', type=int, default=2)\n"
        "def main(model, tp):\n    LLM(model, tensor_parallel_size=tp)\nmain()",
        "import typer\nfrom pydantic import BaseModel, Field\nclass S(BaseModel):\n"
        "    tp: int = Field(2, gt=0)\ns = S()\n"
        "def main(m: str = typer.Option('a/b')):\n    LLM(m, tensor_parallel_size=s.tp)\n"
        "typer.run(main)",
        "import yaml\nc = yaml.safe_load('model: a/b\\ntensor_parallel_size: 2')\nLLM(**c)",
    ],
)
def test_what_follows_from_the_file_is_known(program: str) -> None:
    assert words(HEAD + program, devices=2) == ["a/b", "--tensor-parallel-size", "2"]


@pytest.mark.parametrize(
    ("program", "left"),
    [
        ('LLM("a/b", tensor_parallel_size=n)', ("tensor_parallel_size", "n")),
        (
            'from config import LONG\nLLM("a/b", max_model_len=LONG)',
            ("max_model_len", "config.LONG"),
        ),
        ('LLM("a/b", **load("c.yaml"))', ('**load("c.yaml")', 'load("c.yaml")')),
        ('import sys\nLLM("a/b", seed=int(sys.argv[1]))', ("seed", "int(sys.argv[1])")),
        (
            't = 2\nif x():\n    t = 4\nLLM("a/b", tensor_parallel_size=t)',
            ("tensor_parallel_size", "t"),
        ),
        ("LLM(model=input())", ("model", "input()")),
    ],
)
def test_what_only_a_run_tells_is_said_and_not_guessed(program: str, left: tuple[str, str]) -> None:
    (found,) = python_commands(HEAD + program, "a.py", {}, ("vllm", ""))
    assert found.written is not None
    ((name, _),) = found.written.left
    assert name == left[0]
    assert "4" not in found.words and "2" not in found.words


def test_both_ways_of_a_test_that_is_not_known_are_launches() -> None:
    text = HEAD + 'if big():\n    LLM("a/b")\nelse:\n    LLM("c/d")\n'
    assert [item.words for item in python_commands(text, "a.py", {})] == [("a/b",), ("c/d",)]


def test_variables_that_it_sets_are_seen_from_there_on() -> None:
    text = HEAD + 'LLM("a/b")\nos.environ["A"] = "1"\nos.environ.setdefault("B", "2")\nLLM("c/d")\n'
    assert [dict(item.env) for item in python_commands(text, "a.py", {})] == [
        {},
        {"A": "1", "B": "2"},
    ]


@pytest.mark.parametrize(
    ("runtime", "program", "made"),
    [
        (
            "sglang",
            "import sglang as sgl\n"
            'sgl.Engine(model_path="a/b", tp_size=2, disable_cuda_graph=True)',
            ["--model-path", "a/b", "--tp-size", "2", "--disable-cuda-graph"],
        ),
        (
            "lmdeploy",
            "from lmdeploy import pipeline, PytorchEngineConfig as C\n"
            'pipeline("a/b", backend_config=C(tp=2))',
            ["a/b", "--backend", "pytorch", "--tp", "2"],
        ),
        (
            "llamacpp",
            "from llama_cpp import Llama\n"
            'Llama("a.gguf", n_gpu_layers=-1, n_ctx=0, type_k=8, offload_kqv=False)',
            [
                "--model",
                "a.gguf",
                "--flash-attn",
                "off",
                "--gpu-layers",
                "999",
                "--cache-type-k",
                "q8_0",
                "--no-kv-offload",
            ],
        ),
        ("mlx", 'from mlx_lm import load\nload("a/b")', ["--model", "a/b"]),
        (
            "vllm",
            "from langchain_community.llms import VLLM\n"
            'VLLM(model="a/b", top_k=3, vllm_kwargs={"quantization": "awq"})',
            ["a/b", "--quantization", "awq"],
        ),
        (
            "vllm",
            "client.launch_model(model_name='Qwen3-VL-Instruct', model_engine='vLLM', n_gpu=2,\n"
            "  model_size_in_billions=8, model_format='fp8')",
            ["Qwen/Qwen3-VL-8B-Instruct-FP8", "--tensor-parallel-size", "2"],
        ),
        (
            "vllm",
            "client.launch_model('qwen2.5-instruct', model_engine='vllm', model_path='/m/a')",
            ["/m/a"],
        ),
        (
            "vllm",
            "import subprocess as s\n"
            "cmd = ['vllm', 'serve', 'a/b']\ncmd += ['-tp', str(2)]\ns.run(cmd)",
            ["a/b", "-tp", "2"],
        ),
    ],
)
def test_each_runtime_has_its_own(runtime: str, program: str, made: list[str]) -> None:
    assert words(program, runtime) == made


def test_a_dict_is_said_as_the_line_of_the_release_has_it() -> None:
    text = HEAD + 'LLM("a/b", limit_mm_per_prompt={"image": 10, "video": 1})'
    assert words(text, version="0.6.3")[-1] == "image=10,video=1"
    assert words(text, version="0.9.0")[-1] == '{"image": 10, "video": 1}'
    text = HEAD + 'LLM("a/b", compilation_config=3)'
    assert words(text, version="0.8.4")[-1] == "3"
    assert words(text, version="0.11.0")[-1] == '{"level": 3}'
    assert words(text)[-1] == '{"mode": 3}'
    text = HEAD + 'LLM("a/b", compilation_config={"level": 3, "backend": "eager"})'
    (found,) = python_commands(text, "a.py", {}, ("vllm", "0.33.0"))
    assert found.words[-1] == '{"backend": "eager"}' and found.written is not None
    assert [name for name, _ in found.written.strange] == ["compilation_config.level"]


def test_a_line_that_the_engine_parses_itself_is_its_own() -> None:
    text = HEAD + (
        "import argparse\np = argparse.ArgumentParser()\n"
        'p.add_argument("--model-path", default="a/b")\np = AsyncEngineArgs.add_cli_args(p)\n'
        "a = p.parse_args()\na.model = a.model_path\nAsyncEngineArgs.from_cli_args(a)"
    )
    line = ["--model-path", "c/d", "--tensor-parallel-size", "2"]
    assert words(text, words=line) == ["c/d", "--tensor-parallel-size", "2"]


def test_of_tensorrt_llm_what_is_no_flag_stands_in_its_file() -> None:
    text = (
        "from tensorrt_llm import LLM\nfrom tensorrt_llm.llmapi import KvCacheConfig\n"
        'LLM("a/b", tensor_parallel_size=2, kv_cache_config=KvCacheConfig(dtype="fp8"))'
    )
    (found,) = python_commands(text, "a.py", {}, ("trtllm", "1.3.0rc3"))
    assert found.words[:3] == ("a/b", "--tensor_parallel_size", "2")
    ((_, held),) = found.files.items()
    assert json.loads(held) == {"kv_cache_config": {"dtype": "fp8"}}


def test_keywords_are_those_of_the_release() -> None:
    text = HEAD + 'AsyncEngineArgs(model="a/b", disable_log_requests=True, port=80)'
    told = {}
    for version in ("0.9.0", "0.12.0"):
        (found,) = python_commands(text, "a.py", {}, ("vllm", version))
        assert found.written is not None
        told[version] = [name for name, _ in found.written.strange]
    assert told == {"0.9.0": ["port"], "0.12.0": ["disable_log_requests", "port"]}


def test_a_keyword_that_came_later_is_refused() -> None:
    text = HEAD + 'llm = LLM("a/b", **{"quantization": "AWQ"})'
    told = {}
    for version in ("0.1.7", "0.2.0", "0.9.2"):
        (found,) = python_commands(text, "a.py", {}, ("vllm", version))
        assert found.written is not None
        told[version] = [why for _, why in found.written.strange] or found.words[-1]
    late = "EngineArgs has no such keyword: it came with 0.2.0"
    assert told["0.1.7"] == [late.replace("EngineArgs", "LLM")]
    assert (told["0.2.0"], told["0.9.2"]) == ("awq", "awq")


@pytest.mark.parametrize("version", ["0.8.5", "0.33.0"])
def test_the_beginning_of_a_keyword_is_none(version: str) -> None:
    text = HEAD + 'LLM("a/b", tensor_parallel=2)'
    (found,) = python_commands(text, "a.py", {}, ("vllm", version))
    assert found.written is not None and found.words == ("a/b",)
    why = "LLM has no such keyword: write `tensor_parallel_size`"
    assert found.written.strange == (("tensor_parallel", why),)


def test_a_keyword_that_is_dropped_unheard_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("up.py").write_text(
        'from llama_cpp import Llama\nLlama("Qwen2.5-7B-Instruct-Q4_K_M.gguf", n_gpu_layer=35)\n'
    )
    assert main(["import", "llamacpp", "--check", "--script", "up.py"]) == 0
    err = capsys.readouterr().err
    assert "does not take `n_gpu_layer`\n --> up.py:2:42\n" in err
    assert "drops one that it does not know; nearest: n_gpu_layers" in err


def test_findings_stand_on_the_keyword_and_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("up.py").write_text(
        HEAD + 'llm = LLM("Qwen/Qwen2.5-7B-Instruct", tensor_parallel_size=3)\n'
    )
    assert main(["import", "vllm@0.33.0", "--check", "--", "python3", "-u", "up.py"]) == 1
    err = capsys.readouterr().err
    assert "`tensor_parallel_size=3` does not split 28 query heads" in err
    assert " --> up.py:3:39\n" in err
    assert '3 | llm = LLM("Qwen/Qwen2.5-7B-Instruct", tensor_parallel_size=2)' in err


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
