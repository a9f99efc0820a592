"""Models that a runtime has no class for and serves all the same: by Transformers' own, or by a
class of its own that it turns into theirs.

Asked only where the runtime's registry does not hold the class. The versions before those of
`facts/generic.json` came with a Transformers that knew fewer, so that they are not asked.
"""

from __future__ import annotations

from servec.compiler.catalogue.store import fact
from servec.compiler.options.versions import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Capabilities
    from servec.compiler.model import Model


def served_generically(model: Model, able: Capabilities) -> bool:
    """Whether Transformers has a class for `model` that this version of the runtime can take."""
    return class_generic(model.architecture, able) or any(
        name in able.architectures
        for name in converted(model.architecture, able.runtime, able.version)
    )


def class_generic(name: str, able: Capabilities) -> bool:
    """The same of a class by its name."""
    table = fact("generic")
    row = table["runtimes"].get(able.runtime)
    if row is None or order(able.table) < order(row["since"]):
        return False
    return any(name in table[kind] for kind in row["takes"])


def converted(name: str, runtime: str, version: str) -> tuple[str, ...]:
    """The classes, any of which a runtime turns into the class `name` that it does not have."""
    for row in fact("generic")["conversions"].get(runtime, ()):
        here = order(version)
        if order(row["since"]) <= here and not (row["until"] and order(row["until"]) < here):
            ending = next((end for end in row["from"] if name.endswith(end)), "")
            if ending:
                return tuple(name.removesuffix(ending) + end for end in row["to"])
    return ()
