"""The emitted MLX launch, on MLX's CPU build: quantise, serve, answer; on one rank and on two."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.edge.serving import emitted, free_port, launched, log_of, probed, project, ran, running
from tests.edge.tiny_mlx import main as tiny_mlx

BIN = os.environ.get("SERVEC_MLX_BIN") or os.path.dirname(sys.executable)
"""Where the programs of mlx-lm lie; `.[edge]` puts them beside Python."""
REQUIRED = bool(os.environ.get("SERVEC_REQUIRE_EDGE"))
"""Whether a missing mlx-lm is a failure: the CI says so, as it installs it."""
PROGRAM = shutil.which("mlx_lm.server", path=BIN)

pytestmark = pytest.mark.skipif(
    PROGRAM is None and not REQUIRED, reason="mlx-lm is not here: pip install -e '.[edge]'"
)
SPEC = """servec 1

deployment "tiny" {{
  model = {model}
  hardware = m4-max-128g x 1
{nodes}
  precision {{ weights = {weights}{kv} }}

  limits {{ context = 512 tokens; batch = 2 }}

  api {{ port = {port}; host = "127.0.0.1" }}

  on mlx {{ version = "0.32.2" }}
}}
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The programs of mlx-lm first on the path; nothing is fetched."""
    assert PROGRAM is not None, "mlx-lm is required here and not installed"
    home = tmp_path / "hub"
    (home / "hub").mkdir(parents=True)
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("SERVEC_", "MLX_", "HF_"))}
    path = f"{BIN}:{keep.get('PATH', '/usr/bin:/bin')}"
    return {**keep, "PATH": path, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}


def built(folder: Path, scripts: str, env: dict[str, str]) -> str:
    """What `build.sh` says of its steps."""
    done = subprocess.run(
        ["bash", f"{scripts}/build.sh"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def folder(tmp_path: Path, env: dict[str, str]) -> Path:
    """A project root with the tiny model."""
    script = str(Path(tiny_mlx.__code__.co_filename))
    python = os.path.join(BIN, "python")
    subprocess.run([python, script, str(tmp_path / "models" / "tiny")], check=True, env=env)
    return tmp_path


TWO = "  nodes = 2\n  parallel { tensor = 2 }\n"


@pytest.mark.parametrize(
    ("weights", "kv", "nodes"),
    [("fp32", "", TWO), ("fp32", "; kv = q8_0", ""), ("mlx4", "", "")],
    ids=["two ranks", "quantised cache", "quantised weights"],
)
def test_the_launch_answers_a_chat(
    folder: Path, env: dict[str, str], weights: str, kv: str, nodes: str
) -> None:
    """Weights that the checkpoint does not hold are made by `build.sh`, once."""
    text = SPEC.format(
        model='"./models/tiny"', weights=weights, kv=kv, nodes=nodes, port=free_port()
    )
    scripts = emitted(text, "mlx", folder)
    assert ("mlx.launch" in (folder / scripts / "launch.sh").read_text()) is bool(nodes)
    if weights == "mlx4":
        first, second = (built(folder, scripts, env) for _ in range(2))
        assert "is there" not in first and "is there" in second
    with launched(folder, scripts, env):
        found = probed(folder, scripts, env)
        assert found.returncode == 0, found.stderr + log_of(folder)
        assert "answers chat" in found.stdout


def test_run_quantises_serves_and_goes_on_after_a_kill(folder: Path, env: dict[str, str]) -> None:
    """mlx-lm's own conversion, killed as soon as it begins; then the whole, and then again."""
    text = SPEC.format(model='"./models/tiny"', weights="mlx4", kv="", nodes="", port=free_port())
    project(text, folder)
    process = running(folder, env, "mlx")
    log = folder / ".servec" / "run" / "tiny" / "mlx" / "logs"
    while not list(log.glob("quantize-*.log")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    states = [
        {kind: each["state"] for kind, each in ran(folder, env, "mlx").items()} for _ in range(2)
    ]
    assert states == [
        {"quantize": "done", "serve": "done", "probe": "done"},
        {"quantize": "skipped", "serve": "done", "probe": "done"},
    ]
    assert not list((folder / "models").glob("*.part"))
