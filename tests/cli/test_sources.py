from __future__ import annotations

import os
from pathlib import Path

import pytest

from servec.cli.errors import UsageError
from servec.cli.sources import DiskSources
from servec.dsl.sources import MemorySources


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "p" / "a" / "b").mkdir(parents=True)
    (tmp_path / "p" / "servec.toml").touch()
    (tmp_path / "p" / "a" / "x.srv").write_text("servec 1\n")
    monkeypatch.chdir(tmp_path / "p" / "a")
    return tmp_path / "p"


def test_root_is_the_nearest_marked_folder_in_the_spelling_of_the_path(project: Path) -> None:
    sources = DiskSources()
    assert sources.root("x.srv") == ".."
    assert sources.root("b/y.srv") == ".."
    assert sources.root("../z.srv") == ".."
    assert sources.root(str(project / "a" / "x.srv")) == str(project)


def test_root_is_the_own_folder_where_nothing_is_marked(tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    assert DiskSources().root(f"{tmp_path}/q/x.srv") in (f"{tmp_path}/q",)


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("x.srv", "a/x.srv"),
        ("../z.srv", "z.srv"),
        ("..", "."),
        ("../../z.srv", None),
        ("../../p/a/x.srv", "a/x.srv"),
        ("../..x.srv", "..x.srv"),
    ],
)
def test_below_the_root_whatever_the_spelling(project: Path, path: str, below: str | None) -> None:
    assert DiskSources().below(path, "x.srv") == below
    assert DiskSources().below(os.path.abspath(path), "x.srv") == below


def test_memory_sources_know_what_leads_out() -> None:
    sources = MemorySources({"a/x.srv": ""})
    assert sources.below("a/../b.srv", "a/x.srv") == "b.srv"
    assert sources.below("../b.srv", "a/x.srv") is None
    assert sources.below("/etc/passwd", "a/x.srv") is None


def test_reads_once_and_only_regular_files(project: Path) -> None:
    sources = DiskSources()
    assert sources.read("x.srv") == b"servec 1\n"
    Path("x.srv").write_text("other")
    assert sources.read("x.srv") == b"servec 1\n"
    os.mkfifo("pipe")
    assert sources.read("pipe") is None
    assert sources.read("b") is None
    assert sources.read("none\0such") is None


@pytest.mark.parametrize("path", ["b", "none.srv", "none\0such"])
def test_a_named_file_that_cannot_be_read_says_why(project: Path, path: str) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        DiskSources().need(path)
