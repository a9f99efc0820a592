"""Documents are written as the package `json` would write them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from servec.cli.render.json_text import json_text

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(VALUES)
def test_it_writes_what_json_writes(value: Any) -> None:
    assert json_text(value) == json.dumps(value, indent=2, ensure_ascii=False)
