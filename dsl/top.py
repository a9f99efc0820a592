"""A statement that does not stand well at top level."""

from __future__ import annotations

from servec.dsl.checks.srv010_not_here import not_at_top
from servec.dsl.checks.srv101_unknown_block import unknown_top_block
from servec.dsl.checks.srv114_value import bad_name, dotted_name
from servec.dsl.nearest import nearest
from servec.dsl.record import replace
from servec.dsl.schema.language import blocks, field
from servec.dsl.tree import Block, Import, Let, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Fleet
    from servec.dsl.program import Program
    from servec.dsl.scope import Scope
    from servec.dsl.spec import Spec
    from servec.dsl.tree import File, Statement


def misplaced(program: Program, root: Scope, node: Statement) -> Block | None:
    """Report a statement that does not stand well at top level, unless a `}` too many spilt it.

    Returned is the block that is meant by it, if that is certain.
    """
    if root.file.strays:
        from servec.dsl.strays import spilt

        if any(node in nodes for nodes in spilt(root.file).values()):
            return None
    program.report(top_finding(root.file, node))
    if type(node) is not Block or (node.name in blocks("top") and node.label is not None):
        return None
    near = (node.name,) if node.name in blocks("top") else nearest(node.name, blocks("top"))
    if len(near) == 1:
        end = node.start + len(node.name)
        return replace(node, name=near[0], label=node.label or Word(node.start, end, "main"))
    root.strange = True
    return None


def named_now(root: Scope, meant: Block) -> bool:
    """Whether a block that was meant can be known by its name, which no other block has."""
    assert meant.label is not None
    names: dict[str, Block] = getattr(root, f"{meant.name}s")
    return names.setdefault(meant.label.text, meant) is meant


def top_finding(file: File, node: Statement) -> Diagnostic:
    """What is wrong with a statement that is no import, let, or well-named top-level block."""
    if type(node) is Let:
        return dotted_name(file, node.name)
    if type(node) is Import:
        return dotted_name(file, node.alias)
    if type(node) is not Block:
        return not_at_top(file, node)
    if node.name in blocks("top"):
        return bad_name(file, node)
    head = node.name.partition(".")[0]
    inner = head in blocks("deployment") or head in blocks("fleet") or field("deployment", head)
    return not_at_top(file, node) if inner else unknown_top_block(file, node)


def read_doubles(
    program: Program, root: Scope, doubles: list[Block]
) -> tuple[tuple[Spec, ...], tuple[Fleet, ...]]:
    """The deployments and fleets whose name another one has: what is wrong in them counts too."""
    deployments: list[Spec] = []
    fleets: list[Fleet] = []
    for block in doubles:
        if program.full:
            break
        if block.name == "deployment":
            deployments.append(replace(program.spec(root, block), broken=True))
        elif block.name == "fleet":
            from servec.dsl.fleet import resolve_fleet

            fleets.append(replace(resolve_fleet(program, root, block), broken=True))
        else:
            from servec.dsl.parents import check_extends

            check_extends(program, program.body(root, block, "deployment"))
    return tuple(deployments), tuple(fleets)
