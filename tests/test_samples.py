"""The samples: they check and compile, always to the same bytes, and to what is committed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from servec import api
from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.cli.rulebook import all_rules, page_of
from servec.cli.sources import DiskSources
from tests.golden import ROOT, Generated, golden, same_mode, updating

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

__all__ = ["golden"]

SAMPLES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("specs/*.srv"))
# These are committed for every runtime that can serve them, the others for the one that is chosen.
EVERYWHERE = ("specs/llama70b-chat.srv", "specs/qwen3-moe.srv", "specs/vision.srv")
MATRIX = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("specs/matrix/*.srv"))


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@cache
def compiled(path: str, target: str = "") -> api.Compiled:
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        return api.compile(DiskSources(), [path], target=target)
    finally:
        os.chdir(here)


def unserved(path: str) -> bool:
    """Whether no runtime that this servec has reaches what a spec asks for."""
    return any(item.code == "SRV312" for item in compiled(path).diagnostics)


SERVED = [path for path in SAMPLES + MATRIX if not unserved(path)]


@pytest.mark.parametrize("path", SAMPLES + MATRIX)
def test_checks_and_compiles_where_a_runtime_can_serve_it(path: str) -> None:
    made = compiled(path)
    errors = [item for item in made.diagnostics if item.severity == "error"]
    if unserved(path):
        assert {item.code for item in errors} == {"SRV312"}
        return
    assert errors == []
    for each in made.result.deployments:
        assert each.chosen is not None
        assert each.chosen.reasons


@pytest.mark.parametrize("path", SAMPLES + MATRIX)
def test_is_in_canonical_style(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert api.format(text) == text


def committed(path: str) -> api.Compiled:
    """What is committed of a sample."""
    return compiled(path, "all" if path in EVERYWHERE else "")


def generated() -> dict[str, tuple[str, bool]]:
    """Every file below `generated/` by its path there: its text, and whether it is executable."""
    return {
        f"{emission.folder}/{artifact.path}": (artifact.text, artifact.executable)
        for path in SAMPLES
        if not unserved(path) and not compiled(path).result.fleets
        for emission in committed(path).emissions
        for artifact in emission.artifacts
    }


@pytest.mark.parametrize("path", [p for p in SERVED if p in SAMPLES])
def test_writes_what_is_committed(
    path: str, golden: SnapshotAssertion, request: pytest.FixtureRequest
) -> None:
    if compiled(path).result.fleets:
        return  # its deployments are committed as their own files place them
    for emission in committed(path).emissions:
        for artifact in emission.artifacts:
            name = f"{emission.folder}/{artifact.path}"
            assert artifact.text == golden(name=name)
            assert same_mode(name, artifact.executable, request)


@pytest.mark.parametrize("code", [*all_rules()])
def test_explain_pages_are_committed(code: str, golden: SnapshotAssertion) -> None:
    page = page_of(code)
    assert page is not None
    assert page.markdown == golden(name=f"explain/{code}.md")


def test_nothing_else_is_committed(request: pytest.FixtureRequest) -> None:
    expected = {*generated(), *(f"explain/{code}.md" for code in all_rules())}
    stale = [
        path
        for path in sorted(Generated.folder.rglob("*"))
        if path.is_file()
        and path.relative_to(Generated.folder).as_posix() not in expected
        # The pictures of README.md, and the pages of tests/fields.
        and path.relative_to(Generated.folder).parts[0] not in ("readme", "fields")
    ]
    if updating(request):
        for path in stale:
            path.unlink()
        stale = []
    assert stale == []


def test_compile_check_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    served = [path for path in SAMPLES if not unserved(path)]
    main(["compile", "--check", "--format", "json", *served])
    document = json.loads(capsys.readouterr().out)
    assert [item["path"] for item in document.get("differences", [])][:5] == []


@pytest.mark.parametrize("path", SERVED)
@pytest.mark.parametrize("target", ["", "all"])
def test_the_json_of_compile_is_as_its_schema_says(
    path: str, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*(["--target", target] if target else []), "--out", str(tmp_path), "--format", "json"]
    assert main(["compile", path, *words]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("servec.compile/1"))
    for each in document["deployments"]:
        candidates = each["candidates"]
        assert candidates[0]["target"] == each["chosen"]
        ranks = [("chosen", "possible", "rejected").index(c["status"]) for c in candidates]
        assert ranks == sorted(ranks)
        assert [c["target"] for c in candidates if c["status"] == "rejected"] == sorted(
            c["target"] for c in candidates if c["status"] == "rejected"
        )
        for candidate in candidates:
            judge_candidate(candidate, target, tmp_path)


def judge_candidate(candidate: dict[str, Any], target: str, out: Path) -> None:
    rejected = candidate["status"] == "rejected"
    assert bool(candidate["processes"]) is not rejected
    names = [process["name"] for process in candidate["processes"]]
    assert len(set(names)) == len(names)
    if rejected:
        assert any(r["code"].startswith("SRV") and not r["for"] for r in candidate["reasons"])
    if rejected or not candidate["files"]:
        assert candidate["files"] == []
        return
    assert target == "all" or candidate["status"] == "chosen"
    for file in candidate["files"]:
        assert file["path"].startswith(f"{out}/")
        assert os.path.isfile(file["path"])


@pytest.mark.parametrize("path", SERVED)
def test_plan_prints_each_candidate(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", path]) == 0
    shown = capsys.readouterr().out
    for each in compiled(path).result.deployments:
        assert each.spec.name in shown
        for candidate in each.candidates:
            assert f"{candidate.target} {candidate.version}".strip() in shown
    assert main(["plan", path, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("servec.compile/1"))
    assert all(not c["files"] for d in document["deployments"] for c in d["candidates"])


def run(out: Path, cwd: Path, specs: list[str], seed: str) -> dict[str, bytes]:
    """What a fresh process writes below `out`, and prints."""
    words = ["compile", *specs, "--target", "all", "--out", str(out), "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "servec", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    shown = json.loads(done.stdout)
    shown.pop("diagnostics")  # these show paths as they were typed
    for each in shown["deployments"]:
        each.pop("spec")
        for candidate in each["candidates"]:
            candidate.pop("files")
    made = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
    return {**made, "stdout": json.dumps(shown).encode()}


def test_runs_hash_seeds_and_folders_give_the_same_bytes(tmp_path: Path) -> None:
    served = [path for path in SAMPLES if not unserved(path)]
    first = run(tmp_path / "a", ROOT, served, "1")
    again = run(tmp_path / "b", ROOT, served, "1")
    seeded = run(tmp_path / "c", ROOT, [f"./specs/../{path}" for path in served], "77")
    moved = run(tmp_path / "d", tmp_path, [str(ROOT / path) for path in served], "0")
    assert len(first) > len(served)
    for other in (again, seeded, moved):
        assert other.keys() == first.keys()
        for name, data in first.items():
            assert other[name] == data, name
