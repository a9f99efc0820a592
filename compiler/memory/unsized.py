"""Weights that a runtime quantises as it loads, by a method of which no size is known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

NOTHING = ("", "none", "None", "auto", "unquant", False, None)
WHOLE = ("fp8",)
"""Methods whose weights lie in 16 bits first, where the constants say `loads_wide`."""


def unsized(case: Case, wide: bool, named: tuple[str, ...]) -> bool:
    """Whether the runtime's own block names a method for a checkpoint without one, which the plan
    has not: what it leaves of the weights is not known. `wide`: it loads them whole before;
    `named`: the options that name a method."""
    model, plan, block = case.model, case.plan, case.spec.on.get(case.target.name)
    if model is None or plan is None or block is None or model.quant.method != "none":
        return False
    said = [option.value for option in block.options if option.name in named]
    known = (*NOTHING, *WHOLE) if wide else NOTHING
    return plan.load == "as_is" and any(value not in known for value in said)
