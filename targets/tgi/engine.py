"""Whose class runs a model in TGI: one of its own, or that of transformers.

Classes of transformers run with TGI's attention, without TGI's quantised layers and caches (TGI
3.3.7 server/text_generation_server/models/__init__.py get_model).
"""

from __future__ import annotations

from servec.targets.shared.table import load_sets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

OWN, LIBRARY = "own", "transformers"


def engine_of(case: Case) -> tuple[str, str]:
    """Whose class it is, and why."""
    own = load_sets(case.target.name, case.capabilities.version)["own_types"]
    if case.model is None or case.model.model_type in own:
        return OWN, "TGI has a class of its own for it"
    return LIBRARY, f"TGI has no class of its own for {case.model.model_type}"
