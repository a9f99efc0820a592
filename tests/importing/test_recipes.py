"""Published launches become specs that a person would write, and compile back to themselves."""

from __future__ import annotations

import pytest

from servec.dsl.format import format_text
from tests.importing.recipes import NAMES, case, outcome, spec

BROKEN = {
    # llama-server b11549 no longer has `--no-mmap` (it is `--load-mode none`).
    "llamacpp-qwen3-coder-strix": "SRV203",
}


@pytest.mark.parametrize("name", NAMES)
def test_spec(name: str) -> None:
    assert outcome(name).imported.text == spec(name)
    assert format_text(spec(name)) == spec(name)
    assert case(name)["source"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BROKEN])
def test_equivalent(name: str) -> None:
    found = outcome(name)
    assert found.process is not None, [item.title for item in found.diagnostics]
    assert [item.name for item in found.unexplained] == []


@pytest.mark.parametrize(("name", "code"), BROKEN.items())
def test_refused(name: str, code: str) -> None:
    assert code in {item.code for item in outcome(name).diagnostics if item.severity == "error"}
