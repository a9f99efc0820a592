"""A spec in the making: what a launch says, moved option by option into the language."""

from __future__ import annotations

import copy

from servec.targets.shared.importing.literal import literal
from servec.targets.shared.importing.said import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.model import Model
    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.portable import Portable

    Reader = Callable[["Sheet"], None]

GONE = object()


class Sheet:
    """`said` and `env` are the launch's and stay as they are; `rest` and `variables` shrink.

    `fields` holds portable paths with values in native terms, `origin` the options that each came
    from, `on` what a reader wants in the `on` block, `devices` what one replica takes, `there` how
    many a machine is stated to have, 0 where it is not, `judged` whether the line is only judged
    and need not come back word for word, `adapters` name, path and rank of LoRA adapters, `notes`
    comments by path. Options in `kept` stay native whatever the tables say.
    """

    def __init__(
        self,
        table: OptionTable,
        portable: Portable,
        said: Mapping[str, Any],
        env: Mapping[str, str],
        model: Model | None,
        kept: frozenset[str] = frozenset(),
    ) -> None:
        """Start with everything in `rest`."""
        self.table, self.portable, self.model, self.kept = table, portable, model, kept
        self.said = {name: value for name, value in said.items() if name not in kept}
        self.env = env
        self.rest: dict[str, Any] = copy.deepcopy(dict(said))
        self.variables = dict(env)
        self.fields: dict[str, Any] = {}
        self.origin: dict[str, tuple[str, ...]] = {}
        self.on: dict[str, Any] = {}
        self.adapters: list[tuple[str, str, int]] = []
        self.devices, self.there = 1, 0
        self.nodes, self.role = 1, ""
        self.judged = False
        self.notes: dict[str, str] = {}

    def get(self, name: str) -> Any:
        """The value of an option by any of its long names, None where the line lacks it."""
        found = self.table.find(name)
        return self.said.get(found[0].name) if found else None

    def whole(self, name: str, default: int) -> int:
        """A positive whole number that an option holds, else `default`."""
        value = self.get(name)
        fits = isinstance(value, int) and not isinstance(value, bool) and value > 0
        return value if fits else default

    def odd(self, *names: str) -> bool:
        """Whether the line gives one of these options something else than a positive number."""
        values = [self.get(name) for name in names]
        return any(
            value is not None
            and (isinstance(value, bool) or not isinstance(value, int) or value < 1)
            for value in values
        )

    def field(self, path: str, value: Any, *options: str) -> None:
        """Say `path = value`, which uses up whole options; nothing where no field can hold it."""
        if literal(path, value) is None:
            return
        self.fields[path] = value
        self.use(*options)
        self.origin[path] = (*self.origin.get(path, ()), *map(self._name, options))

    def use(self, *options: str) -> None:
        """Take options off the rest: something says them now."""
        for name in options:
            self.rest.pop(self._name(name), None)

    def matches(self, settings: Mapping[str, Any]) -> bool:
        """Whether the line says all of `settings`, and one of them is not yet used up."""
        return (
            bool(settings)
            and all(covers(self._held(name), native) for name, native in settings.items())
            and any(covers(self._held(name, True), native) for name, native in settings.items())
        )

    def take(self, path: str, value: Any, settings: Mapping[str, Any]) -> None:
        """Say `path = value`, which uses up `settings`; the rest of a JSON option stays."""
        if literal(path, value) is None:
            return
        self.fields[path] = value
        for name, native in settings.items():
            if name.startswith("env:"):
                self.variables.pop(name[4:], None)
                continue
            key = self._name(name)
            self.origin[path] = (*self.origin.get(path, ()), key)
            left = _without(self.rest.get(key, GONE), native)
            if left is GONE:
                self.rest.pop(key, None)
            else:
                self.rest[key] = left

    def held(self, name: str) -> Any:
        """What the line says of an option or of a variable (`env:NAME`); None for nothing."""
        found = self._held(name)
        return None if found is GONE else found

    def _held(self, name: str, left: bool = False) -> Any:
        if name.startswith("env:"):
            return (self.variables if left else self.env).get(name[4:], GONE)
        key = self._name(name)
        if key not in self.said:
            return GONE
        return (self.rest if left else self.said).get(key, GONE)

    def _name(self, name: str) -> str:
        found = self.table.find(name)
        return found[0].name if found else name


def covers(said: Any, native: Any) -> bool:
    """Whether a value says all of `native`; a JSON object may say more beside it."""
    if said is GONE:
        return False
    if isinstance(native, dict) and isinstance(said, dict):
        return all(covers(said.get(key, GONE), item) for key, item in native.items())
    return same(said, native)


def _without(value: Any, native: Any) -> Any:
    """`value` less what `native` says; `GONE` where nothing is left."""
    if not isinstance(value, dict) or not isinstance(native, dict):
        return GONE
    left = {}
    for key, item in value.items():
        kept = _without(item, native[key]) if key in native else item
        if kept is not GONE:
            left[key] = kept
    return left or GONE
