"""What an unknown name is taken for: a catalogued model under another publisher, path or dress.

A name is only taken for a model where every entry that has it agrees; else nothing is said.
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.naming import last_part, namesakes
from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.model import Model

LONGEST = 200
"""No name that is looked at has more characters."""
CACHED = re.compile(r"(?:^|/)models--([\w.-]+?)--([\w.-]+)(?:/|$)")
"""A folder of the hub's cache: it names publisher and repository."""
SHARD = re.compile(r"-\d{5}-of-\d{5}$")
FILE = re.compile(r"[-_.]((?:ud-)?i?q\d[a-z0-9_]*|bf16|f16|f32|mxfp4)$")


def assumed(name: str, word: str = "") -> Model | None:
    """The model that `name`, which nothing is known of, is taken for; None where that is open.

    `name`: a repository id or a path whose files cannot be read. `word`: the precision that the
    spec says its weights have, which a GGUF repository does not tell. `assumed` of the result says
    what was taken for granted.
    """
    if len(name) > LONGEST:
        return None
    found = CACHED.search(name)
    said = f"{found.group(1)}/{found.group(2)}" if found else name
    said = said.replace("___", ".")
    publisher, last = said.rpartition("/")[0].lower(), last_part(said)
    if last.endswith(".gguf"):
        return _file(name, last.removesuffix(".gguf"), word)
    model = _plain(last)
    if model is not None and (model.quant.method == "none" or not publisher or "/" in publisher):
        return _taken(model, name)
    return _by_ending(name, publisher, last, word) or (_taken(model, name) if model else None)


def _by_ending(name: str, publisher: str, last: str, word: str) -> Model | None:
    """The model whose name stands before an ending that tells how a copy of it is stored."""
    for row in fact("endings")["rows"]:
        if "by" in row and publisher.rpartition("/")[2] not in row["by"]:
            continue
        cut = re.search(row["ending"], last)
        if cut is None or not re.search(row.get("of", ""), last[: cut.start()]):
            continue
        if row.get("as") == "open":
            return None
        model = _plain(last[: cut.start()])
        if model is not None:
            return _dressed(model, name, row, word)
    return None


def _plain(last: str) -> Model | None:
    """The one model that repositories of that last part hold; of several, where all are alike."""
    from servec.compiler.catalogue.models import derived

    dotted = re.sub(r"(?<=\d)_(?=\d)", ".", last)
    bare = re.sub(r"-(?:hf|qat)$", "", last)
    for spelt in (last, f"{last}-hf", f"meta-{last}", bare, dotted):
        models = [derived(file) for file in namesakes(spelt)]
        models = [model for model in models if last_part(model.id) == spelt] or models
        if spelt.endswith("-hf") != last.endswith("-hf"):  # another class, where there are images
            models = [model for model in models if model.modalities == ("text",)]
        if models and all(_shape(model) == _shape(models[0]) for model in models):
            return models[0]
        if models:
            return None
    return None


def _shape(model: Model) -> tuple[Any, ...]:
    return (model.groups, model.vocab, model.max_context, model.quant, model.architecture)


def _taken(model: Model, name: str, said: str = "", **changes: Any) -> Model:
    changes |= {"assumed": f"{model.id}{said}", "source": f"the name, {model.id} under another"}
    nothing = {"base": "", "published_total": 0, "published_active": 0}
    return replace(model, id=name, name=name, **nothing, **changes)


def _dressed(model: Model, name: str, row: dict[str, Any], word: str) -> Model | None:
    """`model` stored as the ending of a name says."""
    if row.get("as") == "gguf":
        return _gguf(model, name, word or "q4_k_m", said=bool(word))
    from servec.compiler.catalogue.entries import entry, model_of
    from servec.compiler.catalogue.ingest.build import Refused
    from servec.compiler.catalogue.naming import entry_of

    held = entry(entry_of(model.id))
    if "config" not in held:
        return None
    config = _bare(held["config"])
    if "config" in row:
        config["quantization_config"] = row["config"]
    kept = {k: v for k, v in held.items() if k not in ("stored", "quant_config", "published")}
    made = model_of({**kept, "config": config})
    if isinstance(made, Refused):
        return None
    return _taken(model, name, f", {row['said']}", quant=made.quant, checkpoint_bytes=0)


def _bare(config: dict[str, Any]) -> dict[str, Any]:
    """A config without what it says of its own quantisation, at the top or in its language part."""
    return {
        key: _bare(value) if key == "text_config" else value
        for key, value in config.items()
        if key not in ("quantization_config", "compression_config")
    }


def _file(name: str, stem: str, word: str) -> Model | None:
    """A GGUF file: its name ends with the type, behind which a shard is numbered."""
    stem = SHARD.sub("", stem)
    kind = FILE.search(stem)
    model = _plain(stem[: kind.start()]) if kind else None
    if model is None or kind is None:
        return None
    return _gguf(model, name, word or kind.group(1).removeprefix("ud-"), said=True)


def _gguf(model: Model, name: str, word: str, said: bool) -> Model | None:
    """`model` converted to GGUF of the type `word`."""
    from servec.compiler.catalogue.precision import gguf_types
    from servec.compiler.memory.served import quant_as

    plain = {"f16": "fp16", "f32": "fp32"}.get(word, word)
    if word not in gguf_types() and plain not in ("bf16", "fp16", "fp32"):
        return None
    quant = replace(quant_as(model, plain), method="gguf")
    text = f", GGUF of type {word}" + ("" if said else ", which is llama.cpp's first choice")
    return _taken(model, name, text, quant=quant, checkpoint_bytes=0)
