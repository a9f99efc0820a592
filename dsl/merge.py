"""Bodies applied one after another: what holds in the end."""

from __future__ import annotations

from servec.dsl.diagnostic import Span
from servec.dsl.merged_on import MergedOn, drop_names
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.body import Body
    from servec.dsl.spec import Adapter, Assert, Bound
    from servec.dsl.tree import Unset


class Merged:
    """What holds after the bodies applied so far."""

    __slots__ = (
        "adapters",
        "asserts",
        "broken",
        "doubts",
        "env",
        "on",
        "overrides",
        "roles",
        "settings",
        "settled",
        "template_args",
    )

    def __init__(self) -> None:
        """Nothing said yet."""
        self.settings: dict[str, dict[str, Bound]] = {}
        self.env: dict[str, Bound] = {}
        self.template_args: dict[str, Bound] = {}
        self.overrides: dict[str, Bound] = {}
        self.on: dict[str, MergedOn] = {}
        self.adapters: dict[str, Adapter] = {}
        self.roles: dict[str, list[Body]] = {}
        self.asserts: dict[Span, Assert] = {}
        self.broken = False
        self.doubts: set[str] = set()
        self.settled: set[str] = set()

    def role_copy(self) -> Merged:
        """What a role starts from: all but the roles, and the asserts, which stay the whole's."""
        made = Merged()
        made.settings = {path: dict(said) for path, said in self.settings.items()}
        made.env = dict(self.env)
        made.template_args = dict(self.template_args)
        made.overrides = dict(self.overrides)
        made.on = {name: on.copy() for name, on in self.on.items()}
        made.adapters = dict(self.adapters)
        made.broken = self.broken
        made.doubts, made.settled = set(self.doubts), set(self.settled)
        return made

    def apply(self, body: Body) -> list[tuple[Body, str, Unset]]:
        """Apply a body; returns those of its `unset`s that met nothing (SRV107)."""
        missed = [(body, path, node) for path, node in body.unsets if not self._unset(path)]
        self.broken = self.broken or body.broken
        if self.doubts or body.doubts:
            self._doubt(body)
        for path, said in body.relations.items():
            if path != "extends":
                self._relate(path, said)
        self.env.update(body.env)
        self.template_args.update(body.template_args)
        self.overrides.update(body.overrides)
        self.adapters.update(body.adapters)
        for name, on in body.on.items():
            span = Span(body.scope.file.path, on.block.start, on.block.end)
            self.on.setdefault(name, MergedOn(name, span)).apply(on, span)
        for role, inner in body.roles.items():
            self.roles.setdefault(role, []).append(inner)
        for added in body.asserts:
            self.asserts[added.span] = added
        return missed

    def _doubt(self, body: Body) -> None:
        """Take over what is in doubt; what a later body says is settled, whatever stood before."""
        from servec.dsl.doubt import covered

        kept = {path for path in self.settled if not covered(body.doubts, path)}
        self.settled = (set(body.relations) - body.doubts) | kept
        self.doubts |= body.doubts

    def in_doubt(self, path: str) -> bool:
        """Whether what holds of a path is not known, for an error in a line that may be meant."""
        if not self.doubts or path in self.settled:
            return False
        from servec.dsl.doubt import covered

        return covered(self.doubts, path)

    def doubt(self, *paths: str) -> None:
        """Leave paths undetermined: an error was found in what is said of them."""
        self.broken = True
        self.doubts.update(paths)
        self.settled.difference_update(paths)

    def _relate(self, path: str, said: dict[str, Bound]) -> None:
        """`=` replaces all of the path; a bound replaces a pin and the bound of its own sign."""
        if "=" in said:
            self.settings[path] = dict(said)
            return
        held = self.settings.setdefault(path, {})
        held.pop("=", None)
        held.update(said)

    def _unset(self, path: str) -> bool:
        """Remove what was inherited at or under `path`; false where there was nothing."""
        under = path + "."
        gone = [key for key in self.settings if key == path or key.startswith(under)]
        for key in gone:
            del self.settings[key]
        named = self._unset_named(path)
        return bool(gone) or named

    def _unset_named(self, path: str) -> bool:
        head, _, rest = path.partition(".")
        if head == "env":
            return drop_names(self.env, rest)
        if head == "on":
            return self._unset_on(rest)
        if head == "role":
            return _pop(self.roles, rest)
        if head == "lora":
            second, _, name = rest.partition(".")
            return second in ("", "adapter") and _pop(self.adapters, name)
        second, _, name = rest.partition(".")
        if head == "api":
            return second in ("", "template_args") and drop_names(self.template_args, name)
        if head == "checkpoint":
            return drop_names(self.overrides, rest)
        return False

    def _unset_on(self, rest: str) -> bool:
        name, _, inner = rest.partition(".")
        if inner:
            return name in self.on and self.on[name].unset(inner.split("."))
        return _pop(self.on, name)

    def frozen(self) -> dict[str, Setting]:
        """The settings that the later stages read, without those in doubt."""
        return {
            path: Setting(said.get("="), said.get("<="), said.get(">="))
            for path, said in self.settings.items()
            if not self.in_doubt(path)
        }


def _pop(held: dict[str, Any], name: str) -> bool:
    """Remove one entry, or all where the name is empty; false where there was nothing."""
    if name:
        return held.pop(name, None) is not None
    found = bool(held)
    held.clear()
    return found
