"""A resolved deployment: every path of the language with its value and the line that set it.

Values are held in base units: seconds, bytes, tokens, requests, watts, USD/h and shares from 0 to 1
as exact fractions; whole numbers as int; words and strings as str; booleans as bool; lists as
tuples; `h200 x 8` as `Count`. Paths are those of the language reference (`slo.ttft.p95`,
`limits.context`, `model`).
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal, TypeAlias

    from servec.dsl.diagnostic import Span

    Op = Literal["=", "<=", ">="]
    Value: TypeAlias = "Fraction | int | str | bool | Count | tuple[Value, ...]"


@record
class Count:
    """`kind x number`, as in `h200 x 8`."""

    kind: str
    number: int


@record
class Bound:
    """One relation. `text` is the value as written, `name_span` the name, `span` the whole line.

    Where the value is a reference (`tensor = $gpus`), `text` is that of the value it stands for,
    `value_span` the reference and `origin` the value in its `let`.
    """

    op: Op
    value: Value
    text: str
    span: Span
    name_span: Span
    value_span: Span
    origin: Span | None = None


@record
class Setting:
    """All that the spec says of one path: pinned (`eq`) or bounded (`le`, `ge`)."""

    eq: Bound | None = None
    le: Bound | None = None
    ge: Bound | None = None

    @property
    def first(self) -> Bound:
        """The relation to point at: the pin, else a bound."""
        found = self.eq or self.le or self.ge
        assert found is not None
        return found


@record
class NativeOption:
    """An option of an `on` block: `value` of a plain one, `children` of a nested block.

    `name` is as written. A number with a unit is held in base units, with its `unit` beside it;
    `is_string` tells `"true"` from `true`; `is_block` tells `name { }` from a value.
    """

    name: str
    span: Span
    name_span: Span
    value: Value | None = None
    text: str = ""
    value_span: Span | None = None
    children: tuple[NativeOption, ...] = ()
    is_string: bool = False
    unit: str = ""
    is_block: bool = False


@record
class OnBlock:
    """What the spec says to one runtime, past the portable fields."""

    runtime: str
    span: Span
    version: Bound | None = None
    image: Bound | None = None
    options: tuple[NativeOption, ...] = ()
    raw_args: Bound | None = None
    env: Mapping[str, Bound] = {}


@record
class Adapter:
    """A LoRA adapter; `name_span` is its label."""

    name: str
    span: Span
    name_span: Span
    path: Bound
    rank: Bound


@record
class Assert:
    """`assert path op value else "why"`, judged after planning. `value` in base units.

    `path` is as written; `role` is the role whose body holds the assert, or "". The value of a
    path that the schema does not know is read as it stands, without a range.
    """

    path: str
    op: Op
    value: Value
    text: str
    why: str
    span: Span
    path_span: Span
    role: str = ""


@record
class Spec:
    """One deployment, or one role of it, with profiles, references and roles resolved.

    A role is a copy of its deployment with its own body merged in; its asserts are its own.
    `overrides` are values of `checkpoint.overrides` and `.loader`, by their names joined with dots.
    `broken`: the front end found an error in it. `doubts` are the paths whose values an error left
    unknown (`servec.dsl.doubt`): nothing stands in `settings` for them, and rules that hang on them
    abstain.
    """

    name: str
    file: str
    span: Span
    name_span: Span
    settings: Mapping[str, Setting]
    env: Mapping[str, Bound] = {}
    on: Mapping[str, OnBlock] = {}
    adapters: tuple[Adapter, ...] = ()
    asserts: tuple[Assert, ...] = ()
    roles: Mapping[str, Spec] = {}
    role: str = ""
    template_args: Mapping[str, Bound] = {}
    overrides: Mapping[str, Bound] = {}
    broken: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what the deployment says: no positions, comments, or units as written."""
        from servec.dsl.digest import digest

        return digest(self)

    def setting(self, path: str) -> Setting | None:
        """What was said of `path`, or None."""
        return self.settings.get(path)

    def pin(self, path: str) -> Bound | None:
        """The `=` relation on `path`, or None."""
        found = self.settings.get(path)
        return found.eq if found else None

    def upper(self, path: str) -> Bound | None:
        """The relation that bounds `path` from above: `=` or `<=`."""
        found = self.settings.get(path)
        return (found.eq or found.le) if found else None

    def lower(self, path: str) -> Bound | None:
        """The relation that bounds `path` from below: `=` or `>=`."""
        found = self.settings.get(path)
        return (found.eq or found.ge) if found else None

    def word(self, path: str) -> str | None:
        """The pinned word or string at `path`."""
        found = self.pin(path)
        return found.value if found and isinstance(found.value, str) else None

    def flag(self, path: str) -> bool | None:
        """The pinned boolean at `path`."""
        found = self.pin(path)
        return found.value if found and isinstance(found.value, bool) else None

    def whole(self, path: str) -> int | None:
        """The pinned whole number at `path` (counts, tokens)."""
        found = self.pin(path)
        return int(found.value) if found and isinstance(found.value, (int, Fraction)) else None

    def number(self, path: str) -> Fraction | None:
        """The pinned number at `path`, in base units."""
        found = self.pin(path)
        if found is None or isinstance(found.value, bool):
            return None
        return Fraction(found.value) if isinstance(found.value, (int, Fraction)) else None

    def words(self, path: str) -> tuple[str, ...]:
        """The pinned word or list of words at `path`; empty where nothing is said."""
        found = self.pin(path)
        if found is None:
            return ()
        items = found.value if isinstance(found.value, tuple) else (found.value,)
        return tuple(item for item in items if isinstance(item, str))

    def counts(self, path: str = "hardware") -> tuple[Count, ...]:
        """The pinned count or list of counts at `path`."""
        found = self.pin(path)
        if found is None:
            return ()
        items = found.value if isinstance(found.value, tuple) else (found.value,)
        return tuple(item for item in items if isinstance(item, Count))

    def span_of(self, path: str) -> Span:
        """Where to point for `path`: its relation, else the deployment's name."""
        found = self.settings.get(path)
        return found.first.span if found else self.name_span

    def admits(self, path: str, value: int | Fraction) -> bool:
        """Whether a number lies within everything that was said of `path`."""
        found = self.settings.get(path)
        if found is None:
            return True
        if found.eq:
            return found.eq.value == value
        low: Any = found.ge.value if found.ge else value
        high: Any = found.le.value if found.le else value
        return bool(low <= value <= high)

    def paths(self, prefix: str = "") -> Iterator[str]:
        """Every path said, in alphabetical order, at or under `prefix`."""
        for path in sorted(self.settings):
            if not prefix or path == prefix or path.startswith(prefix + "."):
                yield path
