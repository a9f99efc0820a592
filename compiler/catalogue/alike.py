"""Names of the catalogue that a misspelt one may mean."""

from __future__ import annotations

from servec.compiler.catalogue.models import model_names
from servec.dsl.nearest import nearest


def alike(name: str) -> tuple[str, ...]:
    """Up to three names: ids for an id, short names for a word; those it is the beginning of last.

    Few are compared: a slip seldom changes the first letters of an id's publisher or of a line.
    """
    among = [other for other in model_names() if ("/" in other) == ("/" in name)]
    for length in (3, 1, 0):
        begin = name[:length].lower()
        found = nearest(name, [other for other in among if other.lower().startswith(begin)])
        if found:
            return found
    if "/" in name or len(name) < 3:
        return ()
    return tuple(other for other in among if other.startswith(name))[:3]
