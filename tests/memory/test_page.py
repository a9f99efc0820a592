"""The page of memory is what the tables and the code say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.memory.figures import Constants
from tests.golden import updating
from tests.memory.page import PAGE, TABLE, page

if TYPE_CHECKING:
    import pytest


def test_the_page_is_up_to_date(request: pytest.FixtureRequest) -> None:
    wanted = page()
    if updating(request):
        PAGE.write_text(wanted, encoding="utf-8")
    else:
        assert PAGE.read_text(encoding="utf-8") == wanted


def test_each_field_is_explained_and_each_constant_shown() -> None:
    text = page()
    for name in set(Constants.__match_args__) - {"runtime"}:
        assert f"`{name}`" in text, name
    for entry in TABLE["runtimes"].values():
        for figure in entry.get("base", {}).values():
            assert figure["source"].replace("|", "\\|") in text
