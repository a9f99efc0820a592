"""Models that a runtime has no class for and serves all the same: by Transformers' own, or by a
class of its own that it turns into theirs.

Asked only where the runtime's registry does not hold the class. Versions before those that were
asked came with a Transformers that knew fewer: `earlier` of `facts/generic.json` has theirs.
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
    name = model.architecture
    return class_generic(name, able) or any(
        other in able.architectures for other in converted(name, able.runtime, able.version)
    )


def class_generic(name: str, able: Capabilities) -> bool:
    """The same of a class by its name."""
    table = fact("generic")
    row = table["runtimes"].get(able.runtime)
    if row is None or order(able.table) < order(row["since"]):
        return earlier(name, able.runtime, able.version)
    return any(name in table[kind] for kind in row["takes"])


def earlier(name: str, runtime: str, version: str) -> bool:
    """The same of a version before those, by what its Transformers had."""
    here = order(version)
    return any(
        name in row["classes"]
        for row in fact("generic")["earlier"].get(runtime, ())
        if order(row["since"]) <= here <= order(row["until"])
    )


def converted(
    name: str, runtime: str, version: str, kind: str = "architectures"
) -> tuple[str, ...]:
    """The classes, any of which a runtime turns into the class `name` that it does not have.

    `kind`: the set of classes that is asked, of which some turn nothing (`but` of a row).
    """
    here = order(version)
    for row in fact("generic")["conversions"].get(runtime, ()):
        if kind in row.get("but", ()):
            continue
        if order(row["since"]) <= here and not (row["until"] and order(row["until"]) < here):
            ending = next((end for end in row["from"] if name.endswith(end)), "")
            if ending:
                return tuple(name.removesuffix(ending) + end for end in row["to"])
    return ()
