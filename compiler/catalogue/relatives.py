"""Models that a name which goes on differently is most likely a tune of.

A size in the name and the words before it are those of a catalogued model: then its shape is, too.
How long its texts may be is not told by the name, so that nothing is said of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.catalogue.naming import last_part, squeezed
from servec.compiler.catalogue.store import fact
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.model import Model

SIZE = re.compile(r"(?:^|[-_x])e?\d+(?:[._]\d+)?[bmt](?![a-z0-9])")
"""How many weights a name says the model has."""
VERSION = re.compile(r"\d(?:[._]\d)?$")
"""A name that ends with the number of its line."""
MOST = 8
"""No more words of a name are taken for the first or the last of a model's."""
MANY = 24
"""More models than these are not of one line."""


def relative(stem: str, plain: Callable[[str], Model | None]) -> tuple[Model, str] | None:
    """The model that `stem` is one of the line of or holds the name of, and how a finding says so.

    `plain`: the model of a whole name. None where none is likely: drafts, adapters, models with
    parts taken off or put on and storage that no ending tells are no tunes.
    """
    table = fact("endings")
    for bare in dict.fromkeys((stem, re.sub(table["stages"], "", stem))):
        for ending in ("", *table["said_of"]):
            model = plain(f"{bare}{ending}")
            if model is not None:
                return model, " or another of its line"
    first = re.sub(r"-(?:base|pretrain(?:ed)?)(?=-)", "-instruct", stem)
    model = plain(first) or plain(first.replace("-instruct", ""))
    if model is not None:
        return model, ", which it is the base of"
    return _within(stem, plain) or _around(stem, plain) or _begun(stem)


def counted(last: str) -> tuple[Model, str] | None:
    """The model that the repository `last` has the class and count of, or is a known tune of."""
    from servec.compiler.catalogue.models import derived

    file, said = _counted().get(last, ("", ""))
    return (replace(derived(file), max_context=0), said) if file else None


@lru_cache(maxsize=1)
def _counted() -> dict[str, tuple[str, str]]:
    """Last part to entry and how a finding says so; to "" where two repositories share it."""
    found: dict[str, tuple[str, str]] = {}
    for key, said in (
        ("rows", ", whose class and number of weights it has"),
        ("tuned", ", which it is a tune of"),
    ):
        for file, names in fact("counted")[key].items():
            for last in {last_part(name) for name in names}:
                known = found.get(last, (file, said))
                found[last] = (file, known[1]) if known[0] == file else ("", "")
    return found


def _within(stem: str, plain: Callable[[str], Model | None]) -> tuple[Model, str] | None:
    """The longest name within `stem` that has its one size in it; what begins first, of equals.

    Behind words of a tuner it is one that says its version too: `qwen-14b` may be of any.
    """
    if len(SIZE.findall(stem)) != 1:
        return None
    size = SIZE.search(stem)
    assert size is not None
    starts = [0, *(cut.end() for cut in re.finditer(r"[-_]", stem))][:MOST]
    ends = [len(stem), *(cut.start() for cut in re.finditer(r"[-_]", stem))][-MOST:]
    spans = [(a, b) for a in starts for b in ends if a < size.end() <= b and a <= size.start()]
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if start and not any(letter.isdigit() for letter in stem[start : size.start()]):
            continue
        if apart(stem[:start]) or apart(stem[end:]):
            continue
        for ending in ("", *fact("endings")["said_of"]):
            model = plain(f"{stem[start:end]}{ending}")
            if model is not None and model.quant.method == "none":
                return model, f", which its name {'holds' if start else 'begins like'}"
    return None


def _around(stem: str, plain: Callable[[str], Model | None]) -> tuple[Model, str] | None:
    """The model whose version and size stand around words of a tuner: `llama-3-someones-70b`."""
    size = SIZE.search(stem)
    if size is None or len(SIZE.findall(stem)) != 1:
        return None
    said = size.group().lstrip("-_x")
    ends = [len(stem), *(cut.start() for cut in re.finditer(r"[-_]", stem))][-MOST:]
    for cut in list(re.finditer(r"[-_]", stem[: size.start()]))[:MOST]:
        version, words = stem[: cut.start()], stem[cut.start() : size.start()]
        if not VERSION.search(version) or not words[1].isalpha() or apart(words):
            continue
        for end in sorted((end for end in ends if end >= size.end()), reverse=True):
            if apart(stem[end:]):
                continue
            for ending in ("", *fact("endings")["said_of"]):
                model = plain(f"{version}{stem[size.start() : end]}{ending}")
                if model is not None and model.quant.method == "none" and said in model.id.lower():
                    return model, ", whose version and size its name has"
    return None


def apart(words: str) -> bool:
    """Whether words around a model's name tell of something else than a tune of it."""
    return re.search(fact("endings")["apart"], words) is not None


def _begun(stem: str) -> tuple[Model, str] | None:
    """A model of those whose names begin with a size and go on, where all are of one shape.

    Not one of the hub's class alone (`-hf`): the name without that may be the publisher's own.
    """
    from servec.compiler.catalogue.models import derived

    begin = squeezed(stem)
    if SIZE.search(stem) is None or stem[0].isdigit():
        return None
    begun = [row for row in _all() if row[0].startswith(begin) and _goes_on(row[1], begin)]
    files = {file for _, last, file in begun if not last.endswith("-hf")}
    if not 0 < len(files) <= MANY:
        return None
    models = sorted(map(derived, sorted(files)), key=lambda model: len(model.id))
    models = [model for model in models if model.quant.method == "none"]
    if not models or any(_form(model) != _form(models[0]) for model in models):
        return None
    return models[0], ", whose name goes on from this one"


@lru_cache(maxsize=1)
def _all() -> tuple[tuple[str, str, str], ...]:
    from servec.compiler.catalogue.models import index

    found = ((last_part(name), file) for name, file in index().items() if "/" in name)
    return tuple((squeezed(last), last, file) for last, file in found)


def _goes_on(last: str, begin: str) -> bool:
    """Whether another word follows in `last` where its first letters and digits are `begin`."""
    ends = [place for place, letter in enumerate(last) if letter.isalnum()]
    return last[ends[len(begin) - 1] + 1 :][:1] in ("-", "_")


def _form(model: Model) -> tuple[object, ...]:
    return (model.groups, model.vocab, model.architecture)
