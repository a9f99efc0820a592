"""Launches that are written in Python are read by their syntax tree, and judged as they stand."""

from __future__ import annotations

import pytest

from servec.targets.shared.importing.python.launches import python_commands
from tests.importing.program_words import HEAD, words


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
