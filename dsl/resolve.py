"""A deployment with its profiles, references and roles resolved."""

from __future__ import annotations

from servec.dsl.diagnostic import Span
from servec.dsl.judge import judge
from servec.dsl.merge import Merged
from servec.dsl.spec import Spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.program import Program
    from servec.dsl.scope import Scope
    from servec.dsl.tree import Block, Unset

    Missed = tuple[Body, str, Unset]


def resolve(program: Program, scope: Scope, block: Block) -> Spec:
    """The spec of one deployment; what is wrong with it is reported to `program`."""
    body = program.body(scope, block, "deployment")
    profiles: list[Body] = []
    in_order = True
    if body.extends:
        from servec.dsl.extends import profile_bodies

        profiles, in_order = profile_bodies(program, body)
    merged = Merged()
    for each in (*profiles, body):
        missed = merged.apply(each)
        if missed and in_order:
            _missed(program, merged, body, missed)
    parts = [merged]
    for bodies in merged.roles.values():
        part = merged.role_copy()
        parts.append(part)
        for each in bodies:
            missed = part.apply(each)
            if missed and in_order:
                _missed(program, part, body, missed)
    judge(program, body, parts)
    roles = {
        role: _spec(body, part, {}, role)
        for role, part in zip(merged.roles, parts[1:], strict=True)
    }
    return _spec(body, merged, roles, "")


def _missed(program: Program, merged: Merged, body: Body, missed: list[Missed]) -> None:
    """Report each `unset` of nothing, unless what it means may have gone unread."""
    from servec.dsl.checks.srv107_unset import unset_of_nothing
    from servec.dsl.doubt import touched

    for source, path, node in missed:
        if program.full:
            break
        if touched(merged.doubts, path) or touched(merged.doubts, "extends"):
            continue
        merged.broken = True
        program.report(unset_of_nothing(source, path, node, body, merged.settings))


def _spec(body: Body, merged: Merged, roles: dict[str, Spec], role: str) -> Spec:
    block, path = body.block, body.scope.file.path
    assert block.label is not None
    return Spec(
        name=block.label.text,
        file=path,
        span=Span(path, block.start, block.end),
        name_span=Span(path, block.label.start, block.label.end),
        settings=merged.frozen(),
        env=merged.env,
        on={name: on.frozen() for name, on in merged.on.items()},
        adapters=tuple(merged.adapters.values()),
        asserts=tuple(merged.asserts.values()),
        roles=roles,
        role=role,
        template_args=merged.template_args,
        overrides=merged.overrides,
        broken=merged.broken or any(spec.broken for spec in roles.values()),
        doubts=tuple(sorted(merged.doubts)),
    )
