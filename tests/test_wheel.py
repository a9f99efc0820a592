"""The wheel holds every data file, each once, and works where nothing of the project is near."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DATA = {".json", ".lark"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from a copy of what git would clone."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    keep = [ROOT / n for n in ("dsl", "compiler", "targets", "src")]
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for path in keep:
        subprocess.run(["cp", "-R", path, source / path.name], check=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
         "-w", folder, source],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def test_every_data_file_is_in_it_once(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    for package in ("dsl", "compiler", "targets"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in DATA or path.suffix == ".py":
                assert f"servec/{path.relative_to(ROOT).as_posix()}" in names


def test_it_compiles_a_spec_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    work = tmp_path / "work"
    work.mkdir()
    (work / "a.srv").write_bytes((ROOT / "specs" / "qwen3-moe.srv").read_bytes())
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site)}
    run = [sys.executable, "-S", "-m", "servec"]
    where = subprocess.run(
        [sys.executable, "-S", "-c", "import servec; print(servec.__file__)"],
        cwd=work, env=env, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(site))
    subprocess.run(
        [*run, "compile", "a.srv", "--target", "auto"],
        cwd=work, env=env, check=True, capture_output=True,
    )  # fmt: skip
    assert list(work.glob("generated/qwen3-moe-agent/*/launch.sh"))
