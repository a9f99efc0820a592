"""Which statement of a spec stands for which part of the launch that it was read from."""

from __future__ import annotations

import json
import shlex

from servec.dsl.record import record
from servec.dsl.whole import whole
from servec.targets.shared.importing.read import MODEL_OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.cli.retold.launch import Launch, Place
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Bound, NativeOption, Spec

HEAD = {
    "hardware": ("hardware",),
    "target": ("program",),
    "model": MODEL_OPTIONS,
    "nodes": ("nnodes",),
}
"""What stands before the blocks, and the parts of a launch that it comes from."""


@record
class Anchor:
    """A statement: its bytes, its path in the language, its value as written, where name and value
    stand, and what of the launch said it."""

    start: int
    end: int
    path: str
    text: str
    name_span: Span
    value_span: Span | None
    places: tuple[Place, ...]


class Anchors:
    """The statements of one deployment, and what of the launch each stands for."""

    def __init__(
        self, spec: Spec, launch: Launch, origin: Mapping[str, tuple[str, ...]], table: OptionTable
    ) -> None:
        """`origin`: the options that each path was read from."""
        self.launch = launch
        self._origin, self._table = origin, table
        self.all = tuple(self._statements(spec))

    def at(self, span: Span) -> Anchor | None:
        """The innermost statement that a span begins in."""
        within = [item for item in self.all if item.start <= span.start < item.end]
        return min(within, key=lambda item: item.end - item.start, default=None)

    def named(self, name: str) -> Anchor | None:
        """The statement of a path, or of a path that ends so where there is only one."""
        exact = [item for item in self.all if item.path == name]
        ending = [item for item in self.all if item.path.endswith("." + name)]
        found = exact or ending
        return found[0] if len(found) == 1 else None

    def option(self, name: str) -> Place | None:
        """Where an option or variable stands in the launch, by any of its names."""
        places = self.launch.places
        bare = name.lstrip("-").replace("_", "-")
        known = self._table.find(bare)
        keys = (f"env.{name}", bare, known[0].name if known else "")
        return next((places[key] for key in keys if key in places), None)

    def flag(self, name: str) -> str:
        """The flag of an option as the line has it, else as its table has; "" for no option."""
        place, known = self.option(name), self._table.option(name)
        if place is not None and place.flag:
            return place.flag.rstrip(" =")
        flags = known.flags if known is not None else ()
        flag = f"--{name}" if f"--{name}" in flags else next(iter(flags), "")
        return flag.lstrip("-").replace("-", "_") if self.launch.keywords else flag

    def written(self, path: str, value: str) -> str:
        """What a field and its value are on a line of the runtime, or in its options file; "" where
        no option says just that."""
        from servec.targets.shared.portable import load_portable
        from servec.targets.shared.settings import Settings

        number = whole(value)
        typed = {"true": True, "false": False}.get(value, value if number is None else number)
        said = load_portable(self._table.runtime, self._table.version).settings(path, typed)
        if not said or not all(self._table.option(name) for name in said):
            return ""
        made = Settings(self._table)
        for name, word in said.items():
            made.set(name, word)
        if self.launch.keywords:
            words = {**made.flags(), **made.filed()}
            return ", ".join(f"{key.replace('-', '_')}={word!r}" for key, word in words.items())
        keys = (f"{key}: {json.dumps(word)}" for key, word in made.filed().items())
        return "; ".join(filter(None, (shlex.join(made.argv()), *keys)))

    def _statements(self, spec: Spec) -> Iterator[Anchor]:
        for path, setting in spec.settings.items():
            for bound in (setting.eq, setting.le, setting.ge):
                if bound is not None:
                    yield self._anchor(path, bound, self._read_from(path))
        for name, bound in spec.env.items():
            yield self._anchor(f"env.{name}", bound, (f"env.{name}",))
        for block in spec.on.values():
            if block.version is not None:
                yield self._anchor("version", block.version, ("version",))
            for item in block.options:
                yield self._anchor(item.name, item, (item.name,))

    def _anchor(self, path: str, item: Bound | NativeOption, names: tuple[str, ...]) -> Anchor:
        span, places = item.span, self._places(names)
        name, value = item.name_span, item.value_span
        return Anchor(span.start, span.end, path, item.text, name, value, places)

    def _read_from(self, path: str) -> tuple[str, ...]:
        return self._origin.get(path) or HEAD.get(path, ())

    def _places(self, names: tuple[str, ...]) -> tuple[Place, ...]:
        found: dict[str, Any] = {}
        for name in names:
            known = self._table.find(name)
            for key in (name, known[0].name if known else name):
                if key in self.launch.places:
                    found.setdefault(key, self.launch.places[key])
        return tuple(found.values())
