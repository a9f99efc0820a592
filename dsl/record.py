"""Frozen, slotted value types that cost a tenth of `dataclasses` at start-up.

`dataclasses` imports `inspect` (13 ms) and compiles seven methods for each class (0.6 ms). A
command that has to answer in a few tens of milliseconds cannot pay that for its value types, so
`record` compiles the one method it needs, when the first object is made. To readers, type checkers
and `dataclasses.fields`, `replace` and `asdict` a record is a frozen dataclass: the field table
they look for is built when they first ask.
"""

from __future__ import annotations

from operator import attrgetter

from servec.dsl.initialisers import INITIALISERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")
else:

    def dataclass_transform(**_: object) -> Callable[[type], type]:
        """Stand in for `typing.dataclass_transform`, whose import costs 4 ms."""
        return lambda decorator: decorator


class _Fields:
    """The `__dataclass_fields__` of a record, built on first access."""

    def __get__(self, _obj: object, cls: type) -> dict[str, Any]:
        import dataclasses

        made = dataclasses.make_dataclass(
            cls.__name__,
            [
                (name, object, dataclasses.field(default=cls.__record_defaults__[name]))  # type: ignore[attr-defined]
                if name in cls.__record_defaults__  # type: ignore[attr-defined]
                else (name, object)
                for name in cls.__match_args__  # type: ignore[attr-defined]
            ],
        )
        found: dict[str, Any] = vars(made)["__dataclass_fields__"]
        for name, field in found.items():
            field.type = cls.__annotations__[name]
        return found


def _frozen(self: object, name: str, _value: object = None) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} is frozen")


def _source(size: int) -> str:
    """An initialiser of `size` fields: one call of a setter for each."""
    params = "".join(f", a{n}" for n in range(size))
    body = "; ".join(f"_{n}(self, a{n})" for n in range(size)) or "pass"
    return f"def init{size}(self{params}): {body}\n"


def initialisers_text(most: int = 36) -> str:
    """The lines of `servec.dsl.initialisers` below its head."""
    names = "".join(f"init{size}, " for size in range(most + 1))
    return "".join(map(_source, range(most + 1))) + f"INITIALISERS = ({names})\n"


def _template(size: int) -> CodeType:
    """The code of an `__init__` of `size` fields, the same for all records of that size."""
    if size < len(INITIALISERS):
        found: CodeType = INITIALISERS[size].__code__
        return found
    space: dict[str, Any] = {}
    exec(_source(size), space)
    made: CodeType = space[f"init{size}"].__code__
    return made


def _compile_init(cls: type) -> Callable[..., None]:
    """The `__init__` of a record: one assignment a field, past the frozen `__setattr__`."""
    names: tuple[str, ...] = cls.__match_args__  # type: ignore[attr-defined]
    defaults: dict[str, object] = cls.__record_defaults__  # type: ignore[attr-defined]
    code = _template(len(names)).replace(co_varnames=("self", *names), co_name="__init__")
    space = {f"_{n}": cls.__dict__[name].__set__ for n, name in enumerate(names)}
    function: Any = type(_template)
    made: Callable[..., None] = function(code, space, "__init__", tuple(defaults.values()))
    return made


def _first_init(self: Any, *args: object, **kwargs: object) -> None:
    cls = type(self)
    cls.__init__ = _compile_init(cls)
    cls.__init__(self, *args, **kwargs)


_READERS: dict[type, Callable[[object], tuple[object, ...]]] = {}


def _reader(cls: Any) -> Callable[[object], tuple[object, ...]]:
    """A function that gives all fields of a record of this class, made when first asked."""
    names: tuple[str, ...] = cls.__match_args__
    made: Callable[[object], tuple[object, ...]]
    if len(names) > 1:
        made = attrgetter(*names)
    else:  # of one name `attrgetter` gives the bare value
        made = lambda self: tuple(getattr(self, name) for name in names)  # noqa: E731
    _READERS[cls] = made
    return made


def _values(self: object) -> tuple[object, ...]:
    cls = type(self)
    return (_READERS.get(cls) or _reader(cls))(self)


def _eq(self: object, other: object) -> bool:
    return type(self) is type(other) and _values(self) == _values(other)


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__name__}({shown})"


def _getstate(self: object) -> tuple[object, ...]:
    return _values(self)


def _setstate(self: Any, state: tuple[object, ...]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        type(self).__dict__[name].__set__(self, value)


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Class decorator: a frozen, slotted dataclass from the annotated fields, in order.

    Defaults must be immutable: they are shared. Records do not inherit fields.
    """
    names = tuple(cls.__annotations__)
    space = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
    defaults = {name: space.pop(name) for name in names if name in space}
    if tuple(defaults) != names[len(names) - len(defaults) :]:
        raise TypeError(f"{cls.__name__}: a field without a default follows one with a default")
    space |= {
        "__slots__": names,
        "__match_args__": names,
        "__record_defaults__": defaults,
        "__dataclass_fields__": _Fields(),
        "__init__": _first_init,
        "__setattr__": _frozen,
        "__delattr__": _frozen,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }
    for name, method in (("__eq__", _eq), ("__hash__", _hash), ("__repr__", _repr)):
        space.setdefault(name, method)
    made: Any = type(cls.__name__, cls.__bases__, space)
    slotted: type[T] = made
    return slotted


def replace(obj: T, **changes: object) -> T:
    """A copy of a record with some fields changed; `TypeError` on an unknown field."""
    cls: Any = type(obj)
    values = list((_READERS.get(cls) or _reader(cls))(obj))
    places = cls.__match_args__.index
    for name, value in changes.items():
        try:
            values[places(name)] = value
        except ValueError:
            raise TypeError(f"{cls.__name__} has no field {name}") from None
    made: T = cls(*values)
    return made
