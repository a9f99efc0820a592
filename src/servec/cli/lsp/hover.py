"""What is said of the word under the cursor, as Markdown."""

from __future__ import annotations

from servec.cli.lsp.native import described, table_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.lsp.cursor import Cursor


def hover(at: Cursor, data: bytes) -> str:
    """The text for a cursor; "" where nothing is known of what it stands on."""
    word = at.whole.strip('"')
    if at.sign:
        return _value(at, word) or _field(at)
    if not at.name and word:
        return _name(at, word) or _native(at, word, data)
    return ""


def _name(at: Cursor, word: str) -> str:
    from servec.dsl.schema.language import blocks

    path = at.path_of(word)
    row = blocks(at.place).get(path)
    if row is not None:
        return f"`{path} {{ … }}`: {row['doc']}"
    return _described(at, path)


def _field(at: Cursor) -> str:
    return _described(at, at.path)


def _described(at: Cursor, path: str) -> str:
    from servec.dsl.kinds import takes
    from servec.dsl.schema.language import field

    known = field(at.place, path)
    if known is None:
        return ""
    lines = [f"`{path}`: {known.doc}", "", f"takes {takes(known)}; {' or '.join(known.ops)}"]
    if known.choices:
        lines.append(f"one of {', '.join(f'`{word}`' for word in known.choices)}")
    if known.default:
        lines.append(f"default: {known.default}")
    return "  \n".join(lines)


def _native(at: Cursor, word: str, data: bytes) -> str:
    table = table_for(at.runtime, data) if at.runtime else None
    option = table.option(word) if table is not None else None
    if table is None or option is None:
        return ""
    return f"`{option.long}` of {table.runtime} {table.version}: {described(option)}"


def _value(at: Cursor, word: str) -> str:
    if at.path == "model":
        return _model(word)
    if at.path == "hardware":
        return _device(word)
    return ""


def _model(word: str) -> str:
    from servec.compiler.catalogue.models import find_model

    model = find_model(word)
    if model is None:
        return ""
    return "  \n".join(
        (
            f"`{model.id}`",
            f"{model.total / 1e9:.1f} B parameters, {model.active / 1e9:.1f} B active",
            f"{model.layers} layers, context {model.max_context} tokens",
            f"weights: {model.quant.scheme}",
        )
    )


def _device(word: str) -> str:
    from servec.compiler.catalogue.devices import find_device

    device = find_device(word)
    if device is None or device.any:
        return ""
    if device.bare:
        return f"`{device.name}` ({device.vendor}, {device.arch}): no memory, no rates are known"
    return "  \n".join(
        (
            f"`{device.name}` ({device.vendor}, {device.arch})",
            f"{device.memory / 2**30:.1f} GiB at {device.bandwidth / 1e9:.0f} GB/s",
            f"link: {device.link}, {device.domain} in a domain",
        )
    )
