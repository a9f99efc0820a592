"""How prefill hands the cache over to decode."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def transport(case: Case) -> str:
    """The KV transfer that the spec names, else the last in order of name of the runtime's."""
    return case.spec.word("transfer") or max(case.capabilities.transfer, default="")
