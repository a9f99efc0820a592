"""Models of which no more is known than their class: by that a runtime has them or not."""

from __future__ import annotations

import re

from servec.compiler.catalogue.spoken import spoken
from servec.compiler.catalogue.store import fact
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set

    from servec.compiler.capabilities import Capabilities


FILES = "llamacpp"
"""It goes by what a file says of itself, which is not the class that the file was made of."""


@record
class Classed:
    """`architecture` and `model_type` as of a model, "" for what is not told. `makes`: what a
    pipeline makes (`images`), "" for a language model."""

    architecture: str
    model_type: str
    makes: str = ""

    @property
    def name(self) -> str:
        """What a finding calls it."""
        return self.architecture or self.model_type

    def judged(self, runtime: str) -> bool:
        """Whether what a runtime goes by is known."""
        if runtime == FILES:
            return bool(self.makes or not self.architecture)
        return bool(self.architecture)

    def of_kind(self, kinds: Set[str]) -> bool:
        """Whether a set of classes, or of model types, holds it."""
        return self.architecture in kinds or self.model_type in kinds


def classed(name: str) -> Classed | None:
    """The class of a repository, a path or a GGUF file that nothing else is known of."""
    last = spoken(name[:200])[1].removesuffix(".gguf")
    for row in fact("classes")["rows"] if last else ():
        if re.fullmatch(row["name"], last):
            return Classed(row["class"], row["type"], row.get("pipeline", ""))
    return _example(last) or _example(_undressed(last))


def _example(last: str) -> Classed | None:
    """The class of a repository that a runtime's own lists name as one of a class."""
    for architecture, kind, names in fact("examples")["rows"] if last else ():
        if last in names:
            return Classed(architecture, kind)
    return None


def _undressed(last: str) -> str:
    """A name without the ending that says how a copy is stored, "" where it has none."""
    endings = (re.search(row["ending"], last) for row in fact("endings")["rows"])
    return next((last[: found.start()] for found in endings if found), "")


def unserved(name: str, able: Capabilities) -> Classed | None:
    """The class of an unknown model, where this version of a runtime does not have it; else None.

    Nothing is said of one whose class the runtime may know by another name.
    """
    found = classed(name)
    if found is None or not able.architectures or not found.judged(able.runtime):
        return None
    if found.of_kind(able.architectures):
        return None
    from servec.compiler.search.generic import class_generic, converted

    others = converted(found.architecture, able.runtime, able.version)
    known = any(name in able.architectures for name in others)
    return None if known or class_generic(found.architecture, able) else found
