"""Models that a name which goes on differently is most likely a tune of.

A size in the name and everything before it are those of a catalogued model: then its shape is, too.
How long its texts may be is not told by the name, so that nothing is said of it.
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.store import fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.model import Model

SIZE = re.compile(r"(?:^|[-_x])e?\d+(?:[._]\d+)?[bmt](?![a-z0-9])")
"""How many weights a name says the model has."""


def relative(stem: str, plain: Callable[[str], Model | None]) -> tuple[Model, str] | None:
    """The model that `stem` begins like, and how a finding says so; None where none is likely.

    `plain`: the model of a whole name. Drafts, adapters, models with parts taken off or put on and
    storage that no ending tells are no tunes.
    """
    table = fact("endings")
    if re.search(table["apart"], stem):
        return None
    for ending in table["said_of"]:
        model = plain(f"{stem}{ending}")
        if model is not None:
            return model, " or another of its size"
    cuts = [cut.start() for cut in re.finditer(r"[-_]", stem)]
    for end in reversed(cuts):
        if not SIZE.search(stem[:end]):
            return None
        if SIZE.search(stem[end:]):
            return None
        for ending in ("", *table["said_of"]):
            model = plain(f"{stem[:end]}{ending}")
            if model is not None and model.quant.method == "none":
                return model, ", which its name begins like"
    return None
