"""A release between the tables: which model classes it has, and which rules hold for it.

`dated.json` tells when a class came, by release notes and pages of the documentation. One of which
it does not tell may be in every release that the next table is behind.
"""

from __future__ import annotations

import os

from servec.compiler.options.versions import is_exact, order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.capabilities import Capabilities
    from servec.dsl.spec import Spec

NAME, CLASSES = "trtllm", "architectures"


def between(spec: Spec, version: str) -> str:
    """The release that the spec states, where it is behind or before the table used; else ""."""
    block = spec.on.get(NAME)
    bound = block.version if block else None
    stated = str(bound.value) if bound is not None and bound.op == "=" else ""
    return stated if is_exact(stated) and order(stated) != order(version) else ""


def with_dated(tables: Capabilities, stated: str) -> Capabilities:
    """The classes of a release: those of its table and what may be there, less what came later."""
    from servec.dsl.json_file import load_json
    from servec.dsl.record import replace
    from servec.targets.shared.table import load_table, versions

    came = load_json(os.path.dirname(__file__), "dated.json")["came"]
    now = order(stated)
    ahead = next((version for version in versions(NAME) if order(version) > now), "")
    every = (*tables.architectures, *load_table(NAME, ahead or tables.version).values(CLASSES))
    known = {name for name in every if name not in came or order(came[name][0]) <= now}
    return replace(tables, architectures=frozenset(known))
