"""What a body extends directly; unknown profiles and cycles among them are found here."""

from __future__ import annotations

SHORT = 3
"""Letters of a name that says too little for what is near to it to be what was meant."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.program import Program


def parents(program: Program, body: Body) -> list[Body]:
    """The bodies of the profiles that `body` names in `extends`, those that exist."""
    if body.parents is None:
        found = []
        for name in body.extends:
            profile = _profile(program, body, name)
            if profile is not None:
                found.append(profile)
            if program.full:
                break
        body.parents = found
    return body.parents


def check_extends(program: Program, body: Body) -> None:
    """Report the unknown profiles and cycles that `body` leads to; each profile is seen once."""
    done = program.checked
    if id(body) in done:
        return
    done.add(id(body))
    path = {id(body): body}
    stack = [(body, iter(parents(program, body)))]
    while stack:
        current, left = stack[-1]
        profile = next(left, None)
        if profile is None:
            stack.pop()
            del path[id(current)]
        elif id(profile) in path:
            _cycle(program, list(path.values()), profile)
        elif id(profile) not in done:
            done.add(id(profile))
            path[id(profile)] = profile
            stack.append((profile, iter(parents(program, profile))))


def _profile(program: Program, body: Body, name: tuple[str, int, int]) -> Body | None:
    found = body.scope.block("profiles", name[0])
    if found is not None:
        return program.body(*found, "deployment")
    from servec.dsl.doubt import ANYTHING

    body.broken = True
    meant = None
    if not body.scope.block_in_doubt(name[0]):
        from servec.dsl.checks.srv106_unknown_name import unknown_profile

        finding = unknown_profile(body.scope, name)
        program.report(finding)
        certain = [edit.insert for fix in finding.fixes if fix.safe for edit in fix.edits]
        if certain and len(name[0]) > SHORT:
            meant = body.scope.block("profiles", certain[0])
    if meant is None:
        body.doubts.add(ANYTHING)
        return None
    return program.body(*meant, "deployment")


def _cycle(program: Program, bodies: list[Body], again: Body) -> None:
    from servec.dsl.checks.srv105_cycle import extends_cycle
    from servec.dsl.doubt import ANYTHING

    first = next(i for i, body in enumerate(bodies) if body is again)
    bodies[-1].broken = True
    bodies[-1].doubts.add(ANYTHING)
    program.report(extends_cycle(bodies[first:]))
