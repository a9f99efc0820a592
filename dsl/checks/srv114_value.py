"""Value outside its set or range.

Checks: a word is one its field knows, a number lies in the field's range, and a name has the form
    that its kind needs.
Because: a value that no table knows would be dropped or passed on unread. A deployment's name
    names a folder and a Kubernetes object, so it has 1 to 63 letters, digits, `_`, `.` and `-`.
Wrong: precision { weights = fp9 }
Right: precision { weights = fp8 }
Source: language reference, "Blocks and fields"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label, Span
from servec.dsl.limits import MAX_DIGITS, MAX_NAME
from servec.dsl.nearest import nearest
from servec.dsl.units import UNITS
from servec.dsl.wording import clipped, code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from servec.dsl.reader import Reader
    from servec.dsl.refused import Refused
    from servec.dsl.tree import Block, Count, File, Relation, Word

YES = frozenset(("yes", "on", "enable", "enabled", "True", "TRUE", "y"))
NO = frozenset(("no", "off", "disable", "disabled", "False", "FALSE", "n", "none"))


def not_a_choice(it: Refused) -> Diagnostic:
    """A word outside the set of its field."""
    field, word = it.field, it.text
    known = (*field.choices, *field.hint.split())
    begun = tuple(name for name in field.choices if len(name) > 3 and word.startswith(name))
    near = called(field.path, word) or nearest(word, known) or begun
    text = f"did you mean {codes(near)}?" if near else "not among its values"
    values = " ".join(field.choices) + (f", or as in {field.hint}" if field.hint else "")
    figures = (Figure("values", None, f"values of {it.field.path}: {values}"),)
    fixes = tuple(it.fix(f"write {code(name)}", name) for name in near[:1])
    title = f"{code(word)} is no value of {code(field.path)}"
    return it.finding("SRV114", title, text, fixes, figures)


def called(path: str, word: str) -> tuple[str, ...]:
    """What the language calls that a runtime calls `word`."""
    import os

    from servec.dsl.json_file import load_json

    folder = os.path.dirname(os.path.dirname(__file__))
    words = load_json(folder, "schema", "native_words.json")["words"]
    return tuple(words.get(path, {}).get(word.lower(), ()))


def not_boolean(it: Refused) -> Diagnostic:
    """A word that is neither `true` nor `false`."""
    word = "true" if it.text in YES else "false" if it.text in NO else ""
    fixes = (it.fix(f"write {code(word)}", word),) if word else ()
    title = f"{code(it.name)} is `true` or `false`, not {code(it.text)}"
    return it.finding("SRV114", title, "expected `true` or `false`", fixes)


def bad_count(it: Refused, node: Count) -> Diagnostic:
    """`h100 x 0`, `h100 x 1.5`."""
    title = f"{code(it.text)} counts no whole number of devices"
    return it.finding("SRV114", title, "expected a whole number, 1 to 4096, behind `x`")


def too_many_digits(it: Refused) -> Diagnostic:
    """A number longer than any that a spec needs."""
    title = f"the number has more than {MAX_DIGITS} digits"
    return it.finding("SRV114", title, "too long")


def out_of_range(it: Refused, value: Fraction, kind: str) -> Diagnostic:
    """A number below or above what the field takes."""
    field = it.field
    high = 1 if kind == "share" else field.high
    if high is not None and value > high:
        text, name, limit = f"at most {_shown(high, kind)}", "maximum", high
    elif field.above is not None:
        text, name, limit = f"more than {_shown(field.above, kind)}", "above", field.above
    else:
        limit = field.low or 0
        text, name = f"at least {_shown(limit, kind)}", "minimum"
    title = f"{code(it.text)} is out of the range of {code(it.name)}"
    figures = (Figure(name, limit, f"{field.path}: {text}"),)
    return it.finding("SRV114", title, f"expected {text}", (), figures)


def _shown(limit: int, kind: str) -> str:
    """A limit in the unit people use: `100%`, `0 B`, `1`."""
    if kind == "share":
        return f"{100 * limit}%"
    unit = next((unit for unit, (up, down) in UNITS.get(kind, {}).items() if up == down), "")
    gap = "" if kind == "time" or not unit else " "
    return f"{limit}{gap}{unit}"


def _finding(title: str, span: Span, text: str, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    label = Label(span, clipped(text, 60))
    return Diagnostic("SRV114", "error", clipped(title, 100), label, fixes=fixes)


def bad_variable(reader: Reader, node: Relation, name: str) -> Diagnostic:
    """A name in `env` that no shell takes for a variable."""
    span = reader.span(node.start, node.start + len(node.name))
    title = f"{code(name)} is no name of a variable"
    return _finding(title, span, "letters, digits and `_`, no digit first")


def label_wrong(reader: Reader, node: Block, known: Mapping[str, str]) -> Diagnostic:
    """A label on a block that has none, or none on one that needs it."""
    span = reader.span(node.start, node.start + len(node.name))
    if node.label is None:
        title = f"the block {code(node.name)} needs a label"
        return _finding(title, span, f"followed by its {known['label']}")
    span = reader.span(node.label.start, node.label.end)
    gap = reader.span(node.start + len(node.name), node.label.end)
    fix = Fix("leave out the label", (Edit(gap, ""),))
    return _finding(f"the block {code(node.name)} takes no label", span, "a label", (fix,))


def label_outside(reader: Reader, node: Block, choices: Sequence[str]) -> Diagnostic:
    """A role or runtime that does not exist, or an empty label."""
    assert node.label is not None
    span = reader.span(node.label.start, node.label.end)
    near = nearest(node.label.text, choices)
    word = "runtime" if node.name == "on" else node.name
    fixes = tuple(Fix("correct the name", (Edit(span, n),), len(near) == 1) for n in near[:1])
    text = f"expected {codes(choices)}" if len(choices) < 4 else "unknown"
    if near:
        text = f"did you mean {codes(near)}?"
    return _finding(f"{code(node.label.text)} is no {word}", span, text, fixes)


def bad_name(file: File, node: Block) -> Diagnostic:
    """A top-level block whose name is missing or not of the form it needs."""
    if node.label is None:
        span = Span(file.path, node.start, node.start + len(node.name))
        at = Span(file.path, span.end, span.end)
        fix = Fix("give it a name", (Edit(at, ' "main"'),))
        return _finding(f"the {node.name} has no name", span, 'write `"name"` behind it', (fix,))
    span = Span(file.path, node.label.start, node.label.end)
    name = node.label.text
    if node.name != "deployment":
        return _finding(f"the {node.name} has an empty name", span, "empty")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "_.-") else "-" for c in name)
    plain = plain.lstrip("_.-")[:MAX_NAME]
    fixes = (Fix("use a plain name", (Edit(span, f'"{plain}"'),)),) if plain else ()
    title = f"{code(name)} cannot name a deployment"
    text = f"1 to {MAX_NAME} of A-Z a-z 0-9 _ . -, the first A-Z a-z 0-9"
    return _finding(title, span, text, fixes)


def dotted_name(file: File, word: Word) -> Diagnostic:
    """A `let` or alias with a dot in its name."""
    span = Span(file.path, word.start, word.end)
    fix = Fix("write `_` for the dot", (Edit(span, word.text.replace(".", "_")),))
    title = f"the name {code(word.text)} has a dot"
    return _finding(title, span, "`$alias.name` needs the dot", (fix,))
