"""KV transfer without roles, or not in this runtime.

Checks: `transfer` stands only in a deployment with roles, and names a transfer that this version
    of the runtime has; roles only in a runtime that can move KV between servers.
Because: prefill and decode servers hand the cache over through a connector of the runtime. A
    server that does everything itself has nothing to hand over.
Wrong: transfer = nixl
Right: parallel { tensor = 8 }
Source: vllm 0.33.0 kv_connector/factory.py; sglang 0.5.23 srt/arg_groups/choices.py
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, drop, seconds, stated, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def check(case: Case, spec: Spec) -> Diagnostic | None:
    """The finding on the deployment `spec` for the runtime of `case`, else None."""
    said = spec.word("transfer")
    if not spec.roles:
        return _without(spec, said) if said else None
    known = case.capabilities.transfer
    if not known or "roles" not in case.capabilities.features:
        return _no_roles(case, spec)
    return _unknown(case, spec, said) if said and said not in known else None


def _without(spec: Spec, said: str) -> Diagnostic:
    primary = at(spec, "transfer", "nothing to transfer between")
    return Diagnostic(
        "SRV407",
        "error",
        f"`transfer = {said}` needs `role prefill` and `role decode`",
        primary,
        (),
        (Figure("roles", 0, "one server that does both hands no KV over"),),
        (Fix("drop the line", drop(spec, "transfer")),),
    )


def _no_roles(case: Case, spec: Spec) -> Diagnostic:
    role = next(iter(spec.roles.values()))
    named = spec.word("target") == case.target.name
    primary = at(spec, "target", "cannot hand KV over") if named else None
    roles = Label(role.name_span, "a server of its own")
    edits = write(spec, {"target": "auto"}) if named else ()
    return Diagnostic(
        "SRV407",
        "error",
        f"{case.target.name} {case.capabilities.version} has no KV transfer between roles",
        primary or roles,
        (roles,) if primary else (),
        (Figure("transfers", 0, f"transfers of {case.target.name}: none"),),
        (Fix("let the compiler choose", edits),),
    )


def _unknown(case: Case, spec: Spec, said: str) -> Diagnostic:
    known = sorted(case.capabilities.transfer)
    primary = at(spec, "transfer", f"not in {case.target.name} {case.capabilities.version}")
    return Diagnostic(
        "SRV407",
        "error",
        f"{case.target.name} {case.capabilities.version} has no transfer `{said}`",
        primary,
        seconds(primary, stated(spec, "target", "the runtime asked for")),
        (Figure("transfers", len(known), f"it has {', '.join(known)}"),),
        (Fix(f"take {known[0]}", write(spec, {"transfer": known[0]})),),
    )
