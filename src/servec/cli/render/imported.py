"""What `import` found: a document for machines, lines for people."""

from __future__ import annotations

from servec.cli.documents.imported import (
    DifferenceDocument,
    ImportDocument,
    ImportedDocument,
    StretchDocument,
)
from servec.targets.shared.importing.said import LACKING
from servec.targets.shared.table import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.across import Stretch
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compare import Difference
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.read import Imported


def import_document(
    text: str,
    outcomes: Sequence[Outcome],
    diagnostics: Sequence[Diagnostic],
    file: str,
    fared: Sequence[Stretch] = (),
) -> ImportDocument:
    """The JSON document of a call. `fared`: how the line fares with the releases of a range."""
    from servec.cli.render.json import json_diagnostics

    def read(path: str) -> bytes | None:
        return text.encode() if path == file else None

    return ImportDocument(
        spec=text,
        commands=tuple(map(_command, outcomes)),
        diagnostics=json_diagnostics(diagnostics, read),
        releases=tuple(StretchDocument(each.first, each.last, each.why) for each in fared),
    )


def _command(item: Outcome) -> ImportedDocument:
    made = item.imported
    return ImportedDocument(
        deployment=made.name,
        runtime=made.runtime,
        version=made.version,
        flags=made.said.flags,
        native=made.native,
        refused=(
            *(f"{flag}: {text}" for flag, text in made.said.troubles),
            *((f"{made.said.lacks}: the line names no model",) if made.said.lacks else ()),
        ),
        short=tuple(f"{short} is {full}" for short, full in made.said.short),
        unset=tuple(f"{flag} {word}".strip() for flag, word in made.said.unset),
        gone=tuple(f"{flag}: {note}" for flag, note in made.said.gone),
        withheld=made.withheld,
        dropped=made.dropped,
        unsaid=made.unsaid,
        ignored=made.ignored,
        aside=made.aside,
        compiled=item.process is not None,
        differences=tuple(map(_difference, item.differences)),
    )


def _difference(item: Difference) -> DifferenceDocument:
    return DifferenceDocument(item.name, item.kind, item.before, item.after, item.why, item.process)


def import_text(
    outcomes: Sequence[Outcome], found: Sequence[Diagnostic], verify: bool, verbose: bool
) -> str:
    """Lines for stderr: what was refused, withheld or dropped, and with `verify` what differs.

    What `found` says of an option is not said twice.
    """
    titles = "\n".join(item.title for item in found)
    lines: list[str] = []
    for item in outcomes:
        lines += _said(item, verbose, titles)
        if verify:
            lines += _verified(item)
    return "".join(f"{line}\n" for line in lines)


def _said(item: Outcome, verbose: bool, titles: str) -> Iterator[str]:
    made = item.imported
    yield from _read_as(made)
    yield from _refused(made, titles)
    if made.said.short:
        read = ", ".join(f"{short} is read as {full}" for short, full in made.said.short)
        yield f"note: {read}; a later version may know two options that begin so"
    for name in made.withheld:
        yield f"note: {name} is a secret and stays outside; pass it through when the server starts"
    for name in made.ignored:
        yield f"note: {name} is left out, {made.runtime} {made.version} does not read it"
    if made.aside:
        many = len(made.aside) > 1
        are = ("are options", "they are") if many else ("is an option", "it is")
        names = ", ".join(made.aside)
        yield f"note: {names} {are[0]} of the program around {made.runtime}, {are[1]} left out"
    for name in made.unsaid:
        yield f"{name} holds characters that a spec cannot hold, it is left out"
    for name in made.dropped:
        yield f"note: {name} is left out, it equals the default of {made.runtime} {made.version}"
    if verbose and made.native:
        yield f"note: in the `on` block: {', '.join(made.native)}"


def _refused(made: Imported, titles: str) -> Iterator[str]:
    """What the parser refuses, and no finding tells."""
    where = f"{made.runtime} {made.version}"
    for flag, text in made.said.troubles:
        if f"`{flag.lstrip('-')}" not in titles and f"`{flag}" not in titles:
            yield f"{where} refuses {flag}: {text}"
    if made.said.lacks and LACKING not in titles:
        yield f"{where}{LACKING}{made.said.lacks}: name the model in the spec"


def _read_as(made: Imported) -> Iterator[str]:
    """What nobody stated: the version, and the values of variables."""
    if made.inferred:
        newest = versions(made.runtime)[-1]
        whole = not (made.said.troubles or made.said.unknown or made.ignored)
        takes = f"takes every word, {newest} does not" if whole else "refuses least of it"
        yield f"note: no version is stated: {made.version} is the newest that {takes}"
    for flag, note in made.said.gone:
        yield f"note: {made.runtime} {made.version} has no {flag}: {note}"
    for flag, word in made.said.unset:
        what = f"{flag} is left out" if flag else "it is left out"
        yield f"note: nothing here sets {word}, {what}; --env NAME=VALUE states a variable"


def _verified(item: Outcome) -> Iterator[str]:
    name = item.imported.name
    if item.process is None:
        yield f"{name}: nothing to compare, no launch can be written for the spec"
        return
    for each in item.differences:
        sides = " -> ".join(side for side in (each.before, each.after) if side)
        mark = f"= {each.why}" if each.why else "! differs"
        where = f"{name} {each.process}".rstrip()
        yield f"{where}: {each.name} {each.kind}: {sides}  {mark}"
    wrong, explained = len(item.unexplained), len(item.differences) - len(item.unexplained)
    verdict = "equivalent" if not wrong else f"{wrong} unexplained differences"
    yield f"{name}: {verdict}, {explained} explained"
