"""What several bodies said to one runtime, merged in their order."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.dsl.spec import NativeOption, OnBlock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import OnBody
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Bound

    Path = tuple[str, ...]


class MergedOn:
    """What was said to one runtime so far; see `OnBody` for `options`."""

    __slots__ = ("env", "name", "options", "relations", "span")

    def __init__(self, name: str, span: Span) -> None:
        """Nothing said yet; `span` is that of the last block."""
        self.name = name
        self.span = span
        self.relations: dict[str, Bound] = {}
        self.options: dict[Path, NativeOption] = {}
        self.env: dict[str, Bound] = {}

    def copy(self) -> MergedOn:
        """The same, to be changed for a role."""
        made = MergedOn(self.name, self.span)
        made.relations = dict(self.relations)
        made.options = dict(self.options)
        made.env = dict(self.env)
        return made

    def apply(self, body: OnBody, span: Span) -> None:
        """A later block: options by name, nested blocks by option, lists whole."""
        self.span = span
        self.relations.update(body.relations)
        self.env.update(body.env)
        for path, option in body.options.items():
            held = self.options.get(path)
            if held is not None and held.is_block != option.is_block:
                self._drop(path)
            self.options[path] = option

    def _drop(self, path: Path) -> bool:
        gone = [key for key in self.options if key[: len(path)] == path]
        for key in gone:
            del self.options[key]
        return bool(gone)

    def unset(self, parts: list[str]) -> bool:
        """Remove what stands at or under a path inside the block; false where nothing does."""
        if parts[0] == "env":
            return drop_names(self.env, ".".join(parts[1:]))
        if self.relations.pop(parts[0].replace("-", "_"), None) is not None:
            return True
        return self._drop(tuple(part.replace("_", "-") for part in parts))

    def frozen(self) -> OnBlock:
        """The block that the later stages read."""
        under: dict[Path, list[Path]] = {}
        for path in self.options:
            under.setdefault(path[:-1], []).append(path)
        return OnBlock(
            self.name,
            self.span,
            self.relations.get("version"),
            self.relations.get("image"),
            self._children((), under),
            self.relations.get("raw_args"),
            self.env,
        )

    def _children(self, path: Path, under: dict[Path, list[Path]]) -> tuple[NativeOption, ...]:
        found = (self.options[inner] for inner in under.get(path, ()))
        return tuple(
            replace(option, children=self._children((*path, _key(option)), under))
            if option.is_block
            else option
            for option in found
        )


def _key(option: NativeOption) -> str:
    return option.name.replace("_", "-")


def drop_names(held: dict[str, Bound], name: str) -> bool:
    """Remove one name, or all where it is empty; false where there was nothing."""
    if name:
        return held.pop(name, None) is not None
    found = bool(held)
    held.clear()
    return found
