"""The pairs in `tests/errors/`: a spec that gives a code, and all that `servec check` prints.

A pair is `SRV###.srv` or `SRV###-case.srv` and the `.txt` beside it; files with other names may be
imported. A first line `# args: --target vllm` adds words to the command. The texts are written by
`pytest -n 0 tests/test_errors.py --snapshot-update` and reviewed: is it clear which line to change,
to what, and why?
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import jsonschema
import pytest

from servec import api
from servec.cli.documents.schema import schema_of
from servec.cli.main import main
from servec.cli.render.fixed import apply_edits
from servec.cli.rulebook import all_rules
from servec.cli.sources import DiskSources
from tests.cli.sarif_model import Log
from tests.golden import ROOT, Errors, errors, updating

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from servec.dsl.diagnostic import Diagnostic, Fix

__all__ = ["errors"]

FOLDER = ROOT / "tests" / "errors"
PAIRS = sorted(path.stem for path in FOLDER.glob("SRV*.srv"))
# A program in Python, a bug, a broken table, a broken artifact: no spec gives these.
NOT_FROM_A_SPEC = ("SRV211", "SRV901", "SRV902", "SRV903")


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are printed as typed, so every pair is checked from the repository's root."""
    monkeypatch.chdir(ROOT)


def words(name: str) -> list[str]:
    """The command line of a pair."""
    first = (FOLDER / f"{name}.srv").read_bytes().split(b"\n")[0].decode("utf-8", "replace")
    extra = shlex.split(first.removeprefix("# args:")) if first.startswith("# args:") else []
    return ["check", f"tests/errors/{name}.srv", *extra]


def target(name: str) -> str:
    command = words(name)
    return command[command.index("--target") + 1] if "--target" in command else ""


@cache
def findings(name: str) -> tuple[Diagnostic, ...]:
    path = f"tests/errors/{name}.srv"
    return api.check(DiskSources(), [path], target=target(name)).diagnostics


@pytest.mark.parametrize("name", PAIRS)
def test_prints(name: str, errors: SnapshotAssertion, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([*words(name), "--color", "never"])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"[{name[:6]}]" in shown.err, "the pair does not give its own code"
    assert code == int(any(item.severity == "error" for item in findings(name)))
    assert shown.err == errors(name=name)


@pytest.mark.parametrize("name", PAIRS)
def test_has_the_shape_of_the_reference(name: str) -> None:
    rules = all_rules()
    for item in findings(name):
        assert item.code in rules, f"{item.code} is in no registry"
        assert item.severity == rules[item.code].severity
        assert len(item.title) <= 100 and not item.title.endswith("."), item.title
        assert len(item.secondary) <= 3
        for label in (item.primary, *item.secondary):
            assert len(label.text) <= 60 and not label.text.endswith("."), label.text
            data = (ROOT / label.span.file).read_bytes() if label.span.file else b""
            assert 0 <= label.span.start <= label.span.end <= len(data), label
        for fix in item.fixes:
            spans = sorted((e.span.file, e.span.start, e.span.end) for e in fix.edits)
            for one, two in pairwise(spans):
                assert one[0] != two[0] or one[2] <= two[1], "edits of one fix overlap"


@pytest.mark.parametrize("name", PAIRS)
def test_json_sarif_and_annotations_are_valid(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*words(name), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("servec.check/1"))
    assert [d["code"] for d in document["diagnostics"]] == [d.code for d in findings(name)]
    main([*words(name), "--format", "sarif"])
    log = Log.model_validate_json(capsys.readouterr().out)
    assert [r.ruleId for r in log.runs[0].results] == [d.code for d in findings(name)]
    main([*words(name), "--format", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(findings(name))
    for line in lines:
        assert re.match(r"::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,", line)


def fixes(name: str) -> list[tuple[Diagnostic, Fix]]:
    return [(item, fix) for item in findings(name) for fix in item.fixes if fix.edits]


@pytest.mark.parametrize("name", PAIRS)
def test_every_fix_removes_its_finding_and_brings_no_error(name: str) -> None:
    before = Counter(item.code for item in findings(name))
    for item, fix in fixes(name):
        after = Counter(found.code for found in fixed(name, fix))
        assert after[item.code] < before[item.code], f"{fix.title!r} leaves {item.code}"
        severities = all_rules()
        new = {code for code in after if after[code] > before[code]}
        worse = {code for code in new if severities[code].severity == "error"}
        assert not worse, f"{fix.title!r} brings {sorted(worse)}"


def fixed(name: str, fix: Fix) -> tuple[Diagnostic, ...]:
    """The findings after one fix."""
    sources = DiskSources()
    for file in {edit.span.file for edit in fix.edits}:
        edits = [edit for edit in fix.edits if edit.span.file == file]
        sources.put(file, apply_edits((ROOT / file).read_bytes(), edits))
    return api.check(sources, [f"tests/errors/{name}.srv"], target=target(name)).diagnostics


def test_every_code_has_a_pair() -> None:
    codes = {code for code in all_rules() if code not in NOT_FROM_A_SPEC}
    assert codes - {name[:6] for name in PAIRS} == set()


def test_every_text_has_its_spec(request: pytest.FixtureRequest) -> None:
    stale: list[Path] = [p for p in FOLDER.glob("*.txt") if p.stem not in PAIRS]
    if updating(request):
        for path in stale:
            path.unlink()
        stale = []
    assert stale == []


def test_texts_lie_where_the_command_says() -> None:
    assert Errors.folder == FOLDER
