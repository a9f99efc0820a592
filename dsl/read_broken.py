"""What an error in the name of a field or block leaves in doubt, and what can be read all the same.

A misspelt block that only one name is near to is read under that name, so that what is wrong in it
comes up in the same run. A misspelt field is left out: the paths it may mean are in doubt.
"""

from __future__ import annotations

import re

from servec.dsl.doubt import ANYTHING
from servec.dsl.nearest import nearest
from servec.dsl.record import replace
from servec.dsl.schema.language import blocks, field
from servec.dsl.tree import Block, Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.reader import Reader
    from servec.dsl.tree import Broken, Statement

NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*)\s*(.*)", re.DOTALL)
ELSEWHERE = ("import", "let", "servec", "assert")
"""Statements of which no field hangs."""


def read_broken(reader: Reader, node: Broken, prefix: str) -> None:
    """A statement that the parser reported: what its first word names is in doubt.

    The statements of a block behind a header that could not be read are read if that word is its
    name.
    """
    reader.body.broken = True
    found = NAME.match(reader.text[node.start : node.end])
    name = found[1] if found else ""
    if name in ELSEWHERE:
        return
    path = prefix + name
    known = blocks(reader.place).get(path) if name else None
    if known is not None and node.body and "label" not in known:
        from servec.dsl.read_body import read_statements

        read_statements(reader, node.body, path + ".")
    elif not name or name == "unset":
        reader.body.doubts.add(ANYTHING if name else prefix + "*")
    elif known is not None or field(reader.place, path):
        reader.body.doubts.add(path)
    else:
        from servec.dsl.checks.srv102_unknown_field import meant

        reader.body.doubts.update(meant(reader, name, prefix))


def read_unknown(reader: Reader, node: Block, path: str) -> Block | None:
    """Report a block that its place does not have; the block that was meant, if that is certain."""
    from servec.dsl.checks.srv101_unknown_block import unknown_block

    finding, near = unknown_block(reader, node, path)
    here = path[: len(path) - len(node.name)]
    known = blocks(reader.place)
    if len(near) == 1 and ("label" in known[here + near[0]]) == (node.label is not None):
        reader.report(finding)
        return replace(node, name=near[0])
    doubts = [here + name for name in near]
    doubts += [p for p in known if p == path or p.endswith("." + node.name) or p == node.name]
    if field(reader.place, path):
        doubts.append(path)
    if node.label is not None and not doubts:
        doubts = [name for name, row in known.items() if "label" in row]
    reader.report(finding, doubts or _named_in(reader, node.body))
    return None


def _named_in(reader: Reader, statements: Iterable[Statement]) -> list[str]:
    """The fields whose names stand in a block that is not known."""
    from servec.dsl.schema.language import fields

    names = {node.name.rpartition(".")[2] for node in statements if type(node) is Relation}
    return [f.path for f in fields(reader.place) if f.path.rpartition(".")[2] in names]


def read_unlisted(reader: Reader, node: Block, path: str, choices: tuple[str, ...]) -> Block | None:
    """Report a role or runtime that does not exist; the block under the one name near to it.

    Of roles the other one may be meant, which then does not stand alone.
    """
    from servec.dsl.checks.srv114_value import label_outside

    assert node.label is not None
    near = nearest(node.label.text, choices)
    certain = len(near) == 1 and path == "on"
    reader.report(label_outside(reader, node, choices), () if certain else (path,))
    if len(near) != 1:
        return None
    return replace(node, label=replace(node.label, text=near[0]))
