"""Where a name under the cursor is given its meaning: a `let`, a profile, an imported file."""

from __future__ import annotations

import os

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.lsp.cursor import Cursor
    from servec.dsl.sources import Sources
    from servec.dsl.tree import File


@record
class Meant:
    """A range of bytes of a file."""

    path: str
    start: int
    end: int


def meant(at: Cursor, path: str, sources: Sources) -> Meant | None:
    """The definition of what stands under the cursor in the file `path`, or None."""
    from servec.dsl.parse import parse

    file = parse(path, sources.read(path) or b"")
    word = at.whole.strip('"')
    if at.name == "import":
        return Meant(_beside(path, word), 0, 0)
    name = word.removeprefix("$")
    alias, dot, rest = name.partition(".")
    if dot:
        other = _imported(file, path, alias)
        if other and sources.read(other) is not None:
            return _named(parse(other, sources.read(other) or b""), rest)
    return _named(file, name)


def _named(file: File, name: str) -> Meant | None:
    from servec.dsl.tree import Block, Let

    for each in file.statements:
        if isinstance(each, Let) and each.name.text == name:
            return Meant(file.path, each.name.start, each.name.end)
        if isinstance(each, Block) and each.label is not None and each.label.text == name:
            return Meant(file.path, each.label.start, each.label.end)
    return None


def _imported(file: File, path: str, alias: str) -> str:
    from servec.dsl.tree import Import

    for each in file.statements:
        if isinstance(each, Import) and each.alias.text == alias:
            return _beside(path, each.path.text)
    return ""


def _beside(path: str, name: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(path), name)).replace(os.sep, "/")
