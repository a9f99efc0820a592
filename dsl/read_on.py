"""An `on` block: `version`, `image`, `raw_args`, `env`, and the runtime's own options."""

from __future__ import annotations

from servec.dsl.body import OnBody
from servec.dsl.free import read_free
from servec.dsl.limits import MAX_DEPTH
from servec.dsl.native import Native, native_name
from servec.dsl.read_body import not_here, read_variable
from servec.dsl.schema.language import field
from servec.dsl.spec import NativeOption
from servec.dsl.tree import Block, Broken, Number, Relation, Text, Unset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.reader import Reader
    from servec.dsl.tree import Statement

    Path = tuple[str, ...]


def read_on(reader: Reader, block: Block) -> OnBody:
    """What `block` says to its runtime; options are checked against the table later."""
    assert block.label is not None
    on = OnBody(block)
    for node in block.body:
        if type(node) is Relation:
            _relation(reader, on, node)
        elif type(node) is Block and node.name == "env" and node.label is None:
            _env(reader, on, node)
        else:
            _nested(reader, on, node, ())
    return on


def _at(on: OnBody, *names: str) -> str:
    """The path of something in the block: `on.vllm.version`."""
    assert on.block.label is not None
    return ".".join(("on", on.block.label.text, *names))


def _relation(reader: Reader, on: OnBody, node: Relation) -> None:
    known = field("on", node.name.replace("-", "_"))
    head, _, name = node.name.partition(".")
    if known is not None:
        bound = reader.bound(node, known, _at(on, known.path))
        if bound and known.path in on.relations:
            _twice(reader, on, node, (known.path,), on.relations[known.path].span)
        elif bound:
            on.relations[known.path] = bound
    elif head == "env" and name:
        read_variable(reader, node, name, on.env)
    else:
        _option(reader, on, node, ())


def _elsewhere(reader: Reader, on: OnBody, node: Statement, prefix: Path) -> None:
    """A statement that does not stand in the block, or that the parser could not read."""
    if type(node) is not Broken:
        not_here(reader, node)
        return
    from servec.dsl.read_broken import NAME

    found = NAME.match(reader.text[node.start : node.end])
    names = found[1].split(".") if found and found[1] != "unset" else []
    reader.body.broken = True
    reader.body.doubts.add(_at(on, *prefix, *names))


def _env(reader: Reader, on: OnBody, block: Block) -> None:
    for node in block.body:
        if type(node) is Relation:
            read_variable(reader, node, node.name, on.env)
        elif type(node) is Unset:
            reader.body.unsets.append((_at(on, "env", node.path.text), node))
        else:
            _elsewhere(reader, on, node, ("env",))


def _nested(reader: Reader, on: OnBody, node: Statement, prefix: Path) -> None:
    """A statement of an `on` block, or of a nested block in it, that is no plain relation."""
    if type(node) is Relation:
        _option(reader, on, node, prefix)
    elif type(node) is Unset:
        reader.body.unsets.append((_at(on, *prefix, node.path.text), node))
    elif type(node) is Block and node.label is None:
        path_of = _path(reader, prefix, node)
        if path_of and _inside(reader, on, node, path_of) is not None:
            for inner in node.body:
                _nested(reader, on, inner, path_of)
    else:
        _elsewhere(reader, on, node, prefix)


def _path(reader: Reader, prefix: Path, node: Block | Relation) -> Path:
    """The path of a name in its block; empty, and a finding, for one of too many parts."""
    parts = node.name.split(".", MAX_DEPTH)
    if len(prefix) + len(parts) <= MAX_DEPTH:
        return (*prefix, *parts)
    from servec.dsl.checks.srv009_unexpected import name_too_deep

    reader.report(name_too_deep(reader.span(node.start, node.start + len(node.name))))
    return ()


def _inside(
    reader: Reader, on: OnBody, node: Block | Relation, path: Path
) -> dict[str, Native] | None:
    """The options of the nested block at `path`, opened if need be; None where a value stands."""
    options = on.options
    for name in path:
        held = options.get(native_name(name))
        if held is None:
            span = reader.span(node.start, node.end)
            name_span = reader.span(node.start, node.start + len(node.name))
            held = Native(NativeOption(name, span, name_span, is_block=True), {})
            options[native_name(name)] = held
        if held.inside is None:
            _twice(reader, on, node, path, held.option.span)
            return None
        options = held.inside
    return options


def _option(reader: Reader, on: OnBody, node: Relation, prefix: Path) -> None:
    """One option; `a.b = v` is `a { b = v }`."""
    path = _path(reader, prefix, node)
    options = _inside(reader, on, node, path[:-1]) if path else None
    if options is None:
        return
    held = options.get(native_name(path[-1]))
    if held is not None:
        _twice(reader, on, node, path, held.option.span)
        return
    bound = read_free(reader, node, _at(on, *path))
    found = reader.follow(node.value) if bound else None
    if bound is None or found is None:
        return
    written = found[0]
    option = NativeOption(
        name=path[-1],
        span=bound.span,
        name_span=bound.name_span,
        value=bound.value,
        text=bound.text,
        value_span=bound.value_span,
        is_string=type(written) is Text,
        unit=written.unit if type(written) is Number else "",
    )
    options[native_name(path[-1])] = Native(option)


def _twice(reader: Reader, on: OnBody, node: Relation | Block, path: Path, first: Span) -> None:
    from servec.dsl.checks.srv104_twice import option_twice

    reader.report(option_twice(reader, node, first), (_at(on, *path),))
