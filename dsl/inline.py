"""Statements and values on one line, in canonical spacing."""

from __future__ import annotations

from servec.dsl.tree import (
    Assert,
    Block,
    Count,
    Import,
    Items,
    Let,
    Number,
    Relation,
    Unset,
)
from servec.dsl.units import UNITS, multiplier, unit_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.tree import Statement, Value

CLOSE = frozenset((*UNITS["time"], "%"))  # units that touch their number


def before_value(node: Statement) -> str:
    """What stands on a statement's line before its value."""
    if type(node) is Relation:
        return f"{node.name} {node.op} "
    if type(node) is Let:
        return f"let {node.name.text} = "
    if type(node) is Assert:
        return f"assert {node.path.text} {node.op} "
    return ""


def after_value(node: Statement, text: str) -> str:
    """What stands behind it."""
    if type(node) is Assert:
        return f" else {text[node.why.start : node.why.end]}"
    return ""


def header(node: Block, text: str) -> str:
    """A block's name and label."""
    if node.label is None:
        return node.name
    return f"{node.name} {text[node.label.start : node.label.end]}"


def inline_value(node: Value, text: str) -> str:
    """A value on one line; strings and words as written."""
    if type(node) is Number:
        return f"{node.number}{_gap(node, text)}{node.unit}"
    if type(node) is Count:
        return f"{node.kind} x {node.number}"
    if type(node) is Items:
        return f"[{', '.join(inline_value(item, text) for item in node.items)}]"
    return text[node.start : node.end]


def _gap(node: Number, text: str) -> str:
    """The space between a number and its unit; as written where the unit is not known."""
    if not node.unit or (node.unit in CLOSE and not multiplier(node.number)):
        return ""
    if unit_kind(node.unit):
        return " "
    return " " if text[node.start + len(node.number)] in " \t" else ""


def inline_statement(node: Statement, text: str) -> str:
    """A statement on one line; of a block, which holds no other block, `name { a; b }`."""
    if type(node) is Relation or type(node) is Let or type(node) is Assert:
        value = inline_value(node.value, text)
        return f"{before_value(node)}{value}{after_value(node, text)}"
    if type(node) is Unset:
        return f"unset {node.path.text}"
    if type(node) is Import:
        return f"import {text[node.path.start : node.path.end]} as {node.alias.text}"
    if type(node) is Block:
        inner = "; ".join(inline_statement(each, text) for each in node.body)
        return f"{header(node, text)} {{ {inner} }}" if inner else f"{header(node, text)} {{ }}"
    return text[node.start : node.end]
