"""What refuses a line of a release from before the option tables beside its flags and its chip.

`targets/<name>/past_rows.json`: `rows` as those of `constraints.json`, with `since` and `until`
among old releases, `code` and `path`; `beside` where what the release lacks can be installed with
it: an image is refused then, a line is warned of it. Conditions may name `flag.*` (the first word
behind a flag, by any of its names), `json.FLAG.FIELD` (a field of the object behind it), `env.*`,
`model.*`, `draft.*` and `device.*` as constraints do, `line.image`, `line.vendor` (none where no
device is told), `rank.width` (of the feed-forward layers), `rank.entries` (of the vocabulary) and
`rank.queries` (query heads), `rank.vocab` and `rank.heads` (what the ranks leave over of the
vocabulary and the query heads), `set.*` (whether a set of the release holds the model), `on.*`
(what the line's files say to the runtime alone), and paths of the spec that the line reads as.
"""

from __future__ import annotations

from servec.compiler.options.argv import DEEPEST
from servec.compiler.options.constraints import holds
from servec.compiler.options.named import UNKNOWN, modelled
from servec.targets.shared.importing.texts import json_of
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release

DRAFTS = ("speculative-model", "speculative-draft-model-path")
"""Options that name the draft model, of any runtime."""


def row_troubles(
    release: Release, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Code, title, reason, path, source and severity of every row that the line breaks."""
    from servec.targets.shared.past.by_hand import rows_at

    for row in rows_at(release.runtime, release.version):
        if all(holds(condition, find) for condition in row["when"]):
            title = f"{release.runtime} {release.version} {row['title']}"
            severity = "warning" if row.get("beside") and not find("line.image") else "error"
            yield row["code"], title, row["why"], row["path"], row.get("source", ""), severity


def finder(
    past: Past, spec: Spec, model: Model | None, device: Device | None, sources: Sources
) -> Callable[[str], Any]:
    """What conditions name, of a line; see above. `sources` hold the folders it names."""
    said, env = _said(past), past.command.env

    def find(name: str) -> Any:
        head, _, rest = name.partition(".")
        if head in ("flag", "json"):
            return said.get(rest) if head == "flag" else _field(said, rest)
        if head in ("env", "line"):
            return env.get(rest) if head == "env" else _of_line(past, device, rest)
        if head == "set":
            return _in_set(past, spec, model, rest)
        if head == "rank":
            return UNKNOWN if model is None else _rank(model, spec, rest)
        if head == "model" and rest:
            return UNKNOWN if model is None else modelled(model, rest)
        if head == "draft":
            return _drafted(said, rest, sources)
        if head == "device":
            return UNKNOWN if device is None else getattr(device, rest) or None
        if head == "on":
            return _native(spec, past.release.runtime, rest)
        setting = spec.setting(name)
        return None if setting is None or setting.eq is None else setting.eq.value

    return find


def _of_line(past: Past, device: Device | None, name: str) -> Any:
    """`line.image`, and `line.vendor`, which is none where no device is told."""
    return past.image or None if name == "image" else device and device.vendor


def _native(spec: Spec, runtime: str, name: str) -> Any:
    """What the runtime's own block says under a name: a plain value, or that it has a block."""
    block = spec.on.get(runtime)
    options = block.options if block else ()
    found = next((option for option in options if option.name == name), None)
    if found is None:
        return None
    return True if found.is_block or found.children else found.value


def _in_set(past: Past, spec: Spec, model: Model | None, kind: str) -> Any:
    """Whether a set of the release holds the model, be no more than its class known."""
    from servec.compiler.catalogue.classed import classed

    found = model or classed(spec.word("model") or "")
    known = None if found is None else past.release.knows(kind, found)
    return UNKNOWN if known is None else known


def _drafted(said: Mapping[str, Any], name: str, sources: Sources) -> Any:
    """What a condition names of the draft model, where the line names one that is known."""
    from servec.compiler.catalogue.models import find_model

    words = [said.get(option) for option in DRAFTS]
    word = next(filter(None, words), None) or _field(said, "speculative-config.model")
    draft = find_model(word, sources) if isinstance(word, str) else None
    return UNKNOWN if draft is None else modelled(draft, name)


def _rank(model: Model, spec: Spec, name: str) -> int:
    """What a rank has of something of the model, or what the ranks leave over of it."""
    ranks = spec.whole("parallel.tensor") or 1
    whole = {"width": model.width, "entries": model.vocab, "queries": model.heads}
    over = {"vocab": model.vocab, "heads": model.heads}
    return whole[name] // ranks if name in whole else over[name] % ranks


def _said(past: Past) -> dict[str, Any]:
    """What the line says, by every name of an option; variables that stand for one as well."""
    made: dict[str, Any] = {}
    table, env = load_table(past.release.runtime, past.release.table), past.command.env
    for use in past.uses:
        option = table.flag(use.flag)
        names = (use.flag.lstrip("-"), *((option[0].name,) if option else ()))
        word = _read(use.values[0]) if use.values else True
        word = _whole(made.get(names[0]), use.field.split("."), word) if use.field else word
        made.update(dict.fromkeys(names, word))
    for name, row in table.rows.items() if env else ():
        if row.get("env") in env and name not in made:
            made[name] = _read(env[row["env"]])
    return made


def _whole(held: Any, fields: Sequence[str], word: Any) -> str:
    """The object of a flag, as text, with what `--flag.field word` says of it."""
    import json

    if len(fields) > DEEPEST:
        return str(held)
    found = json_of(str(held))
    whole = node = found if isinstance(found, dict) else {}
    for field in fields[:-1]:
        inner = node.get(field)
        node[field] = node = inner if isinstance(inner, dict) else {}
    node[fields[-1]] = word
    return json.dumps(whole)


def _field(said: Mapping[str, Any], path: str) -> Any:
    """A field of a flag's JSON object, or of one in it; None where it is none."""
    flag, *fields = path.split(".")
    found = json_of(str(said.get(flag, "")))
    for field in fields:
        found = found.get(field) if isinstance(found, dict) else None
    return found


def _read(word: str) -> Any:
    if word.lower() in ("true", "false"):
        return word.lower() == "true"
    return int(word) if word.isdecimal() else word
