"""What was made of the last object is kept for that very object alone."""

from __future__ import annotations

from servec.dsl.kept import kept


def test_it_is_made_anew_for_an_equal_object_and_not_for_the_same() -> None:
    calls = []

    @kept
    def length(of: list[int]) -> int:
        calls.append(of)
        return len(of)

    one, other = [1, 2], [1, 2]
    assert [length(one), length(one), length(other), length(one)] == [2, 2, 2, 2]
    assert len(calls) == 3
