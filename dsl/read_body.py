"""A block of the tree to its `Body`: names looked up, values typed, each with its place kept."""

from __future__ import annotations

from servec.dsl.body import Body
from servec.dsl.reader import Reader
from servec.dsl.schema.field import make_field
from servec.dsl.schema.language import blocks, field
from servec.dsl.tree import Assert, Block, Broken, Items, Relation, Text, Unset, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.program import Program
    from servec.dsl.schema.language import Place
    from servec.dsl.scope import Scope
    from servec.dsl.spec import Bound
    from servec.dsl.tree import Statement

FREE = ("checkpoint.overrides.", "checkpoint.loader.")
VARIABLE = make_field("env", {"type": "string", "doc": "a variable"})


def read_body(
    scope: Scope,
    block: Block,
    place: Place,
    program: Program,
    role: str = "",
) -> Body:
    """The body of `block`, a deployment, profile, role, fleet, pool or place."""
    body = Body(scope, block)
    read_statements(Reader(body, place, role, program), block.body, "")
    return body


def read_statements(reader: Reader, statements: tuple[Statement, ...], prefix: str) -> None:
    """Read the statements of the body, or of a block in it whose path is `prefix` with a dot."""
    for node in statements:
        if reader.program.full:
            return
        if type(node) is Relation:
            _relation(reader, node, prefix + node.name)
        elif type(node) is Block:
            _block(reader, node, prefix)
        elif type(node) is Unset:
            reader.body.unsets.append((prefix + node.path.text, node))
        elif type(node) is Assert and not prefix and reader.place in ("deployment", "fleet"):
            from servec.dsl.read_assert import read_assert

            read_assert(reader, node)
        elif type(node) is Broken:
            from servec.dsl.read_broken import read_broken

            read_broken(reader, node, prefix)
        else:
            not_here(reader, node)


def not_here(reader: Reader, node: Statement) -> None:
    """Report an import, let or nested assert."""
    from servec.dsl.checks.srv010_not_here import statement_not_here

    reader.report(statement_not_here(reader.scope.file, node))


def _relation(reader: Reader, node: Relation, path: str) -> None:
    known = field(reader.place, path)
    if known is None or (reader.role and not known.role):
        _free(reader, node, path)
        return
    bound = reader.bound(node, known)
    if bound is None:
        return
    said = reader.body.relations.setdefault(path, {})
    if node.op in said:
        _twice(reader, node, said[node.op], path)
        return
    said[node.op] = bound
    if path == "extends":
        reader.body.extends = _names(node)


def _names(node: Relation) -> list[tuple[str, int, int]]:
    items = node.value.items if type(node.value) is Items else ()
    return [(i.text, i.start, i.end) for i in items if type(i) is Word or type(i) is Text]


def _free(reader: Reader, node: Relation, path: str) -> None:
    """A relation whose name the schema leaves open (`env`, `template_args`), or does not know."""
    if reader.place == "deployment" and path.startswith("env."):
        read_variable(reader, node, path[4:], reader.body.env)
    elif reader.place == "deployment" and path.startswith("api.template_args."):
        name = path[len("api.template_args.") :]
        _read_free(reader, node, path, name, reader.body.template_args)
    elif reader.place == "deployment" and path.startswith(FREE):
        name = path.removeprefix("checkpoint.")
        _read_free(reader, node, path, name, reader.body.overrides)
    else:
        from servec.dsl.checks.srv102_unknown_field import unknown_field

        reader.report(*unknown_field(reader, node, path))


def _read_free(
    reader: Reader, node: Relation, path: str, name: str, into: dict[str, Bound]
) -> None:
    from servec.dsl.free import read_free

    bound = read_free(reader, node, path)
    if bound and name in into:
        _twice(reader, node, into[name], path)
    elif bound:
        into[name] = bound


def read_variable(reader: Reader, node: Relation, name: str, into: dict[str, Bound]) -> None:
    """One `NAME = "value"` of an `env` block."""
    if not (name.isidentifier() and name.isascii()):
        from servec.dsl.checks.srv114_value import bad_variable

        reader.report(bad_variable(reader, node, name))
        return
    bound = reader.bound(node, VARIABLE, f"env.{name}")
    if bound and name in into:
        _twice(reader, node, into[name], f"env.{name}")
    elif bound:
        into[name] = bound


def _twice(reader: Reader, node: Relation, first: Bound, path: str) -> None:
    from servec.dsl.checks.srv104_twice import relation_twice

    reader.report(relation_twice(reader, node, first), (path,))


def _block(reader: Reader, node: Block, prefix: str) -> None:
    path = prefix + node.name
    if path.startswith(FREE) and node.label is None and not reader.role:
        read_statements(reader, node.body, path + ".")
        return
    known = blocks(reader.place).get(path)
    if known is None or (reader.role and not known.get("role")):
        if known is None and not prefix and node.name in blocks("top"):
            not_here(reader, node)
            return
        from servec.dsl.read_broken import read_unknown

        meant = read_unknown(reader, node, path)
        if meant is not None:
            _block(reader, meant, prefix)
    elif ("label" in known) != (node.label is not None):
        from servec.dsl.checks.srv114_value import label_wrong

        reader.report(label_wrong(reader, node, known), (path,))
    elif node.label is None:
        read_statements(reader, node.body, path + ".")
    else:
        from servec.dsl.read_labelled import read_labelled

        read_labelled(reader, node, path)
