"""The emitted llama.cpp launch starts a real llama.cpp server, which answers the emitted probe."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.edge.serving import (
    emitted,
    free_port,
    launched,
    log_of,
    probed,
    project,
    ran,
    running,
)
from tests.edge.tiny_gguf import write_tiny_gguf
from tests.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wheel is for Linux")
# What `.[dev]` installs holds this build; a missing wheel is a failure, not a skip.
BUILD = "b11549"
SPEC = """servec 1

deployment "tiny" {{
  model = "./models/tiny.gguf"
  hardware = epyc-9554 x 1
{kv}

  limits {{ context = 512 tokens; batch = 2; memory <= 32 GiB }}

  features {{ {features} }}

  api {{ port = {port}; host = "127.0.0.1"{api} }}

  on llamacpp {{ version = "{build}" }}
}}
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A path on which `llama-server` is llama.cpp out of the wheel, one thread each."""
    program = tmp_path / "bin" / "llama-server"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.edge.llama_server "$@"\n')
    program.chmod(0o755)
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("LLAMA_", "SERVEC_"))}
    path = f"{program.parent}:{keep.get('PATH', '/usr/bin:/bin')}"
    return {**keep, "PATH": path, "ONE_THREAD": "1", "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize(
    ("kv", "features", "api"),
    [
        ("", "prefix_cache = true", ""),
        (
            "  precision { kv = q8_0 }\n",
            "structured_output = true; prefix_cache = false",
            "; key_env = TINY_KEY",
        ),
    ],
)
def test_the_launch_answers_a_chat(
    tmp_path: Path, env: dict[str, str], kv: str, features: str, api: str
) -> None:
    (tmp_path / "models").mkdir()
    write_tiny_gguf(tmp_path / "models" / "tiny.gguf")
    text = SPEC.format(kv=kv, features=features, api=api, port=free_port(), build=BUILD)
    scripts = emitted(text, "llamacpp", tmp_path)
    env = {**env, "TINY_KEY": "a-key-for-the-test"}
    with launched(tmp_path, scripts, env) as process:
        found = probed(tmp_path, scripts, env)
        assert found.returncode == 0, found.stderr + log_of(tmp_path)
        assert "answers chat" in found.stdout
        if api:
            env.pop("TINY_KEY")
            wrong = probed(tmp_path, scripts, {**env, "TINY_KEY": "another"})
            assert wrong.returncode != 0
        assert process.poll() is None


def test_a_word_the_build_lacks_ends_the_launch(tmp_path: Path, env: dict[str, str]) -> None:
    """The stand-in is no yes-man: what llama.cpp refuses does not start."""
    (tmp_path / "models").mkdir()
    write_tiny_gguf(tmp_path / "models" / "tiny.gguf")
    text = SPEC.format(kv="", features="prefix_cache = true", api="", port=free_port(), build=BUILD)
    scripts = emitted(text, "llamacpp", tmp_path)
    script = tmp_path / scripts / "launch.sh"
    script.write_text(script.read_text().replace("--fit off", "--no-mmap"))
    with launched(tmp_path, scripts, env) as process:
        assert process.wait(60) == 1


# The tools of llama.cpp are in no wheel: these write what the real ones would make of the model.
TOOL = """#!/bin/sh
echo "$0" >> "$PROJECT/calls"
if [ -e "$PROJECT/slow" ]; then echo $$ > "$PROJECT/at"; exec sleep 60; fi
exec "{python}" -c 'import sys, pathlib; from tests.edge.tiny_gguf import write_tiny_gguf
write_tiny_gguf(pathlib.Path(sys.argv[1]), {quantised})' "${at}"
"""
CHECKPOINT = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "intermediate_size": 128,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
    "vocab_size": 260,
    "max_position_embeddings": 2048,
    "tie_word_embeddings": False,
    "torch_dtype": "float32",
}


def test_run_serves_and_asks(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "models").mkdir()
    write_tiny_gguf(tmp_path / "models" / "tiny.gguf")
    text = SPEC.format(kv="", features="prefix_cache = true", api="", port=free_port(), build=BUILD)
    project(text, tmp_path)
    steps = ran(tmp_path, env, "llamacpp")
    assert [each["state"] for each in steps.values()] == ["done", "done"]
    assert "answers chat" in (tmp_path / steps["probe"]["log"]).read_text()


def test_the_load_test_reaches_the_server(tmp_path: Path, env: dict[str, str]) -> None:
    """`bench.sh` sends the spec's workload to llama.cpp itself, by servec's own client."""
    (tmp_path / "models").mkdir()
    write_tiny_gguf(tmp_path / "models" / "tiny.gguf")
    load = "  workload { input = 100 tokens; output = 20 tokens; concurrency = 2 }\n"
    text = SPEC.format(kv=load, features="", api="", port=free_port(), build=BUILD)
    project(text, tmp_path)
    program = tmp_path / "bin" / "servec"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m servec "$@"\n')
    program.chmod(0o755)
    steps = ran(tmp_path, {**env, "SERVEC_REQUESTS": "8"}, "llamacpp", "--until", "bench")
    assert steps["bench"]["state"] == "done"
    shown = (tmp_path / steps["bench"]["log"]).read_text()
    assert "8 requests, 2 at a time" in shown
    assert "time per output token" in shown


def test_run_makes_what_it_serves_and_goes_on_after_a_kill(
    tmp_path: Path, env: dict[str, str]
) -> None:
    """Converted and quantised, then served by llama.cpp itself; killed half-way, resumed."""
    env = {**env, "PROJECT": str(tmp_path)}
    for name, quantised, at in (("python3", False, 4), ("llama-quantize", True, 2)):
        tool = tmp_path / "bin" / name
        tool.write_text(TOOL.format(python=sys.executable, quantised=quantised, at=at))
        tool.chmod(0o755)
    for folder in ("llama.cpp", "models/tiny"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "llama.cpp" / "convert_hf_to_gguf.py").touch()
    (tmp_path / "models" / "tiny" / "config.json").write_text(json.dumps(CHECKPOINT))
    kv = "  precision { weights = q8_0 }\n"
    text = SPEC.format(kv=kv, features="", api="", port=free_port(), build=BUILD)
    project(text.replace("tiny.gguf", "tiny"), tmp_path)
    ran(tmp_path, env, "llamacpp", "--until", "convert")
    (tmp_path / "slow").touch()
    process = running(tmp_path, env, "llamacpp")
    while not (tmp_path / "at").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    (tmp_path / "slow").unlink()
    steps = ran(tmp_path, env, "llamacpp")
    assert {kind: each["state"] for kind, each in steps.items()} == {
        "convert": "skipped", "quantize": "done", "serve": "done", "probe": "done"
    }  # fmt: skip
    assert "answers chat" in (tmp_path / steps["probe"]["log"]).read_text()
    assert len((tmp_path / "calls").read_text().splitlines()) == 3
