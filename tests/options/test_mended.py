"""A text that is no JSON: what was meant is told where it can be."""

from __future__ import annotations

import pytest

from servec.compiler.options.fields import read_json
from servec.compiler.options.mended import MOST, mended


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{'method':'ngram','num':3}", '{"method": "ngram", "num": 3}'),
        ('{"a":1,}', '{"a": 1}'),
        ("{level: 3}", '{"level": 3}'),
        ("{'a': True, 'b': {'c': [1, 2]}}", '{"a": true, "b": {"c": [1, 2]}}'),
        ("{model:org/name}", '{"model": "org/name"}'),
        ("image=2,video=1", '{"image": 2, "video": 1}'),
        ("image", ""),
        ("{}", ""),
        ("{a: &x [1], b: *x}", ""),
        ("{a: !!python/object:os.system x}", ""),
        ("{a}", ""),
        ("{" * MOST, ""),
        ("{a: " + "x" * MOST + "}", ""),
    ],
)
def test_what_was_meant(text: str, meant: str) -> None:
    assert mended(text) == meant


def test_what_is_offered_is_json() -> None:
    _, wrong = read_json("object", "{'a': 1}")
    assert wrong is not None and read_json("object", wrong.near) == ({"a": 1}, None)
