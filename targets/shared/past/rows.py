"""What refuses a line of a release from before the option tables beside its flags and its chip.

`targets/<name>/past_rows.json`: `rows` as those of `constraints.json`, with `since` and `until`
among old releases, `code` and `path`; `beside` where what the release lacks can be installed with
it: an image is refused then, a line is warned of it; `warns` where the release goes on otherwise
than it is told. What conditions may name is in `heads.py`.
"""

from __future__ import annotations

from servec.compiler.options.argv import DEEPEST
from servec.compiler.options.constraints import holds
from servec.dsl.whole import whole
from servec.targets.shared.importing.texts import json_of
from servec.targets.shared.past.heads import Line, named
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past
    from servec.targets.shared.past.release import Release


def row_troubles(
    release: Release, find: Callable[[str], Any]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Code, title, reason, path, source and severity of every row that the line breaks."""
    from servec.targets.shared.past.by_hand import rows_at

    for row in rows_at(release.runtime, release.version):
        if all(holds(condition, find) for condition in row["when"]):
            title = f"{release.runtime} {release.version} {row['title']}"
            beside = row.get("beside") and not find("line.image")
            severity = "warning" if beside or row.get("warns") else "error"
            yield row["code"], title, row["why"], row["path"], row.get("source", ""), severity


def finder(
    past: Past, spec: Spec, model: Model | None, device: Device | None, sources: Sources
) -> Callable[[str], Any]:
    """What conditions name, of a line. `sources` hold the folders it names."""
    line = Line(past, spec, model, device, sources, _said(past))

    def find(name: str) -> Any:
        return named(line, name)

    return find


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


def _read(word: str) -> Any:
    if word.lower() in ("true", "false"):
        return word.lower() == "true"
    number = whole(word)
    return word if number is None else number
