"""The profile bodies of a deployment, in the order in which they are applied."""

from __future__ import annotations

from servec.dsl.limits import MAX_BODIES
from servec.dsl.parents import check_extends, parents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.program import Program


def profile_bodies(program: Program, body: Body) -> tuple[list[Body], bool]:
    """Every profile that `body` extends, each preceded by its own, depth first.

    The second value is false where that order is longer than `MAX_BODIES`, as profiles that extend
    one another twice can make it. Then only the last of equal bodies is kept: a later body writes
    over all that an earlier copy of it wrote, so the result is the same, but what an `unset` met
    on the way is not known. More different ones than that are SRV106.
    """
    check_extends(program, body)
    found = _in_order(program, body)
    if found is not None:
        return found, True
    found = _last_ones(program, body)
    if len(found) > MAX_BODIES:
        from servec.dsl.checks.srv106_unknown_name import too_many_profiles
        from servec.dsl.doubt import ANYTHING

        body.broken = True
        body.doubts.add(ANYTHING)
        program.report(too_many_profiles(body))
        found = []
    return found, False


def _in_order(program: Program, body: Body) -> list[Body] | None:
    """The whole order, or None past `MAX_BODIES`; a profile does not extend itself again."""
    found: list[Body] = []
    stack = [(body, iter(parents(program, body)))]
    while stack:
        current, left = stack[-1]
        profile = next(left, None)
        if profile is None:
            stack.pop()
            if stack:
                found.append(current)
        elif all(each is not profile for each, _ in stack):
            stack.append((profile, iter(parents(program, profile))))
        if len(found) > MAX_BODIES or len(stack) > MAX_BODIES:
            return None
    return found


def _last_ones(program: Program, body: Body) -> list[Body]:
    """The last copy of each body, by walking the order from its end; at most one too many."""
    seen = {id(body)}
    found: list[Body] = []
    stack = [list(parents(program, body))]
    while stack and len(found) <= MAX_BODIES:
        if not stack[-1]:
            stack.pop()
            continue
        profile = stack[-1].pop()
        if id(profile) not in seen:
            seen.add(id(profile))
            found.append(profile)
            stack.append(list(parents(program, profile)))
    found.reverse()
    return found
