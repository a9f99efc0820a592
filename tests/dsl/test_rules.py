"""Every rule of the front end: its page, its registry entry, and that the page tells the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.dsl.checks.registry import RULES
from servec.dsl.example import NAME, example
from servec.dsl.load import load
from servec.dsl.page import parse_page
from servec.dsl.sources import MemorySources
from tests.golden import ROOT

if TYPE_CHECKING:
    from servec.dsl.rule import Rule

IDS = [rule.code for rule in RULES]
CODES = [*(f"SRV{n:03}" for n in range(1, 11)), *(f"SRV{n}" for n in range(101, 118))]


def test_every_code_of_the_families_has_its_rule_in_order() -> None:
    assert [rule.code for rule in RULES] == CODES


def test_every_module_of_the_folder_is_in_the_registry() -> None:
    files = {path.stem for path in (ROOT / "dsl/checks").glob("srv*.py")}
    assert files == {rule.module.rpartition(".")[2] for rule in RULES}


def test_short_names_are_unique_and_plain() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_module_is_named_after_its_code(rule: Rule) -> None:
    assert rule.module.rpartition(".")[2].startswith(rule.code.lower() + "_")


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_wrong_gives_the_code_and_right_does_not(rule: Rule) -> None:
    page = rule.page()
    wrong = load(MemorySources(example(page.wrong)), NAME)[1]
    right = load(MemorySources(example(page.right)), NAME)[1]
    assert rule.code in [found.code for found in wrong]
    assert {found.severity for found in wrong if found.code == rule.code} == {rule.severity}
    assert [found.code for found in right] == []


@pytest.mark.parametrize("missing", ["Checks", "Because", "Wrong", "Right", "Source"])
def test_a_page_without_a_heading_is_refused(missing: str) -> None:
    lines = ["Summary.", ""] + [
        f"{head}: text" for head in ("Checks", "Because", "Wrong", "Right", "Source")
    ]
    doc = "\n".join(line for line in lines if not line.startswith(missing))
    with pytest.raises(ValueError, match=missing):
        parse_page(doc)


def test_a_snippet_may_stand_below_its_heading() -> None:
    page = parse_page(
        "Summary.\n\nChecks: one\n    two\nBecause: b\nWrong:\n    a {\n      b = 1\n    }\n"
        "Right: c = 1\nSource: s\n"
    )
    assert page.summary == "Summary"
    assert page.checks == "one two"
    assert page.wrong == "a {\n  b = 1\n}"
