"""Imports: found beside the file, kept inside the project, read once, in no circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.sources import DiskSources
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from tests.dsl.helpers import at, codes, deployed, good, loaded, only

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = 'servec 1\nlet patience = 800ms\nprofile "p" { slo { ttft.p95 <= $patience } }\n'


def test_lets_and_profiles_of_an_imported_file() -> None:
    text = deployed(
        "extends = [house.p]; slo { tpot.p95 <= $house.patience }", 'import "house.srv" as house'
    )
    spec = good(text, {"house.srv": HOUSE})
    assert spec.upper("slo.ttft.p95").span.file == "house.srv"  # type: ignore[union-attr]
    bound = spec.upper("slo.tpot.p95")
    assert bound is not None and bound.origin is not None
    assert (bound.span.file, bound.origin.file) == ("a.srv", "house.srv")
    assert at(HOUSE, bound.origin) == "800ms"


def test_profiles_of_two_files() -> None:
    files = {
        "sub/b.srv": (
            'servec 1\nimport "../c.srv" as c\nprofile "b" { extends = [c.c]; nodes = 2 }\n'
        ),
        "c.srv": 'servec 1\nprofile "c" { nodes = 1; replicas = 3 }\n',
    }
    spec = good(deployed("extends = [b.b]", 'import "sub/b.srv" as b'), files)
    assert (spec.whole("nodes"), spec.whole("replicas")) == (2, 3)


def test_a_reference_reaches_through_two_files() -> None:
    files = {
        "b.srv": 'servec 1\nimport "c.srv" as c\nlet n = $c.n\n',
        "c.srv": "servec 1\nlet m = 4\nlet n = $m\n",
    }
    assert good(deployed("nodes = $b.n", 'import "b.srv" as b'), files).whole("nodes") == 4


def test_names_of_a_file_that_an_imported_one_imports_are_not_seen() -> None:
    files = {
        "b.srv": 'servec 1\nimport "c.srv" as c\n',
        "c.srv": "servec 1\nlet n = 4\n",
    }
    assert codes(deployed("nodes = $b.c.n", 'import "b.srv" as b'), files) == ["SRV103"]


@pytest.mark.parametrize(
    "path",
    [
        "../x.srv",
        "/x.srv",
        "sub/../../x.srv",
        "http://x/y.srv",
        "..\\\\x.srv",
        "",
        "../../../etc/passwd",
    ],
)
def test_paths_that_leave_the_project(path: str) -> None:
    found = codes(
        deployed("nodes = 1", f'import "{path}" as x'), {"../x.srv": HOUSE, "/x.srv": HOUSE}
    )
    assert found == ["SRV116"]


def test_a_path_may_climb_inside_the_project() -> None:
    files = {
        "lib/house.srv": HOUSE,
        "specs/a.srv": deployed("nodes = 1", 'import "../lib/house.srv" as h'),
    }
    assert load(MemorySources(files), "specs/a.srv")[1] == ()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project on disk with a file outside it, entered."""
    (tmp_path / "project/specs").mkdir(parents=True)
    (tmp_path / "project/servec.toml").touch()
    (tmp_path / "house.srv").write_text(HOUSE)
    (tmp_path / "project/house.srv").write_text(HOUSE)
    monkeypatch.chdir(tmp_path / "project/specs")
    return tmp_path / "project"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("../house.srv", []), ("../../house.srv", ["SRV116"]), ("link.srv", ["SRV116"])],
)
def test_imports_stay_inside_the_project_on_disk(
    project: Path, path: str, expected: list[str]
) -> None:
    (project / "specs/link.srv").symlink_to(project.parent / "house.srv")
    spec = project / "specs/a.srv"
    spec.write_text(deployed("nodes = 1", f'import "{path}" as h'))
    for name in ("a.srv", "../specs/a.srv", str(spec)):
        assert [item.code for item in load(DiskSources(), name)[1]] == expected


def test_the_root_is_that_of_the_importing_file(project: Path) -> None:
    (project / "specs/.git").mkdir()
    (project / "a.srv").write_text(deployed("nodes = 1", 'import "specs/b.srv" as b'))
    (project / "specs/b.srv").write_text('servec 1\nimport "../house.srv" as h\n')
    _, found = load(DiskSources(), "../a.srv")
    assert [(item.code, item.primary.span.file) for item in found] == [("SRV116", "../specs/b.srv")]


def test_an_absent_file_names_its_neighbour_and_hides_what_follows() -> None:
    text = deployed("extends = [h.p]; nodes = $h.n", 'import "hause.srv" as h')
    item = only(text, {"house.srv": HOUSE})
    assert item.code == "SRV116"
    assert item.fixes[0].edits[0].insert == '"house.srv"'


@pytest.mark.parametrize(
    ("files", "chain"),
    [
        ({"a.srv": 'servec 1\nimport "a.srv" as a\n'}, "a.srv -> a.srv"),
        (
            {
                "a.srv": 'servec 1\nimport "b.srv" as b\n',
                "b.srv": 'servec 1\nimport "c.srv" as c\n',
                "c.srv": 'servec 1\nimport "a.srv" as a\n',
            },
            "a.srv -> b.srv -> c.srv -> a.srv",
        ),
        (
            {
                "a.srv": 'servec 1\nimport "b.srv" as b\n',
                "b.srv": 'servec 1\nimport "./b.srv" as b\n',
            },
            "b.srv -> b.srv",
        ),
    ],
)
def test_cycles_show_their_path(files: dict[str, str], chain: str) -> None:
    _, found = load(MemorySources(files), "a.srv")
    assert [item.code for item in found] == ["SRV105"]
    assert chain in found[0].title
    assert chain in [figure.text for figure in found[0].figures]


def test_a_diamond_is_no_cycle() -> None:
    files = {
        "b.srv": 'servec 1\nimport "d.srv" as d\nprofile "b" { extends = [d.d] }\n',
        "c.srv": 'servec 1\nimport "d.srv" as d\nprofile "c" { extends = [d.d] }\n',
        "d.srv": 'servec 1\nprofile "d" { nodes = 2 }\n',
    }
    text = deployed("extends = [b.b, c.c]", 'import "b.srv" as b\nimport "c.srv" as c')
    assert good(text, files).whole("nodes") == 2


def test_cycles_of_profiles_over_files_are_found_once() -> None:
    text = """servec 1
profile "a" { extends = [b] }
profile "b" { extends = [c] }
profile "c" { extends = [a] }
deployment "d" { extends = [a, b, c]; model = m; hardware = any }
deployment "e" { extends = [c]; model = m; hardware = any }
"""
    item = only(text)
    assert item.code == "SRV105"
    assert "a -> b -> c -> a" in item.title


def test_syntax_errors_of_an_imported_file_are_reported_there() -> None:
    _, found = loaded(
        deployed("extends = [h.p]", 'import "house.srv" as h'),
        {"house.srv": 'servec 1\nprofile "p" { nodes < 2 }\n'},
    )
    assert [(item.code, item.primary.span.file) for item in found] == [("SRV004", "house.srv")]


@pytest.mark.parametrize("number", [1, 3])
def test_a_long_chain_of_imports_is_followed(number: int) -> None:
    files = {
        f"f{i}.srv": f'servec 1\nimport "f{i + 1}.srv" as n\nlet x = $n.x\n' for i in range(200)
    }
    files["f200.srv"] = f"servec 1\nlet x = {number}\n"
    assert good(deployed("nodes = $f.x", 'import "f0.srv" as f'), files).whole("nodes") == number


@pytest.mark.parametrize(
    ("above", "body", "expected"),
    [
        ("let a = 1", "nodes = $a", []),
        ("let a = 1\nlet b = $a", "nodes = $b", []),
        ("let a = 1", "replicas = 1", ["SRV115"]),
        ("let a = $b", "nodes = $a", ["SRV103"]),
        ("let a = $a", "nodes = $a", ["SRV103"]),
        ("let a = 1\nlet a = 2", "nodes = $a", ["SRV104"]),
        ("let a.b = 1", "nodes = 1", ["SRV114"]),
        ("let a = 1", "graphs { sizes = [$a] }", ["SRV110"]),
        ("let a = [1, 2]", "graphs { sizes = $a }", []),
        ("let a = [1, 2]", "nodes = $a", ["SRV110"]),
        ("let a = h100 x 4", "nodes = $a", ["SRV110"]),
        ("let a = 500ms", "slo { ttft.p95 <= $a; tpot.p95 <= $a }", []),
        ("let a = 500", "slo { ttft.p95 <= $a }", ["SRV112"]),
        ("let a = 1", "nodes = $b", ["SRV115", "SRV103"]),
        ('import "b.srv" as b\nimport "b.srv" as b', "nodes = $b.n", ["SRV104"]),
        ('import "b.srv" as b', "nodes = $b.m", ["SRV103"]),
        ('import "b.srv" as b', "nodes = $c.n", ["SRV103"]),
        ('import "b.srv" as b\nlet a = $b.n', "nodes = $a", []),
        ('import "b.srv" as b.c', "nodes = 1", ["SRV114"]),
    ],
)
def test_lets(above: str, body: str, expected: list[str]) -> None:
    assert codes(deployed(body, above), {"b.srv": "servec 1\nlet n = 2\n"}) == expected


def test_a_let_stands_above_its_use() -> None:
    item = only(deployed("nodes = $a") + "let a = 1\n")
    assert item.code == "SRV103" and "above" in item.title
    assert len(item.secondary) == 1


def test_lets_of_a_file_that_is_only_imported_are_not_unused() -> None:
    assert codes("servec 1\nlet a = 1\n") == []
