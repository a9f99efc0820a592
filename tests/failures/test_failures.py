"""Start-up failures from public threads: each launch line is refused, offline, with its cause.

`cases.json`: the thread, runtime and version, hardware, the line, the code it has to be refused
with, and what went wrong. `models.json` holds the configs of models that the catalogue lacks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "cases.json").read_text())
MODELS: dict[str, Any] = json.loads((HERE / "models.json").read_text())


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield


def refusals(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[int, set[str]]:
    if "model" in case:
        Path("model").mkdir()
        Path("model/config.json").write_text(json.dumps(MODELS[case["model"]]))
    words = ["import", case["launch"], "--check", "--hardware", case["hardware"]]
    argv = case["argv"] if isinstance(case["argv"], list) else case["argv"].split()
    code = main([*words, "--format", "json", "--", *argv])
    found = json.loads(capsys.readouterr().out)
    return code, {d["code"] for d in found["diagnostics"] if d["severity"] == "error"}


@pytest.mark.parametrize("case", CASES, ids=[f"{c['source']} {c['code']}" for c in CASES])
def test_refused_with_its_cause(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    code, found = refusals(case, capsys)
    assert code == 1 and case["code"] in found, case["cause"]


def test_every_case_names_its_thread_once() -> None:
    names = [case["source"] for case in CASES]
    assert len(set(names)) == len(names)
    for name in names:
        repository, _, number = name.partition("#")
        assert repository.count("/") == 1 and number.isdigit(), name
