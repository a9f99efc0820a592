"""What the conditions of `past_rows.json` may name of a line: a head, and what of it.

`HEADS` has every head; what each holds stands at its function. Any other name is a path of the
spec that the line reads as. None is what is not said, `UNKNOWN` what cannot be known.
"""

from __future__ import annotations

from servec.compiler.options.named import UNKNOWN, modelled
from servec.dsl.record import record
from servec.targets.shared.importing.texts import json_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past

DRAFTS = ("speculative-model", "speculative-draft-model-path", "model-draft", "md")
"""Options that name the draft model, of any runtime."""
PARTS = {"width": "width", "vocab": "vocab", "heads": "heads", "expert_width": "expert_width"}
"""What a rank has a part of, as a model's attribute calls it."""


@record
class Line:
    """What is known of a line. `said`: its flags, by any of their names; `sources`: the folders
    that it names."""

    past: Past
    spec: Spec
    model: Model | None
    device: Device | None
    sources: Sources
    said: Mapping[str, Any]


def named(line: Line, name: str) -> Any:
    """The value of a name in a condition."""
    head, dot, rest = name.partition(".")
    if dot and head in HEADS:
        return HEADS[head](line, rest)
    setting = line.spec.setting(name)
    return None if setting is None or setting.eq is None else setting.eq.value


def _flag(line: Line, name: str) -> Any:
    """`flag.NAME`: the first word behind a flag, True where it has none."""
    return line.said.get(name)


def _aside(line: Line, name: str) -> Any:
    """`aside.NAME`: the word behind a flag that is the program's own, not the server's."""
    words = line.past.command.aside
    return next((words[at] for at, word in enumerate(words, 1) if word == f"--{name}"), None)


def _json(line: Line, path: str) -> Any:
    """`json.NAME.FIELD`: a field of the object behind a flag, or of one in it."""
    return _field(line.said, path)


def _env(line: Line, name: str) -> Any:
    """`env.NAME`: a variable."""
    return line.past.command.env.get(name)


def _line(line: Line, name: str) -> Any:
    """`line.image`: whether it is that of an image. `line.vendor`: `device.vendor`, but nothing
    where no device is told: what holds unless another vendor is."""
    return line.past.image or None if name == "image" else line.device and line.device.vendor


def _on(line: Line, name: str) -> Any:
    """`on.NAME`: an option that its files say to the runtime alone; True where it is a block."""
    block = line.spec.on.get(line.past.release.runtime)
    options = block.options if block else ()
    found = next((option for option in options if option.name == name), None)
    if found is None:
        return None
    return True if found.is_block or found.children else found.value


def _set(line: Line, kind: str) -> Any:
    """`set.KIND`: whether a set of the release holds the model, be no more than its class known."""
    from servec.compiler.catalogue.classed import classed

    found = line.model or classed(line.spec.word("model") or "")
    known = None if found is None else line.past.release.knows(kind, found)
    return UNKNOWN if known is None else known


def _rank(line: Line, name: str) -> Any:
    """`rank.width`, `rank.vocab`, `rank.heads`: what a rank has of the feed-forward layers, the
    vocabulary and the query heads; `rank.expert_width`: of an expert, where ranks share each.
    `rank.spare_heads`: the heads that the ranks leave over."""
    if line.model is None:
        return UNKNOWN
    ranks = line.spec.whole("parallel.tensor") or 1
    if name == "spare_heads":
        return line.model.heads % ranks
    return getattr(line.model, PARTS[name]) // ranks


def _model(line: Line, name: str) -> Any:
    """`model.NAME`: as `servec.compiler.options.named` has it."""
    return UNKNOWN if line.model is None else modelled(line.model, name)


def _draft(line: Line, name: str) -> Any:
    """`draft.NAME`: the same of the draft model, where the line names one that is known, be it by
    its looks."""
    from servec.compiler.catalogue.assumed import assumed
    from servec.compiler.catalogue.models import find_model

    words = [line.said.get(option) for option in DRAFTS]
    word = next(filter(None, words), None) or _field(line.said, "speculative-config.model")
    draft = find_model(word, line.sources) or assumed(word) if isinstance(word, str) else None
    return UNKNOWN if draft is None else modelled(draft, name)


def _device(line: Line, name: str) -> Any:
    """`device.NAME`: an attribute of the device."""
    return UNKNOWN if line.device is None else getattr(line.device, name) or None


def _field(said: Mapping[str, Any], path: str) -> Any:
    flag, *fields = path.split(".")
    found = json_of(str(said.get(flag, "")))
    for field in fields:
        found = found.get(field) if isinstance(found, dict) else None
    return found


HEADS: Mapping[str, Callable[[Line, str], Any]] = {
    "flag": _flag,
    "aside": _aside,
    "json": _json,
    "env": _env,
    "line": _line,
    "on": _on,
    "set": _set,
    "rank": _rank,
    "model": _model,
    "draft": _draft,
    "device": _device,
}
