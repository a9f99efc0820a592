"""Whether an old release has the program of a line, and whether that takes its words so.

`past_rows.json` has `model_word`: the `program` whose first word is the model, the release `since`
when it may be left out, that from which on `--model` is `warned` of and no more refused, and those
that read `model` in an options file as an `abbreviated` flag; and `plain`, the `program` that takes
the flags of the set `front` alone, with the `other` that takes all; and `dashed`, the releases,
first and last, in whose programs, `but` those that are named, no flag is taken with low lines.
"""

from __future__ import annotations

import re

from servec.targets.shared.past.standing import file_text
from servec.targets.shared.past.ways import stretched, way_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.targets.shared.past.line import Past


def program_troubles(past: Past) -> Iterator[tuple[str, str, str, str]]:
    """Code, title, reason and path of a program that is not there yet, or takes no such words."""
    release, command = past.release, past.command
    where = f"{release.runtime} {release.version}"
    known = release.document["sets"].get("programs", {})
    for name in command.program:
        if name in known and release.member("programs", name) is False:
            why = f"it is seen in {known[name].partition('..')[0]}"
            yield "SRV202", f"{where} does not have `{name}` yet", why, "target"
    lacking, why = _model_word(past)
    if lacking:
        yield "SRV201", f"{where} does not take {lacking}", why, "model"
    for word in _low_lined(past):
        why = f"its parser does not take low lines for dashes: `{word.replace('_', '-')}`"
        yield "SRV201", f"{where} does not take `{word}`", why, "target"
    plain = way_of(release, "plain")
    if plain.get("program") not in command.program:
        yield from _around(past)
        return
    if "broken" in plain and stretched(release, *plain["broken"]):
        yield "SRV310", f"{where} does not serve by {plain['program']}", plain["other"], "target"
    for use in past.uses:
        front = release.member("front", use.flag)
        if front or (front is None and release.flag(use.flag) is None):
            title = f"{where} has no option `{use.flag}` in {plain['program']}"
            yield "SRV201", title, f"{plain['other']} has it", "target"


def _low_lined(past: Past) -> Iterator[str]:
    """Flags with low lines, where the release takes dashes alone."""
    way, command = way_of(past.release, "dashed"), past.command
    if not way or not stretched(past.release, *way["releases"]):
        return
    if set(command.program) & set(way["but"]):
        return
    for word in command.given or command.words:
        flag = word.partition("=")[0]
        if flag.startswith("--") and "_" in flag:
            yield flag


def _around(past: Past) -> Iterator[tuple[str, str, str, str]]:
    """What a program that takes the options of its engine alone, or of a worker, does not take."""
    from servec.targets.shared.importing.programs.dynamo_judge import worker_troubles
    from servec.targets.shared.table import load_table

    release = past.release
    table = load_table(release.runtime, release.table)
    for word, why in worker_troubles(past.command, table, release.version):
        title = f"{release.runtime} {release.version} does not take `{word}`"
        yield "SRV201", title, why, "target"


def _model_word(past: Past) -> tuple[str, str]:
    """How a line says its model that the program does not take, and why not."""
    from servec.compiler.options.versions import order

    release, command = past.release, past.command
    way = way_of(release, "model_word")
    program, words = tuple(way.get("program", ())), command.given or command.words
    if not program or command.program[-len(program) :] != program:
        return "", ""
    first = f"the first word behind `{' '.join(program)}` is the model"
    age, since = order(release.version), order(way["since"])
    named = since <= age < order(way["warned"]) and "--model" in words
    if named or (age < since and words[:1] == ("--model",)):
        return "the model as `--model`", first
    if age < since and words[:1] == ("--config",) and not words[2:]:
        return "its model from `--config`", f"{first}: the file is not asked for it"
    if release.version in way["abbreviated"] and _in_file(past):
        why = "its parser takes `model` in the file for `--model-impl` or another flag"
        return "its model from `--config`", why
    return "", ""


def _in_file(past: Past) -> bool:
    """Whether the options file of a line says the model."""
    paths = [value for use in past.uses if use.flag == "--config" for value in use.values]
    texts = [file_text(past.command, path) or "" for path in paths]
    return any(re.search(r"^model\s*:", text, re.M) for text in texts)
