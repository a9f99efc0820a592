"""SRV104 across files: two deployments of one name in one call of `compile`."""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def clash(first: Spec, again: Spec) -> Diagnostic:
    """The finding on `again`; both would be written to one folder."""
    return Diagnostic(
        "SRV104",
        "error",
        f"the deployment `{again.name}` is stated in two files of this call",
        Label(again.name_span, "said again"),
        (Label(first.name_span, "said here first"),),
        fixes=(Fix("rename one of the two, or compile them apart: a name is a folder"),),
        deployment=again.name,
    )
