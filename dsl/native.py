"""The options of an `on` block as a tree, while bodies are read and merged."""

from __future__ import annotations

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import NativeOption


class Native:
    """One option, or a nested block with the options `inside` it (None for a plain option).

    Names are keys with `_` read as `-`, since the two are equal.
    """

    __slots__ = ("inside", "option")

    def __init__(self, option: NativeOption, inside: dict[str, Native] | None = None) -> None:
        """An option as it is said."""
        self.option = option
        self.inside = inside

    def copy(self) -> Native:
        """The same, to be merged into."""
        if self.inside is None:
            return self
        return Native(self.option, {name: each.copy() for name, each in self.inside.items()})

    def frozen(self) -> NativeOption:
        """The option that the later stages read."""
        if self.inside is None:
            return self.option
        children = tuple(each.frozen() for each in self.inside.values())
        return replace(self.option, children=children)


def native_name(name: str) -> str:
    """The key of an option's name."""
    return name.replace("_", "-")


def merge_natives(into: dict[str, Native], later: dict[str, Native]) -> None:
    """What is said later replaces an option; nested blocks merge by option."""
    for name, each in later.items():
        held = into.get(name)
        if held is None or held.inside is None or each.inside is None:
            into[name] = each.copy()
        else:
            held.option = each.option
            merge_natives(held.inside, each.inside)


def drop_native(options: dict[str, Native], path: list[str]) -> bool:
    """Remove the option or nested block at `path`; false where there is none."""
    for name in path[:-1]:
        held = options.get(native_name(name))
        if held is None or held.inside is None:
            return False
        options = held.inside
    return options.pop(native_name(path[-1]), None) is not None
