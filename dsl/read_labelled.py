"""The labelled blocks inside a body: `on`, `role`, `adapter`, `pool` and `place`."""

from __future__ import annotations

from servec.dsl.read_body import read_body
from servec.dsl.schema.language import field
from servec.dsl.spec import Adapter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from servec.dsl.body import Body, OnBody
    from servec.dsl.reader import Reader
    from servec.dsl.schema.language import Place
    from servec.dsl.tree import Block

ROLES = ("prefill", "decode")


def read_labelled(reader: Reader, node: Block, path: str) -> None:
    """Read a labelled block into the reader's body."""
    good = _well_labelled(reader, node, path)
    if good is None:
        return
    assert good.label is not None
    name = good.label.text
    if path == "on":
        from servec.dsl.read_on import read_on

        _keep(reader.body.on, name, read_on(reader, good))
    elif path == "role":
        reader.body.roles.setdefault(name, _part(reader, good, reader.place, name))
    elif path == "lora.adapter":
        _adapter(reader, good, name)
    else:
        place: Place = "pool" if path == "pool" else "place"
        reader.body.parts.setdefault((path, name), _part(reader, good, place, ""))


def _keep(held: dict[str, OnBody], name: str, on: OnBody) -> None:
    """Keep a block; of a second one for a runtime the options that the first does not say."""
    first = held.setdefault(name, on)
    if first is not on:
        first.options = {**on.options, **first.options}


def _part(reader: Reader, node: Block, place: Place, role: str) -> Body:
    inner = read_body(reader.scope, node, place, reader.program, role)
    reader.body.broken = reader.body.broken or inner.broken
    return inner


def _well_labelled(reader: Reader, node: Block, path: str) -> Block | None:
    """The block, under the one name that a misspelt label is near to; None where it is not read.

    A second one of its name is read, too: what is wrong in it comes up with that.
    """
    assert node.label is not None
    choices = _choices(path)
    if not node.label.text or (choices and node.label.text not in choices):
        from servec.dsl.read_broken import read_unlisted

        meant = read_unlisted(reader, node, path, choices)
        if meant is None:
            return None
        node = meant
    assert node.label is not None
    if node.label.text in _said(reader.body, path):
        from servec.dsl.checks.srv104_twice import block_twice

        reader.report(block_twice(reader, node), (f"{path}.{node.label.text}",))
    return node


def _choices(path: str) -> tuple[str, ...]:
    """The labels that there are; empty where any will do."""
    if path == "on":
        runtimes = field("deployment", "candidates")
        return runtimes.choices if runtimes else ()
    return ROLES if path == "role" else ()


def _said(body: Body, path: str) -> Collection[str]:
    """The labels that the body has given."""
    if path == "on":
        return body.on
    if path == "role":
        return body.roles
    if path == "lora.adapter":
        return body.adapters
    return [label for kind, label in body.parts if kind == path]


def _adapter(reader: Reader, node: Block, name: str) -> None:
    assert node.label is not None
    inner = read_body(reader.scope, node, "adapter", reader.program)
    said = {path: signs["="] for path, signs in inner.relations.items()}
    missing = [path for path in ("path", "rank") if path not in said]
    missing = [path for path in missing if not inner.in_doubt(path)]
    if missing:
        from servec.dsl.checks.srv117_required import block_lacks

        reader.report(block_lacks(inner, missing))
    if missing or inner.broken:
        reader.body.broken = True
        reader.body.doubts.add("lora")
        return
    made = Adapter(
        name,
        reader.span(node.start, node.end),
        reader.span(node.label.start, node.label.end),
        said["path"],
        said["rank"],
    )
    reader.body.adapters.setdefault(name, made)
