"""Models that a runtime has no class for and serves all the same: by Transformers' own.

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
    table = fact("generic")
    row = table["runtimes"].get(able.runtime)
    if row is None or order(able.table) < order(row["since"]):
        return False
    return any(model.architecture in table[kind] for kind in row["takes"])
