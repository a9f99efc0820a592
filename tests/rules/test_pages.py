"""Every rule's page: `Wrong` gives the code, `Right` does not, in full specs."""

from __future__ import annotations

import pytest

from servec.compiler.pipeline import compile_documents
from servec.compiler.result import Request
from servec.compiler.rules.registry import RULES
from servec.dsl.example import NAME, example
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS

CODES = {rule.code: rule for rule in RULES}


def codes(snippet: str) -> set[str]:
    sources = MemorySources(example(snippet))
    document, found = load(sources, NAME)
    assert not found, f"{snippet}\n{found}"
    assert document is not None
    result = compile_documents([document], TARGETS, Request(sources=sources))
    return {item.code for item in result.diagnostics}


@pytest.mark.parametrize("code", CODES)
def test_wrong_gives_the_code_and_right_does_not(code: str) -> None:
    page = CODES[code].page()
    assert code in codes(page.wrong)
    assert code not in codes(page.right)


def test_codes_are_unique_in_order_and_match_their_modules() -> None:
    assert list(CODES) == sorted(CODES)
    assert len(CODES) == len(RULES)
    for rule in RULES:
        assert rule.module.rpartition(".")[2].startswith(rule.code.lower() + "_")
