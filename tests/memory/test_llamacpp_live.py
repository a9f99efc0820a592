"""The sum against llama.cpp's own planner, run here, on weightless files of seven architectures.

Both read the same file. The planner is the `xllamacpp` wheel's (llama.cpp b11549), on the CPU, so
that the embedding counts too; it prints whole MiB, rounded down.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from servec.cli.sources import DiskSources
from servec.compiler.catalogue.folder import read_folder
from servec.compiler.memory.account import Served, account
from servec.compiler.memory.overhead import Load
from servec.compiler.model import Model
from servec.compiler.plan import Degrees
from tests.memory.weightless import SHAPES, write_weightless

pytest.importorskip("xllamacpp")

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
CONTEXTS = (4096, 16384, 32768)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("weightless")
    for name in SHAPES:
        write_weightless(found / f"{name}.gguf", name)
    return found


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """What the planner says of every file and context."""
    words = [w for name in SHAPES for c in CONTEXTS for w in (str(folder / f"{name}.gguf"), str(c))]
    command = [sys.executable, "-m", "tests.memory.llama_memory", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    keys = [(name, context) for name in SHAPES for context in CONTEXTS]
    return dict(zip(keys, rows, strict=True))


def served(folder: Path, name: str, context: int) -> Served:
    model = read_folder(str(folder / f"{name}.gguf"), DiskSources(), "")
    assert isinstance(model, Model), model
    return Served(
        runtime="llamacpp",
        version="b11549",
        model=model,
        degrees=Degrees(),
        load=Load(tokens=512, seqs=1, length=context),
        kv="f16",
        length=context,
        host=False,
    )


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("name", SHAPES)
def test_the_sum_is_the_planners(
    name: str, context: int, folder: Path, reports: dict[tuple[str, int], dict[str, Any]]
) -> None:
    found, said = account(served(folder, name, context)), reports[name, context]
    assert int(found.weights / MIB) == said["weights"]
    assert int(found.cache.bytes(context) / MIB) == said["cache"]
    assert found.working.activation / MIB == pytest.approx(said["compute"], rel=0.1)
