"""Records behave as frozen, slotted dataclasses do."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from servec.dsl import initialisers
from servec.dsl.record import initialisers_text, record, replace


@record
class Point:
    x: int
    y: int = 2
    name: str = ""


@record
class One:
    value: int


def wide(size: int) -> type:
    """A record of `size` fields, the last with a default."""
    names = {f"f{n}": "int" for n in range(size)}
    space = {"__annotations__": names, "__module__": __name__, f"f{size - 1}": 7}
    return record(type("Wide", (), space))


def test_the_initialisers_are_what_their_maker_makes() -> None:
    text = Path(initialisers.__file__).read_text(encoding="utf-8")
    assert text.endswith(initialisers_text())


@pytest.mark.parametrize("size", [1, 2, 36, 37, 60])
def test_any_number_of_fields(size: int) -> None:
    cls = wide(size)
    made = cls(*range(size - 1))
    assert [getattr(made, f"f{n}") for n in range(size)] == [*range(size - 1), 7]
    assert made == cls(*range(size - 1), 7)
    with pytest.raises(TypeError):
        cls(*range(size + 1))


def test_arguments_by_place_and_by_name() -> None:
    assert Point(1) == Point(x=1, y=2) == Point(1, 2, "")
    for wrong in ({}, {"x": 1, "z": 2}):
        with pytest.raises(TypeError):
            Point(**wrong)  # type: ignore[arg-type]


def test_equal_records_hash_alike_and_show_their_fields() -> None:
    assert hash(Point(1, 3)) == hash(Point(1, 3))
    assert Point(1) != Point(2)
    assert One(3) == One(3) and hash(One(3)) == hash(One(3))
    assert repr(Point(1)) == "Point(x=1, y=2, name='')"


def test_nothing_can_be_changed_or_added() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 2  # type: ignore[attr-defined]


def test_replace_copies() -> None:
    point = Point(1)
    assert replace(point, y=5) == Point(1, 5)
    assert replace(One(1), value=2) == One(2)
    assert replace(point) == point
    with pytest.raises(TypeError, match="no field z"):
        replace(point, z=1)


def test_dataclasses_and_pickle_take_them() -> None:
    point = Point(1, 3)
    assert [field.name for field in dataclasses.fields(point)] == ["x", "y", "name"]
    assert dataclasses.replace(point, y=4) == Point(1, 4)
    assert dataclasses.asdict(point) == {"x": 1, "y": 3, "name": ""}
    assert pickle.loads(pickle.dumps(point)) == point


def test_a_default_may_not_stand_before_a_field_without_one() -> None:
    with pytest.raises(TypeError, match="without a default"):

        @record
        class Wrong:  # pyright: ignore
            x: int = 1
            y: int  # type: ignore[misc]
