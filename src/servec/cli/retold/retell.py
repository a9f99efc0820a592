"""Retells a finding: its places are those of the launch, and it names options, not fields."""

from __future__ import annotations

import re

from servec.cli.retold.mend import OURS, mended, says, unit_free
from servec.dsl.diagnostic import Label, Span
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.retold.anchors import Anchor, Anchors
    from servec.cli.retold.launch import Place
    from servec.dsl.diagnostic import Diagnostic

CODE = re.compile(r"`([^`\n]+)`")
SAID = re.compile(r"([\w.-]+)(?: (?:=|<=|>=) (.*))?")
ON_A_LINE = (
    ("the launch is written unchecked", "what hangs on it is not judged"),
    (
        "name a config.json, a folder that holds one, or a GGUF file, relative to the spec",
        "judge it where the file lies, or name the repository that it is from",
    ),
)
"""What is said of a spec, and what it is of a launch."""
POSSIBLE = re.compile(r"^possible: ([\w.]+) = ")


def retold(item: Diagnostic, anchors: Anchors) -> Diagnostic:
    """The finding as one on the launch line."""
    primary = _primary(item, anchors)
    beside = [_label(label, anchors) for label in item.secondary]
    kept = tuple(label for label in beside if label is not None and label.span != primary.span)
    return replace(
        item,
        title=_words(item.title, anchors),
        primary=primary,
        secondary=tuple(dict.fromkeys(kept)),
        figures=tuple(replace(each, text=_words(each.text, anchors)) for each in item.figures),
        fixes=tuple(
            replace(fix, title=_words(fix.title, anchors)) for fix in mended(item.fixes, anchors)
        ),
    )


def _primary(item: Diagnostic, anchors: Anchors) -> Label:
    """The label at what is to blame: what its statement was read from, else the first option that
    the title names, else the program, as the line is to blame as a whole."""
    program = Label(_span(anchors.launch.places["program"]), _words(item.primary.text, anchors))
    found = _label(item.primary, anchors)
    if found is not None and found.span != program.span:
        return found
    names = (match[1].partition(" ")[0] for match in CODE.finditer(item.title))
    place = next((place for name in names if (place := anchors.option(name))), None)
    return program if place is None else Label(_span(place), program.text)


def _label(label: Label, anchors: Anchors) -> Label | None:
    """The label at what its statement was read from, None where the line does not say it."""
    found = anchors.at(label.span)
    if found is None or not found.places:
        return None
    return Label(_span(found.places[0]), _words(label.text, anchors))


def _span(place: Place) -> Span:
    return Span(place.file, place.start, place.end)


def _words(text: str, anchors: Anchors) -> str:
    """A text with the flags of the line for the fields that were read from them."""
    for spec, line in ON_A_LINE:
        text = text.replace(spec, line)
    text = POSSIBLE.sub(lambda match: f"possible: {_word(match[1], anchors)} = ", text)
    return CODE.sub(lambda match: f"`{_word(match[1], anchors)}`", text)


def _word(code: str, anchors: Anchors) -> str:
    """What the line says for a field, or for a field and its value."""
    if code.startswith("hardware = "):
        return f'--hardware "{code.removeprefix("hardware = ")}"'
    said = SAID.fullmatch(code)
    if said is None or ("_" in code and "." not in code and said[2] is None):
        return code  # no name of a field or an option is written so: it is a key of a file
    found = anchors.named(said[1])
    place = found.places[0] if found is not None and len(found.places) == 1 else None
    place = anchors.option(said[1]) if found is None else place
    if found is not None and len(found.places) > 1 and found.path not in (*OURS, "hardware"):
        whole = " ".join(f"{each.flag}{each.value}".strip() for each in found.places)
        return whole if unit_free(said[2] or found.text) == unit_free(found.text) else code
    if place is None:
        field = "." in said[1] and said[2] is not None
        return (
            anchors.written(said[1], unit_free(said[2])) if field else anchors.flag(code)
        ) or code
    if found is not None and found.path == "model" and said[2] is not None:
        return unit_free(said[2])
    if not place.flag or (found is not None and found.path in (*OURS, "hardware")):
        return code
    typed = _as_typed(place, code, said[2], found)
    other = typed == code and "." in said[1] and said[2] is not None
    return (anchors.written(said[1], unit_free(said[2] or "")) if other else typed) or code


def _as_typed(place: Place, code: str, value: str | None, found: Anchor | None) -> str:
    """The flag as typed, with the value where one is said: the line's own, or another for it."""
    if value is None:
        return place.flag.rstrip(" =")
    own = unit_free(found.text if found is not None else place.value)
    if unit_free(value) == own or (value == "true" and not place.value):
        return place.flag + place.value
    return place.flag + unit_free(value) if found is not None and says(found, place) else code
