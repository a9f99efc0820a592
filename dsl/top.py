"""A statement that does not stand well at top level."""

from __future__ import annotations

from servec.dsl.checks.srv010_not_here import not_at_top
from servec.dsl.checks.srv101_unknown_block import unknown_top_block
from servec.dsl.checks.srv114_value import bad_name, dotted_name
from servec.dsl.schema.language import blocks, field
from servec.dsl.tree import Block, Import, Let

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.tree import File, Statement


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
