"""The profile bodies of a deployment, in the order in which they are applied."""

from __future__ import annotations

from servec.dsl.limits import MAX_BODIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.program import Program


def profile_bodies(program: Program, body: Body) -> tuple[list[Body], bool]:
    """Every profile that `body` extends, each preceded by its own, depth first.

    The second value is false where that order is longer than `MAX_BODIES`, as profiles that extend
    one another twice can make it. Then only the last of equal bodies is kept: a later body writes
    over all that an earlier copy of it wrote, so the result is the same, but what an `unset` met
    on the way is not known.
    """
    if not body.extends:
        return [], True
    found: list[Body] = []
    if _walk(program, body, found, set(), MAX_BODIES):
        return found, True
    found.clear()
    _walk_back(program, body, found)
    return found, False


def _walk(program: Program, body: Body, found: list[Body], reported: set[int], limit: int) -> bool:
    stack = [(body, iter(body.extends))]
    while stack:
        current, names = stack[-1]
        name = next(names, None)
        if name is None:
            stack.pop()
            if stack:
                found.append(current)
            if len(found) > limit:
                return False
            continue
        profile = _profile(program, current, name)
        if profile is None:
            continue
        if any(open_body is profile for open_body, _ in stack):
            _cycle(program, [open_body for open_body, _ in stack], profile, name)
        elif len(stack) > limit:
            return False
        else:
            stack.append((profile, iter(profile.extends)))
    return True


def _walk_back(program: Program, body: Body, found: list[Body]) -> None:
    """The last copy of each body, by walking the order from its end."""
    seen = {id(body)}
    stack = [list(body.extends)]
    holders = [body]
    while stack:
        if not stack[-1]:
            stack.pop()
            holders.pop()
            continue
        profile = _profile(program, holders[-1], stack[-1].pop())
        if profile is not None and id(profile) not in seen:
            seen.add(id(profile))
            found.append(profile)
            stack.append(list(profile.extends))
            holders.append(profile)
    found.reverse()


def _profile(program: Program, body: Body, name: tuple[str, int, int]) -> Body | None:
    """The body of a profile named in `extends`, or None (and SRV106)."""
    found = body.scope.block("profiles", name[0])
    if found is not None:
        return program.body(*found, "deployment")
    body.broken = body.unsure = True
    if not body.scope.in_doubt(name[0]):
        from servec.dsl.checks.srv106_unknown_name import unknown_profile

        program.report(unknown_profile(body.scope, name))
    return None


def _cycle(program: Program, bodies: list[Body], again: Body, name: tuple[str, int, int]) -> None:
    from servec.dsl.checks.srv105_cycle import extends_cycle

    first = next(i for i, body in enumerate(bodies) if body is again)
    bodies[-1].broken = bodies[-1].unsure = True
    key = frozenset(id(body) for body in bodies[first:])
    if key not in program.cycles:
        program.cycles.add(key)
        program.report(extends_cycle(bodies[first:], name))
