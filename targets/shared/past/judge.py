"""Judges a launch line for a release from before the option tables.

Its flags, values and model class are judged by what its source says; the rest by the rules of the
oldest table, which read a line without the flags that it does not know.
"""

from __future__ import annotations

from servec.targets.shared.past.flags import finding, flag_findings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.model import Model
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release

BY_TABLE = ("SRV201", "SRV202", "SRV203", "SRV204", "SRV205", "SRV209")
"""Findings on flags and values: they are those of a table that is not this release's."""
LONGER = ("rope-scaling", "rope-theta")
"""Options of old releases that lengthen the context that a config states."""


def past_findings(
    past: Past, outcome: Outcome, sources: Sources, path: str, found: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """What holds of the findings by the oldest table, and what the release's source adds."""
    from servec.compiler.catalogue.classed import classed
    from servec.dsl.load import load
    from servec.targets.shared.past.later import of_release
    from servec.targets.shared.past.standing import class_set
    from servec.targets.shared.past.variables import variable_findings

    document, _ = load(sources, path)
    spec = next(iter(document.deployments), None) if document is not None else None
    if spec is None:
        return tuple(found)
    kept = [of_release(past.release, item) for item in found if not _by_table(past, item)]
    model = _known(outcome, spec, sources)
    named = model or classed(spec.word("model") or "")
    if named is not None and past.release.told(named, class_set(past)):
        kept = [item for item in kept if item.code != "SRV306"]
    kept += flag_findings(past, spec)
    kept += _chip(past, model, spec, {item.code for item in kept}, sources)
    kept += variable_findings(past, spec, " ".join(item.title for item in kept))
    kept.append(_note(past.release, spec))
    uneven = {item.primary.span for item in kept if item.code == "SRV401"}
    kept = [i for i in kept if i.code != "SRV402" or i.primary.span not in uneven]
    words = {item.primary.span for item in kept if item.code == "SRV205"}
    kept = [i for i in kept if not (_lacks(i) and i.primary.span in words)]
    told = {(item.code, item.title, item.primary.span): item for item in reversed(kept)}
    return tuple(sorted(told.values(), key=lambda item: item.order))


def _lacks(item: Diagnostic) -> bool:
    """Whether it is of a feature that the table lacks: the release's own words for it say more."""
    return item.code == "SRV310" and " has no " in item.title


def _by_table(past: Past, item: Diagnostic) -> bool:
    """Whether a finding is one of the table alone; that of a value is not where types agree."""
    from servec.targets.shared.importing.programs.dynamo import PREFIX
    from servec.targets.shared.past.fields import told_fields
    from servec.targets.shared.past.later import of_key, of_later, of_no_release
    from servec.targets.shared.past.ways import parsed, takes_longer

    if of_later(past.release, item) or _of_engine(past, item):
        return True
    its_own = item.about == "unnamed" or _joined(past, item) or _of_file(item)
    keyed = of_key(past.release, item) or of_no_release(past.release, item)
    if its_own or keyed or _of_variable(past, item):
        return False
    if item.code == "SRV303":
        return _ran(past, item)
    if item.code == "SRV309":
        return takes_longer(past.release) or any(
            use.flag.lstrip("-") in LONGER for use in past.uses
        )
    word = _word(item)
    if item.code == "SRV201" and not word.startswith("-"):
        worker = past.command.program[-1:] and past.command.program[-1].startswith(PREFIX)
        told = bool(worker) or past.command.entry or past.command.written  # by held_troubles
        unread = not past.release.below  # before the first whose parser was read
        return bool(told) or unread or item.about != "parser"
    if item.code == "SRV205" and word.isupper():
        return past.release.flag("--" + word.lower().replace("_", "-")) is not True
    if item.code == "SRV205":
        flag = "--" + word.lstrip("-")
        if past.release.bare(flag) and any(
            use.flag == flag and not use.values for use in past.uses
        ):
            return True  # said of this release, below
        if past.release.lasts(flag) or parsed(past.release, flag):
            return False
        kind = past.release.took(flag).get("type")
        wrong = kind in ("int", "float") or (kind == "json" and not told_fields(past, flag))
        return not wrong or past.release.flag(flag) is not True
    return item.code in BY_TABLE


def _joined(past: Past, item: Diagnostic) -> bool:
    """Whether it is of a word that holds a whole line, which no release takes for a model; that of
    a container's program is told by `held_troubles`."""
    from servec.targets.shared.importing.parser_troubles import JOINED

    word = item.title.partition("`")[2]
    whole = item.code == "SRV205" and " = " not in word and JOINED.search(word)
    return bool(whole) and not past.command.entry


def _of_file(item: Diagnostic) -> bool:
    """Whether it is of an options file that cannot be read, which no release reads."""
    from servec.targets.shared.past.filed import OPTION

    return item.code == "SRV205" and _word(item) == OPTION


def _of_variable(past: Past, item: Diagnostic) -> bool:
    """Whether it is of a variable that was gone by this release already."""
    word = _word(item)
    return item.code == "SRV203" and word.isupper() and past.release.unread(word)


def _of_engine(past: Past, item: Diagnostic) -> bool:
    """Whether it goes by the engine that the table takes for a model: past_rows.json has others."""
    from servec.targets.shared.past.ways import way_of

    engine: str = way_of(past.release, "classes").get("engine", "")
    return bool(engine) and item.code == "SRV310" and any(engine in f.text for f in item.figures)


def _word(item: Diagnostic) -> str:
    """The option or word that a finding names first."""
    return item.title.partition("`")[2].partition("`")[0].partition(" ")[0]


def _ran(past: Past, item: Diagnostic) -> bool:
    """Whether the chip that the oldest table refuses had kernels in earlier releases."""
    from servec.compiler.catalogue.devices import find_device
    from servec.targets.shared.past.ways import oldest_chip

    device = find_device(item.title.rpartition(" ")[2])
    return device is not None and device.capability >= oldest_chip(past.release)


def _known(outcome: Outcome, spec: Spec, sources: Sources) -> Model | None:
    """The model that the line names or is taken for, None where nothing is known of it."""
    from servec.compiler.catalogue.models import find_model, is_path
    from servec.compiler.search.local import taken_for
    from servec.targets.shared.importing.head import TYPE, model_literal

    name = TYPE.sub("", outcome.imported.model)
    spelt = model_literal(name).strip('"')
    read = find_model(spelt, sources) if is_path(spelt) else None  # before what its name is like
    model = read or find_model(name) or find_model(spelt, sources)
    if model is None and "/" in spelt:  # how its weights are kept may be asked for by an option
        model = taken_for(spec, spelt, sources)
    return model or outcome.imported.sheet.model


def _chip(
    past: Past, model: Model | None, spec: Spec, told: set[str], sources: Sources
) -> Iterator[Diagnostic]:
    """What the chip that is stated lacks, unless the oldest table says as much."""
    from servec.compiler.catalogue.devices import find_device
    from servec.dsl.record import replace
    from servec.targets.shared.past.chip import chip_troubles
    from servec.targets.shared.past.expanded import expanded_trouble
    from servec.targets.shared.past.fields import field_troubles
    from servec.targets.shared.past.held import held_troubles
    from servec.targets.shared.past.library import library_troubles
    from servec.targets.shared.past.named import name_troubles
    from servec.targets.shared.past.program import program_troubles
    from servec.targets.shared.past.room import room_trouble
    from servec.targets.shared.past.rows import finder, row_troubles

    device = find_device(past.hardware.partition(" ")[0]) if past.hardware else None
    find = finder(past, spec, model, device, sources)
    worded = (*program_troubles(past), *name_troubles(past.release, find))
    for code, title, why, path in (*worded, *held_troubles(past, model, find)):
        yield finding(spec, code, title, why, path)
    for code, title, why, path, source, severity in row_troubles(past.release, find):
        yield replace(finding(spec, code, title, why, path, source), severity=severity)
    library = library_troubles(past.release, model, find)
    for code, title, why, path, severity in (*field_troubles(past), *library):
        yield replace(finding(spec, code, title, why, path), severity=severity)
    full = (*room_trouble(past, spec, model, device), *expanded_trouble(past, spec, model, device))
    for title, why in full if "SRV307" not in told else ():
        yield finding(spec, "SRV307", f"the model does not fit: {title}", why, "hardware")
    if device is None or not device.capability or "SRV304" in told:
        return
    for code, title, why in chip_troubles(past, model, device.capability):
        yield finding(spec, code, title, why, "hardware")


def _note(release: Release, spec: Spec) -> Diagnostic:
    from servec.compiler.rules.labels import at
    from servec.dsl.diagnostic import Diagnostic, Figure

    ends = dict.fromkeys(version for version in (release.below, release.above) if version)
    read = " and ".join(ends) or "none"
    figures: tuple[Figure, ...] = (
        Figure("source", None, f"source read: {read}"),
        Figure("table", None, f"what it leaves open is judged by the table of {release.table}"),
    )
    where = f"{release.runtime} {release.version}"
    whose = "its source" if read == release.version else "the source of releases beside it"
    title = f"{where} has no option table; it is judged by {whose}"
    if read == "none":
        title, figures = (
            f"{where} has no option table; that of {release.table} is used",
            figures[:1],
        )
    place = at(spec, "target", "older than the tables")
    return Diagnostic("SRV209", "note", title[:100], place, (), figures, (), spec.name)
