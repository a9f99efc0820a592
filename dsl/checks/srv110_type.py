"""Wrong type.

Checks: a value is of the type its field has: a word, a string, a whole number, `true` or `false`,
    a count, a number with a unit, or a list.
Because: a value of another type is most often another field's, or lacks its quotes.
Wrong: checkpoint { repo = qwen3-8b }
Right: checkpoint { repo = "Qwen/Qwen3-8B" }
Source: language reference, "Lexical rules" and "Blocks and fields"
"""

from __future__ import annotations

import re

from servec.dsl.diagnostic import Fix
from servec.dsl.kinds import EXAMPLES, NAMES, takes
from servec.dsl.record import replace
from servec.dsl.tree import Count, Items, Number, Reference, Text, Word
from servec.dsl.units import MULTIPLIERS, multiplier
from servec.dsl.values import read_value
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.refused import Refused

IS = {
    Items: "a list",
    Number: "a number",
    Word: "a word",
    Text: "a string",
    Count: "a count",
    Reference: "a reference",
}


def wrong_type(it: Refused) -> Diagnostic:
    """A value of a type that the field does not take."""
    title = (
        f"{code(it.name)} takes {takes(it.field)}, and {code(it.text, 30)} is {IS[type(it.node)]}"
    )
    example = next((EXAMPLES[kind] for kind in it.field.kinds if kind in EXAMPLES), "")
    text = f"write it as in {code(example)}" if example else f"expected {takes(it.field)}"
    meant = _worded(it)
    text = f"did you mean {codes(meant)}?" if meant else text
    return it.finding("SRV110", title, text, _fixes(it))


def _fixes(it: Refused) -> tuple[Fix, ...]:
    """The same value in another form, where the field takes that."""
    node, kinds = it.node, it.field.kinds
    if "string" in kinds and type(node) in (Word, Number):
        return (it.fix("quote it", f'"{it.text}"'),)
    if type(node) is Text:
        return _unquoted(it, node)
    if type(node) is Word and "count" in kinds:
        glued = re.fullmatch(r"(.*[A-Za-z0-9])x(\d+)", node.text)
        if glued:
            return (it.fix("write it as a count", f"{glued[1]} x {glued[2]}"),)
        return (it.fix("say how many, here one", f"{node.text} x 1"),)
    if it.text == "auto":
        return (Fix("leave it out: what is not stated is decided"),)
    return tuple(it.fix(f"write {code(name)}", name) for name in _worded(it)[:1])


def _worded(it: Refused) -> tuple[str, ...]:
    """What is meant by a word that begins with a digit, as model cards have some: `4bit`."""
    if type(it.node) is not Number or "word" not in it.field.kinds:
        return ()
    from servec.dsl.checks.srv114_value import called

    return called(it.field.path, it.text)


def _unquoted(it: Refused, node: Text) -> tuple[Fix, ...]:
    """A string that holds what the field takes: `"500ms"`, `"true"`, `"fp8"`, `"h100 x 8"`."""
    from servec.dsl.parse import parse
    from servec.dsl.tree import Let

    if not node.text.isprintable() or not node.text.isascii():
        return ()
    file = parse("", f"servec 1\nlet a = {node.text}\n".encode())
    first = file.statements[0] if len(file.statements) == 1 else None
    if file.diagnostics or type(first) is not Let or read_value(first.value, it.field) is None:
        return ()
    return (it.fix("leave out the quotes", node.text),)


def list_needed(it: Refused) -> Diagnostic:
    """One value where the field takes a list."""
    title = f"{code(it.name)} takes a list"
    wrapped = f"[{it.text}]"
    node = Items(it.node.start, it.node.end, (it.node,), False)
    good = read_value(node, it.field) is not None
    fixes = (it.fix("make it a list of one", wrapped),) if good else ()
    words = it.node.text.split() if type(it.node) is Text and it.name == "raw_args" else []
    if len(words) > 1 and not set("'\"\\") & set(it.text[1:-1]):
        listed = ", ".join(f'"{word}"' for word in words)
        fixes = (it.fix("make each word an item", f"[{listed}]"),)
    return it.finding("SRV110", title, "one value, not a list", fixes)


def list_refused(it: Refused, node: Items) -> Diagnostic:
    """A list where the field takes one value."""
    title = f"{code(it.name)} takes {takes(it.field)}, not a list"
    fixes: tuple[Fix, ...] = ()
    if len(node.items) == 1 and read_value(node.items[0], it.field) is not None:
        fixes = (it.fix("leave out the brackets", replace(it, node=node.items[0]).text),)
    elif it.field.path == "target":
        fixes = (Fix(f"leave it out, and write {code(f'candidates = {it.text}', 60)}"),)
    return it.finding("SRV110", title, f"expected {takes(it.field)}", fixes)


def reference_in_list(it: Refused) -> Diagnostic:
    """`[$a]`: a reference stands for a whole value."""
    title = f"{code(it.text)} stands for a whole value and cannot be an item of a list"
    return it.finding("SRV110", title, "write the item, or reference the list")


def list_in_list(it: Refused) -> Diagnostic:
    """`[[a]]`."""
    return it.finding("SRV110", f"{code(it.name)} takes no list inside a list", "a list")


def mixed_list(it: Refused) -> Diagnostic:
    """Items of several types."""
    title = f"the items of {code(it.name)} are of several types"
    return it.finding("SRV110", title, f"{IS[type(it.node)]}, unlike the first item")


def not_whole(it: Refused) -> Diagnostic:
    """A fraction where things are counted."""
    title = f"{code(it.name)} is counted, and {code(it.text)} is no whole number"
    return it.finding("SRV110", title, "expected a whole number")


def multiplier_refused(it: Refused, node: Number, kind: str) -> Diagnostic:
    """`4k ms`: multipliers are for counts."""
    suffix = multiplier(node.number)
    times, bare = MULTIPLIERS[suffix], node.number[: -len(suffix)]
    fixes: tuple[Fix, ...] = ()
    if "." not in bare and len(bare) < 12:
        gap = "" if kind in ("time", "share") else " "
        fixes = (it.fix("write the number out", f"{int(bare) * times}{gap}{node.unit}"),)
    title = f"{code(suffix)} multiplies counts, and {code(it.name)} is {NAMES[kind]}"
    return it.finding("SRV110", clipped(title, 100), "no multiplier here", fixes)
