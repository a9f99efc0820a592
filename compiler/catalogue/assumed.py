"""What an unknown name is taken for: a catalogued model under another publisher, path or dress.

A name is only taken for a model where every entry that has it agrees; else nothing is said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.catalogue.classed import classed
from servec.compiler.catalogue.dressed import as_gguf, dressed, taken
from servec.compiler.catalogue.naming import last_part, namesakes, spelt_like
from servec.compiler.catalogue.spoken import EMPTY, spoken
from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from servec.compiler.model import Model

LONGEST = 200
"""No name that is looked at has more characters."""
DRESSES = 4
"""No more words are taken off the end of a name."""
SHARD = re.compile(r"-\d{5}-of-\d{5}$")
ANY = r"[-_.][a-z0-9]+$"
REVISIONS = ("latest", "main", "master")
"""What stands behind a colon and is no type."""
FILE = re.compile(r"[-_.](?:i1-)?((?:ud-)?i?q\d[a-z0-9_]*|bf16|fp16|fp32|f16|f32|mxfp4(?:_moe)?)$")

TYPED = re.compile(r"[-_.](?:ud-)?i?q\d_(?:k|\d|[xsmn]{1,3})(?:_(?:s|m|l|xl))?$")
"""The end of the name of a GGUF file whose own ending is left out."""


def assumed(name: str, word: str = "", asked: str = "") -> Model | None:
    """The model that `name`, which nothing is known of, is taken for; None where that is open.

    `name`: a repository id or a path whose files cannot be read. `word`: the precision that the
    spec says its weights have, which a GGUF repository does not tell. `asked`: the method of
    quantisation that the runtime is asked for. `assumed` of the result says what was taken for
    granted.
    """
    if len(name) > LONGEST or classed(name) is not None:
        return None
    publisher, last, kind, hub = spoken(name)
    word = word or ("" if kind in REVISIONS else kind.removeprefix("ud-"))
    stem = last.removesuffix(".gguf").removesuffix(".llamafile")
    if stem != last or TYPED.search(last):
        return _file(name, stem, word, publisher)
    for likely in (False, True):
        for spelt in _spellings(last):
            found = _whole(name, publisher if hub else f"/{publisher}", spelt, word, likely, asked)
            if found is not None:
                return found
    return None


def _spellings(last: str) -> Iterator[str]:
    """`last`; and without the publisher or tuner that some put before it: `qwen_qwen3-14b-gguf`;
    and in full, where people shorten it. llama.cpp's cache puts the whole repository before a file.
    """
    yield last
    _, cached, file = last.rpartition("gguf_")
    if cached:
        yield file
    _, _, rest = last.partition("_")
    if rest and "-" in rest:
        yield rest
    for short, full in ((fact("endings")["lead"], ""), *fact("endings")["short"]):
        spelt = re.sub(short, full, last)
        if spelt != last:
            yield spelt


def _whole(
    name: str, publisher: str, last: str, word: str, likely: bool, asked: str
) -> Model | None:
    """The model that `last` names to the end, or as is `likely`, whatever dress it has on.

    `publisher` begins with `/` where it is but a folder: then files of that very name are meant.
    """
    found = _named(last, likely)
    if found is not None and (found[0].quant.method == "none" or publisher[:1] == "/"):
        return taken(found[0], name, found[1])
    for bare in undressed(last, "any" if likely else "after"):
        dressed = _by_ending(name, publisher, bare, word, likely, asked)
        if dressed is not None:
            return dressed
    return taken(found[0], name, found[1]) if found else None


def _named(last: str, likely: bool) -> tuple[Model, str] | None:
    """The model of that name, and what a finding says of how it was found."""
    if likely:
        from servec.compiler.catalogue.relatives import relative

        found = relative(last, plain)
        return (replace(found[0], max_context=0), found[1]) if found else None
    from servec.compiler.catalogue.relatives import counted

    models = filter(None, map(plain, undressed(last, "tunes")))
    return next(((model, "") for model in models), None) or counted(last)


def undressed(last: str, kind: str) -> Iterator[str]:
    """`last`, and what is left of it without words at its end that change nothing that counts.

    `kind`: `after` words stand behind what an ending says of the storage, `tunes` tell of a copy
    of a model that has all its shape; `any` words tell of no other shape and no other storage.
    """
    from servec.compiler.catalogue.relatives import apart

    yield last
    words = ANY if kind == "any" else fact("endings")[kind]
    for _ in range(DRESSES):
        cut = re.search(words, last)
        if cut is None or not cut.start() or (kind == "any" and apart(cut.group())):
            return
        last = last[: cut.start()]
        yield last


def _by_ending(
    name: str, publisher: str, last: str, word: str, likely: bool, asked: str
) -> Model | None:
    """The model whose name stands before an ending that tells how a copy of it is stored."""
    for row in fact("endings")["rows"]:
        cut = re.search(row["ending"], last)
        if cut is None or not re.search(row.get("of", ""), last[: cut.start()]):
            continue
        found = _named(last[: cut.start()], likely)
        if not _is_by(row, publisher, found) or not _is_asked(row, publisher, found, asked):
            continue
        if row.get("as") == "open":
            return None
        if found is not None:
            kind = next(filter(None, cut.groups()), "")
            return dressed(found, name, row, word or kind)
    return None


def _is_by(row: dict[str, Any], publisher: str, found: tuple[Model, str] | None) -> bool:
    """Whether a row is of the publisher; of files in some folder, the model's own is the likely."""
    if "by" not in row or publisher.lstrip("/") in row["by"]:
        return True
    own = found[0].id.partition("/")[0].lower() if found is not None else ""
    return publisher[:1] == "/" and own in row["by"]


def _is_asked(
    row: dict[str, Any], publisher: str, found: tuple[Model, str] | None, asked: str
) -> bool:
    """Whether a row that hangs on the method asked for holds for a copy of that publisher."""
    if "asked" not in row:
        return True
    own = found[0].id.partition("/")[0].lower() if found is not None else ""
    return asked in row["asked"] and publisher not in (own, *row.get("but", ()))


@lru_cache(maxsize=1024)
def plain(last: str) -> Model | None:
    """The one model that repositories of that last part hold; of several, where all are alike."""
    from servec.compiler.catalogue.models import derived

    spellings = tuple(dict.fromkeys((last, *_spelt(last))))
    for find in (namesakes, spelt_like):
        for spelt in spellings:
            models = [derived(file) for file in find(spelt)]
            models = [model for model in models if last_part(model.id) == spelt] or models
            if spelt.endswith("-hf") != last.endswith("-hf"):  # another class, if there are images
                models = [model for model in models if model.modalities == ("text",)]
            if models and all(_shape(model) == _shape(models[0]) for model in models):
                return models[0]
            if models:
                return None
    return None


def _spelt(last: str) -> tuple[str, ...]:
    """Other ways to write a name: with a hub's ending, with points and lines for each other."""
    return (
        f"{last}-hf",
        f"meta-{last}",
        f"{last}-bf16",
        re.sub(r"-(?:hf|qat)$", "", last),
        re.sub(r"^([a-z]+)(?=\d)", r"\1-", last),
        re.sub(r"(?<=\d)_(?=\d)", ".", last),
        re.sub(r"(?<=-\d)-(?=\d-)", ".", last),
        re.sub(r"(?<=\d)\.(?=\d)", "_", last),
    )


def _shape(model: Model) -> tuple[Any, ...]:
    return (model.groups, model.vocab, model.max_context, model.quant, model.architecture)


def type_in(stem: str) -> str:
    """The type that the name of a GGUF file ends with, "" for none: `x-Q8_0.gguf` is `q8_0`."""
    stem = SHARD.sub("", stem.lower().removesuffix(".gguf"))
    kind = FILE.search(stem)
    return kind.group(1).removeprefix("ud-").removesuffix("_moe") if kind else ""


def _file(name: str, stem: str, word: str, folder: str) -> Model | None:
    """A GGUF file: its name ends with the type, behind which a shard is numbered.

    Where the name is that of any model, or the begin of its folder's, it is the folder's.
    """
    stem = SHARD.sub("", stem)
    kind = FILE.search(stem)
    if kind is None:
        return None
    word = word or type_in(stem)
    stem = stem[: kind.start()]
    stems = [folder.removesuffix("-gguf")] if folder.startswith(stem) or EMPTY.match(stem) else []
    for likely in (False, True):
        for spelt in (spelt for each in (stem, *stems) for spelt in _spellings(each)):
            found = _named(spelt, likely)
            if found is not None:
                return as_gguf(found[0], name, word, found[1])
    return None
