"""Which table applies to a stated version: the sentences of the language reference, `on`."""

from __future__ import annotations

import pytest

from servec.compiler.options.versions import is_exact, order, pick

VLLM = ("0.22.1", "0.33.0")
SGLANG = ("0.5.12.post1", "0.5.23")
BUILDS = ("b8672", "b9093", "b11549")
TRTLLM = ("1.3.0rc3", "main")


@pytest.mark.parametrize(
    ("stated", "known", "tables", "near"),
    [
        ("", VLLM, ("0.33.0",), False),
        ("0.22.1", VLLM, ("0.22.1",), False),
        ("v0.22.1", VLLM, ("0.22.1",), False),
        ("0.33", VLLM, ("0.33.0",), False),
        # in its minor release: the nearest below, else the nearest above
        ("0.33.5", VLLM, ("0.33.0",), True),
        ("0.22.0", VLLM, ("0.22.1",), True),
        ("0.22.3", VLLM, ("0.22.1",), True),
        ("0.5.13", SGLANG, ("0.5.12.post1",), True),
        ("0.5.12", SGLANG, ("0.5.12.post1",), True),
        ("0.5.40", SGLANG, ("0.5.23",), True),
        # newer than the newest
        ("0.34.0", VLLM, ("0.33.0",), True),
        ("1.0", VLLM, ("0.33.0",), True),
        ("main", VLLM, ("0.33.0",), True),
        # another minor release without a table
        ("0.25.0", VLLM, (), False),
        ("0.21.9", VLLM, (), False),
        ("0.4.9", SGLANG, (), False),
        # builds
        ("b9093", BUILDS, ("b9093",), False),
        ("b10000", BUILDS, ("b9093",), True),
        ("b1", BUILDS, ("b8672",), True),
        ("b99999", BUILDS, ("b11549",), True),
        ("9093", BUILDS, ("b9093",), False),
        ("b9093", VLLM, (), False),
        # main, and a release candidate
        ("main", TRTLLM, ("main",), False),
        ("1.3.0rc3", TRTLLM, ("1.3.0rc3",), False),
        ("1.3.0", TRTLLM, ("1.3.0rc3",), True),
        ("1.2.0", TRTLLM, (), False),
        ("latest", VLLM, (), False),
        ("0.33.x", VLLM, (), False),
    ],
)
def test_exact(stated: str, known: tuple[str, ...], tables: tuple[str, ...], near: bool) -> None:
    found = pick(stated, known)
    assert (found.tables, found.near) == (tables, near)
    assert not found.wide


@pytest.mark.parametrize(
    ("stated", "table"),
    [("1.3.0rc3", "1.3.0rc3"), ("1.3.0rc14", "1.3.0rc3"), ("1.3.0rc15", "main"), ("1.4", "main")],
)
def test_main_from_the_release_that_is_nearer_to_it(stated: str, table: str) -> None:
    found = pick(stated, TRTLLM, "1.3.0rc15")
    assert (found.tables, found.near) == ((table,), stated != table)


@pytest.mark.parametrize(
    ("stated", "known", "tables"),
    [
        (">=0.22.1,<0.34", VLLM, VLLM),
        (">=0.22.1,<0.33", VLLM, ("0.22.1",)),
        (">0.22.1", VLLM, ("0.33.0",)),
        ("~=0.33.0", VLLM, ("0.33.0",)),
        ("!=0.33.0", VLLM, ("0.22.1",)),
        ("==0.33.*", VLLM, ("0.33.0",)),
        (">=0.34", VLLM, ()),
        (">=b9093", BUILDS, ("b9093", "b11549")),
        (">=b9000,<b10000", BUILDS, ("b9093",)),
        (">=1.3.0rc1", TRTLLM, ("1.3.0rc3",)),
        (">=0.22.1;", VLLM, ()),
        (">=", VLLM, ()),
    ],
)
def test_ranges(stated: str, known: tuple[str, ...], tables: tuple[str, ...]) -> None:
    found = pick(stated, known)
    assert (found.tables, found.wide, found.near) == (tables, True, False)


def test_order_is_that_of_releases() -> None:
    ascending = ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.1", "main"]
    assert sorted(ascending, key=order) == ascending
    assert order("1.0") == order("1.0.0") == order("v1.0")
    assert order("b9093") < order("b11549")


def test_what_is_no_version() -> None:
    for text in ("", "newest", "0.x", ">=1", "1.0-final", "c9093"):
        assert not is_exact(text)
    with pytest.raises(ValueError, match="newest"):
        order("newest")
