"""What may stand at a cursor: fields, blocks, words of a field, native options of a runtime."""

from __future__ import annotations

from servec.cli.lsp.native import native_names, native_values
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from servec.cli.lsp.cursor import Cursor

    Kind = Literal["field", "block", "value"]


@record
class Offer:
    """`text` may be written; `detail` is one line about it, `doc` more."""

    text: str
    kind: Kind
    detail: str = ""
    doc: str = ""


def offers(at: Cursor, data: bytes) -> tuple[Offer, ...]:
    """Everything that may stand at the cursor, in the order of the language reference."""
    if at.sign:
        return tuple(_values(at, data))
    if at.name:
        return tuple(_labels(at))
    return tuple(_names(at, data))


def _names(at: Cursor, data: bytes) -> Iterator[Offer]:
    from servec.dsl.kinds import takes
    from servec.dsl.schema.language import blocks, fields

    inside = f"{at.block}." if at.block else ""
    for each in fields(at.place):
        if each.path.startswith(inside) and (inside or "." not in each.path):
            detail = f"{takes(each)}; default: {each.default}" if each.default else takes(each)
            yield Offer(each.path[len(inside) :], "field", detail, each.doc)
    for path, row in blocks(at.place).items():
        if path.startswith(inside) and path != at.block and "." not in path[len(inside) :]:
            yield Offer(path[len(inside) :], "block", row.get("label", ""), row["doc"])
    if at.place == "on" and not at.block:
        for name, detail in native_names(at.runtime, data):
            yield Offer(name, "field", detail)


def _labels(at: Cursor) -> Iterator[Offer]:
    """What stands behind the name of a block: a runtime behind `on`."""
    if at.name == "on":
        from servec.targets import TARGETS

        yield from (Offer(target.name, "value") for target in TARGETS)


def _values(at: Cursor, data: bytes) -> Iterator[Offer]:
    from servec.dsl.schema.language import field

    known = field(at.place, at.path)
    if known is None:
        if at.place == "on":
            for value in native_values(at.runtime, at.name, data):
                yield Offer(value, "value")
        return
    yield from (Offer(word, "value") for word in known.choices)
    if "boolean" in known.kinds:
        yield from (Offer(word, "value") for word in ("true", "false"))
    yield from _catalogue(at)


def _catalogue(at: Cursor) -> Iterator[Offer]:
    """Names that a table of the package holds."""
    if at.path == "model":
        from servec.compiler.catalogue.models import model_names

        for name in model_names():
            yield Offer(f'"{name}"' if "/" in name else name, "value")
    elif at.path == "hardware":
        from servec.compiler.catalogue.devices import names

        yield from (Offer(name, "value") for name in names())
    elif at.path in ("target", "candidates"):
        from servec.targets import TARGETS

        yield from (Offer(target.name, "value") for target in TARGETS)
    elif at.place == "on" and at.path == "version":
        from servec.targets.shared.table import versions

        yield from (Offer(f'"{name}"', "value") for name in reversed(versions(at.runtime)))
