"""The labelled blocks inside a body: `on`, `role`, `adapter`, `pool` and `place`."""

from __future__ import annotations

from servec.dsl.read_body import read_body
from servec.dsl.schema.language import field
from servec.dsl.spec import Adapter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from servec.dsl.body import Body
    from servec.dsl.reader import Reader
    from servec.dsl.schema.language import Place
    from servec.dsl.tree import Block

ROLES = ("prefill", "decode")


def read_labelled(reader: Reader, node: Block, path: str) -> None:
    """Read a labelled block into the reader's body."""
    assert node.label is not None
    name = node.label.text
    if path == "on":
        runtimes = field("deployment", "candidates")
        if _label_is_good(reader, node, runtimes.choices if runtimes else (), reader.body.on):
            from servec.dsl.read_on import read_on

            reader.body.on[name] = read_on(reader, node)
    elif path == "role":
        if _label_is_good(reader, node, ROLES, reader.body.roles):
            reader.body.roles[name] = _part(reader, node, reader.place, name)
    elif path == "lora.adapter":
        if _label_is_good(reader, node, (), reader.body.adapters):
            _adapter(reader, node, name)
    else:
        said = {name} if (path, name) in reader.body.parts else ()
        if _label_is_good(reader, node, (), said):
            place: Place = "pool" if path == "pool" else "place"
            reader.body.parts[path, name] = _part(reader, node, place, "")


def _part(reader: Reader, node: Block, place: Place, role: str) -> Body:
    inner = read_body(reader.scope, node, place, reader.program, role)
    reader.body.broken = reader.body.broken or inner.broken
    return inner


def _label_is_good(
    reader: Reader, node: Block, choices: tuple[str, ...], said: Collection[str]
) -> bool:
    assert node.label is not None
    if not node.label.text or (choices and node.label.text not in choices):
        from servec.dsl.checks.srv114_value import label_outside

        reader.report(label_outside(reader, node, choices))
        return False
    if node.label.text in said:
        from servec.dsl.checks.srv104_twice import block_twice

        reader.report(block_twice(reader, node))
        return False
    return True


def _adapter(reader: Reader, node: Block, name: str) -> None:
    assert node.label is not None
    inner = read_body(reader.scope, node, "adapter", reader.program)
    said = {path: signs["="] for path, signs in inner.relations.items()}
    missing = [path for path in ("path", "rank") if path not in said]
    if missing and not inner.broken:
        from servec.dsl.checks.srv117_required import block_lacks

        reader.report(block_lacks(inner, missing))
    if missing or inner.broken:
        reader.body.broken = True
        return
    reader.body.adapters[name] = Adapter(
        name,
        reader.span(node.start, node.end),
        reader.span(node.label.start, node.label.end),
        said["path"],
        said["rank"],
    )
