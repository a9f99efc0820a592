"""A module found by servec's finder is the one that Python finds."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import py_compile
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from servec.cli.finder import Finder

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = f".{sys.implementation.cache_tag}.pyc"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `servec.made` in a folder of its own, with byte code."""
    folder = tmp_path / "made"
    (folder / "below").mkdir(parents=True)
    for name in ("__init__", "one", "below/__init__", "below/two"):
        file = folder / f"{name}.py"
        file.write_text(f"NAME = {name!r}\nHERE = __file__\n")
        py_compile.compile(str(file), invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return folder


def loaded(finder: Finder, name: str, folder: Path) -> dict[str, object]:
    spec = finder.find_spec(name, [str(folder)])
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return vars(module)


@pytest.mark.parametrize(("name", "place"), [("one", ""), ("below", ""), ("two", "below")])
def test_attributes_are_those_that_python_gives(package: Path, name: str, place: str) -> None:
    full = "servec.made." + ".".join(filter(None, (place, name)))
    folder = package / place
    found = loaded(Finder(SUFFIX), full, folder)
    spec = importlib.machinery.PathFinder.find_spec(full, [str(folder)])
    assert spec is not None
    usual = vars(importlib.util.module_from_spec(spec))
    names = ("__name__", "__file__", "__cached__", "__package__", "__path__")
    assert {n: found.get(n) for n in names} == {n: usual.get(n) for n in names}
    assert found["HERE"] == usual["__file__"]


def test_changed_source_is_compiled_anew(package: Path) -> None:
    source = package / "one.py"
    source.write_text("NAME = 'another, longer one'\n")
    os.utime(source, (1, 1))
    assert loaded(Finder(SUFFIX), "servec.made.one", package)["NAME"] == "another, longer one"


def test_byte_code_that_is_missing_is_no_error(package: Path) -> None:
    for file in (package / "__pycache__").iterdir():
        file.unlink()
    assert loaded(Finder(SUFFIX), "servec.made.one", package)["NAME"] == "one"


def test_what_is_not_there_or_not_ours_is_left_to_python(package: Path) -> None:
    finder = Finder(SUFFIX)
    assert finder.find_spec("servec.made.three", [str(package)]) is None
    assert finder.find_spec("other.one", [str(package)]) is None
    assert finder.find_spec("servec", None) is None


def test_the_program_finds_its_modules_by_it() -> None:
    code = (
        "import sys; sys.argv = ['servec', 'check', '--help'];"
        "import servec.cli.main as main; end = main.os._exit;"
        "main.os._exit = lambda code: (print(type(sys.modules['servec.cli.call'].__loader__)),"
        " sys.stdout.flush(), end(code));"
        "main.program()"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "servec.cli.finder.Loader" in shown.stdout
