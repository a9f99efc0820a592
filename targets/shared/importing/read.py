"""A launch command as a spec."""

from __future__ import annotations

import re

from servec.dsl.record import record, replace
from servec.targets.shared.importing.counted import imply, of_ranks, taken, whole_batch
from servec.targets.shared.importing.gone import carried
from servec.targets.shared.importing.head import deployment_name, head_of, judged_model
from servec.targets.shared.importing.lora import rank_by_files
from servec.targets.shared.importing.options_file import with_file
from servec.targets.shared.importing.renamed import renamed
from servec.targets.shared.importing.rows import read_rows
from servec.targets.shared.importing.said import said
from servec.targets.shared.importing.sheet import Sheet
from servec.targets.shared.importing.spec_text import spec_text
from servec.targets.shared.importing.strange import out_of_bounds, strange, unsayable
from servec.targets.shared.importing.typed import exact
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.said import Said
    from servec.targets.shared.importing.sheet import Reader

DEGREES = "parallel"
"""The reader that counts the devices of a replica."""
MODEL_OPTIONS = ("model-path", "model", "model-id", "hf-repo")
SECRETS = re.compile(r"HF_TOKEN|HUGGING_FACE_HUB_TOKEN|.*_(API_KEY|TOKEN|SECRET|PASSWORD)")


@record
class Imported:
    """A spec with what it was read from. `native`: options that stay in the `on` block.

    `withheld`: variables that hold secrets, which a spec never holds. `dropped`:
    options left out because they equal the default. `unsaid`: what holds characters that no spec
    may hold. `ignored`: variables left out since this version does not read them.
    `name`: the deployment's. `aside`: flags of the program around the runtime, left out.
    `inferred`: nobody stated the version, it is the newest that takes the line.
    """

    text: str
    runtime: str
    version: str
    said: Said
    env: Mapping[str, str]
    sheet: Sheet
    model: str
    native: tuple[str, ...]
    withheld: tuple[str, ...]
    dropped: tuple[str, ...]
    unsaid: tuple[str, ...]
    ignored: tuple[str, ...]
    name: str
    aside: tuple[str, ...] = ()
    inferred: bool = False


@record
class Wish:
    """What is given beside the line. `version` is the table, `stated` what the user wrote of it.

    `inferred`: nobody wrote it, the line was read as one for it. `hardware`: `h100 x 8`, `h100` or
    "". `kept`: options that stay native. `undone`: options that the language would add and that
    are to have their defaults. `files`: options files that the line names, by path. `nodes`: how
    many commands the launch has. `role`: `prefill`, `decode` or "". `ignored`: variables that this
    version does not read. `minimal`: leave out what equals the default. `strict`: the line is
    judged as it stands, variables that are not read as well. `context`: what the runtime takes for
    a context that the line leaves open, 0 where that is the compiler's to say. `troubles`: what is
    wrong beside the runtime's own words. `here`: paths may be those of this machine. `aside`: flags
    of the program around the runtime. `demanded`: what its parser wants to be told of the model.
    """

    runtime: str
    version: str
    stated: str = ""
    hardware: str = ""
    kept: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()
    minimal: bool = False
    files: Mapping[str, str] = {}
    nodes: int = 1
    role: str = ""
    ignored: frozenset[str] = frozenset()
    strict: bool = False
    inferred: bool = False
    context: int = 0
    troubles: tuple[tuple[str, str], ...] = ()
    here: bool = False
    aside: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    demanded: str = ""


def read_command(
    wish: Wish, words: Sequence[str], env: Mapping[str, str], readers: Mapping[str, Reader]
) -> Imported:
    """The spec of one command: `words` stand behind the program's own."""
    table = load_table(wish.runtime, wish.version)
    found = replace(with_file(table, said(table, words), wish.files), left=wish.left)
    if wish.troubles:
        found = replace(found, troubles=(*wish.troubles, *found.troubles))
    if not wish.strict:
        found = replace(found, options=renamed(table, found.options))
        found = carried(table, found)
    found = _told(table, found, env)
    model = model_of(found)
    if wish.demanded and not model and not _elsewhere(found):
        found = replace(found, lacks=wish.demanded)
    withheld = tuple(name for name in env if SECRETS.fullmatch(name))
    out = {*withheld, *wish.ignored}
    usable = {name: value for name, value in env.items() if name not in out}
    sheet = _read(wish, found, usable, readers)
    unsaid = unsayable(sheet)
    dropped = () if wish.strict and not wish.minimal else _drop_defaults(sheet, wish.minimal)
    return Imported(
        text=spec_text(sheet, head_of(wish, sheet, model), wish.stated, _notes(wish, sheet, found)),
        runtime=wish.runtime,
        version=wish.version,
        said=found,
        env=usable,
        sheet=sheet,
        model=model,
        native=tuple(dict.fromkeys((*sheet.rest, *sheet.on))),
        withheld=withheld,
        dropped=dropped,
        unsaid=unsaid,
        ignored=tuple(sorted(wish.ignored)),
        name=deployment_name(model),
        aside=wish.aside,
        inferred=wish.inferred,
    )


def _read(wish: Wish, found: Said, env: Mapping[str, str], readers: Mapping[str, Reader]) -> Sheet:
    """What the words of a line are in the language, the target's own readers first."""
    table = load_table(wish.runtime, wish.version)
    portable = load_portable(wish.runtime, wish.version)
    model = judged_model(model_of(found))
    kept = wish.kept | set(out_of_bounds(table, found))
    sheet = Sheet(table, portable, found.options, env, model, kept)
    sheet.use(*MODEL_OPTIONS)
    sheet.nodes, sheet.role = max(wish.nodes, sheet.whole("nnodes", 1)), wish.role
    sheet.judged = wish.strict
    if sheet.judged:
        imply(sheet, found)
        sheet.nodes = max(sheet.nodes, of_ranks(sheet))
    sheet.there = int(wish.hardware.partition(" x ")[2] or 0)
    for reader in readers.values():
        reader(sheet)
    if kept and DEGREES in readers:
        sheet.devices = taken(sheet, found, readers[DEGREES])
    if wish.strict and sheet.adapters:
        rank_by_files(sheet, wish.files)
    if wish.context and "limits.context" not in sheet.fields:
        sheet.field("limits.context", wish.context)
    read_rows(sheet)
    whole_batch(sheet)
    strange(sheet, found)
    for name in sorted(wish.undone):
        known = table.option(name)
        sheet.on[name] = exact(known.default) if known and known.default is not None else False
    return sheet


def _told(table: OptionTable, found: Said, env: Mapping[str, str]) -> Said:
    """A line that names no model, with the one that a variable names (`MODEL_ID=a/b`)."""
    for name in () if model_of(found) else MODEL_OPTIONS:
        row = table.rows.get(name, {})
        if value := env.get(row.get("env", ""), "").strip():
            return replace(found, options={**found.options, name: value})
    return found


def _elsewhere(found: Said) -> bool:
    """Whether a file or a variable that is not read here may name the model."""
    file = any(name in found.options for name in ("config", "help"))
    return file or any(not flag or flag.lstrip("-") in MODEL_OPTIONS for flag, _ in found.unset)


def model_of(found: Said) -> str:
    """The model that a line names: by position, else by its option; "" for none."""
    for name in MODEL_OPTIONS:
        value = found.options.get(name)
        if isinstance(value, str) and value:
            return value
    return found.positional[0] if found.positional else ""


def _drop_defaults(sheet: Sheet, everywhere: bool) -> tuple[str, ...]:
    """Leave out what equals a default that the table lists; the options left out.

    A field says what is meant though it is the default, and is left out only with `everywhere`.
    """
    gone: list[str] = []
    for path, names in list(sheet.origin.items()) if everywhere else ():
        if names and all(is_default(sheet, name) for name in names if name in sheet.said):
            sheet.fields.pop(path, None)
            gone += [name for name in names if name in sheet.said]
    for name in list(sheet.rest):
        if name not in sheet.kept and (is_default(sheet, name) or is_usual(sheet, name)):
            sheet.rest.pop(name)
            gone.append(name)
    return tuple(dict.fromkeys(gone))


def is_usual(sheet: Sheet, name: str) -> bool:
    """Whether the runtime does what an option says unasked, so that nothing need be said of it."""
    from servec.targets.shared.importing.settled import usual

    return name in sheet.said and bool(usual(sheet, "", name, sheet.said[name]))


def is_default(sheet: Sheet, name: str) -> bool:
    """Whether the line gives an option the value that the table lists as its default."""
    from servec.targets.shared.importing.said import same

    option, value = sheet.table.option(name), sheet.said.get(name)
    return option is not None and value is not None and same(value, exact(option.default))


def _notes(wish: Wish, sheet: Sheet, found: Said) -> dict[str, str]:
    kind = {} if wish.hardware else {"hardware": "the line does not tell the kind"}
    known = {"version": "the newest that takes the line"} if wish.inferred else {}
    words = " ".join(f"{flag} {word}".strip() for flag, word in found.unset)
    unset = {"target": f"left out, as nothing sets its value: {words}"} if words else {}
    return {**kind, **known, **unset, **sheet.notes}
