"""Whether a runtime can serve a case at all, whatever the plan, and why not."""

from __future__ import annotations

from servec.compiler.decide import checkpoint
from servec.compiler.rules.asked import problems
from servec.compiler.rules.expressible import of_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic


def cannot(case: Case, files: Loading | None) -> bool:
    """Whether `unreached` finds anything."""
    able = case.capabilities
    return (
        not reaches(case)
        or not _knows(case)
        or not checkpoint.served(case, files)
        or bool(problems(case) or able.refusals)
    )


def unreached(case: Case, files: Loading | None) -> tuple[Diagnostic, ...]:
    """What keeps the runtime from serving this at all, whatever the plan."""
    if not reaches(case):
        from servec.compiler.rules import srv303_runtime_hardware

        return (srv303_runtime_hardware.diagnose(case),)
    found: list[Diagnostic] = []
    if not _knows(case):
        from servec.compiler.rules import srv306_architecture_runtime

        found.append(srv306_architecture_runtime.diagnose(case))
    if not checkpoint.served(case, files):
        found += _imprecise(case, files)
    if problems(case):
        from servec.compiler.rules import srv310_feature_missing

        found += srv310_feature_missing.checks(case)
    return (*found, *case.capabilities.refusals)


def _knows(case: Case) -> bool:
    """Whether the runtime has a class for the model, or takes that of Transformers."""
    model, able = case.model, case.capabilities
    if model is None:
        from servec.compiler.catalogue.classed import unserved

        return unserved(case.spec.word("model") or "", able) is None
    if of_kind(model, able.architectures):
        return True
    from servec.compiler.search.generic import served_generically

    return served_generically(model, able)


def reaches(case: Case) -> bool:
    """Whether the runtime has a build for the device, be it a special one."""
    device = case.device
    return device is None or device.any or device.arch in case.capabilities.reach


def _imprecise(case: Case, files: Loading | None) -> list[Diagnostic]:
    """The first of what is wrong with the precision: runtime, hardware, conversion."""
    from servec.compiler.rules import srv305_precision_runtime

    found = srv305_precision_runtime.check(case, files)
    if found is None:
        from servec.compiler.rules import srv304_precision_hardware, srv311_no_conversion

        found = srv304_precision_hardware.check(case, files)
        found = found or srv311_no_conversion.check(case, files)
    return [found] if found is not None else []
