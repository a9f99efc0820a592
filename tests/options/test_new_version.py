"""A new version of a runtime is one file: everything else of the package stays as it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from servec.targets.shared.table import load_table, versions
from tests.golden import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """servec 1
deployment d {
  model = qwen3-8b
  target = vllm
  hardware = h100 x 1
  features { tools = hermes }
  on vllm { @ }
}
"""
NEXT = "99.0.0"


def linked(source: Path, made: Path, *apart: str) -> None:
    """`made` with links to all that `source` holds; the folder at `apart` is one of its own."""
    made.mkdir(parents=True, exist_ok=True)
    for item in sorted(os.listdir(source)):
        if apart and item == apart[0]:
            linked(source / item, made / item, *apart[1:])
        else:
            (made / item).symlink_to(source / item)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with a made-up version of vLLM that lost one option and got another."""
    folder = tmp_path_factory.mktemp("next")
    linked(ROOT / "src" / "servec", folder / "servec", "targets", "vllm", "options")
    newest = load_table("vllm", versions("vllm")[-1])
    rows = {name: row for name, row in newest.rows.items() if name != "max-log-len"}
    table = {
        "runtime": "vllm",
        "version": NEXT,
        "syntax": sorted(newest.syntax),
        "prefixes": list(newest.prefixes),
        "positional": list(newest.positional),
        "options": {**rows, "quite-new": {"type": "flag"}},
    }
    path = folder / "servec" / "targets" / "vllm" / "options" / f"{NEXT}.json"
    path.write_text(json.dumps(table))
    return folder


def servec(package: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "servec", *words]
    return subprocess.run(command, cwd=package, env=env, capture_output=True, text=True)


def test_it_is_listed_and_compared(package: Path) -> None:
    assert NEXT in servec(package, "runtimes", "list").stdout
    found = servec(package, "runtimes", "diff", "vllm", versions("vllm")[-1], NEXT).stdout
    assert found.endswith("removed (1)\n  max-log-len\n\nadded (1)\n  quite-new\n")


def test_specs_are_compiled_for_it_and_upgraded_to_it(package: Path) -> None:
    spec = package / "d.srv"
    spec.write_text(SPEC.replace("@", "quite-new = true"))
    made = servec(package, "compile", "d.srv", "--format", "json")
    assert made.returncode == 0, made.stderr
    (first, *_) = json.loads(made.stdout)["deployments"][0]["candidates"]
    assert first["version"] == NEXT and "--quite-new" in first["processes"][0]["argv"]
    spec.write_text(SPEC.replace("@", f'version = "{versions("vllm")[-1]}"; max-log-len = 9'))
    edits = ("upgrade", "d.srv", "--from", f"vllm@{versions('vllm')[-1]}", "--to", NEXT)
    assert "no longer has `max-log-len`" in servec(package, *edits).stdout


def test_lines_are_read_by_it(package: Path) -> None:
    line = ("import", f"vllm@{NEXT}", "--check", "--", "vllm", "serve", "Qwen/Qwen3-8B")
    assert servec(package, *line, "--quite-new").returncode == 0
    gone = servec(package, *line, "--max-log-len", "9")
    assert gone.returncode == 1 and "SRV203" in gone.stderr
