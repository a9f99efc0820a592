"""What can be judged only when all bodies of a deployment are merged."""

from __future__ import annotations

from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.merge import Merged
    from servec.dsl.program import Program
    from servec.dsl.spec import Bound, Value

LOAD = ("workload.rate", "workload.concurrency")


def judge(program: Program, body: Body, parts: list[Merged]) -> None:
    """Report bounds that cross, required fields that are missing, and roles that stand alone.

    `parts` are the deployment and then its roles; those at fault are left broken.
    """
    for part in parts:
        for path, said in part.settings.items():
            if len(said) > 1 and crossed(said) and not part.in_doubt(path):
                from servec.dsl.checks.srv108_crossing import bounds_cross

                part.doubt(path)
                program.report(bounds_cross(path, said, body.scope.file.path))
    whole = parts[0]
    for path in ("model", "hardware"):
        lacking = [part for part in parts[1:] or parts if not _said(part, path)]
        if lacking:
            from servec.dsl.checks.srv117_required import deployment_lacks

            for part in (whole, *lacking):
                part.doubt(path)
            program.report(deployment_lacks(body, path))
    if len(whole.roles) == 1 and not whole.in_doubt("role"):
        from servec.dsl.checks.srv117_required import role_alone

        whole.doubt("role")
        program.report(role_alone(next(iter(whole.roles.values()))[0]))
    _judge_size(program, whole)
    _judge_load(program, whole)


def crossed(said: dict[str, Bound]) -> bool:
    """Whether no value satisfies the relations of one path."""
    pin, low, high = said.get("="), said.get(">="), said.get("<=")
    bottom = pin or low
    top = pin or high
    pairs = ((bottom, high), (low, top))
    return any(a and b and a is not b and _exceeds(a.value, b.value) for a, b in pairs)


def _exceeds(low: Value, high: Value) -> bool:
    numbers = (int, Fraction)
    return isinstance(low, numbers) and isinstance(high, numbers) and low > high


def _said(part: Merged, path: str) -> bool:
    """Whether a path is said, or may be meant by what could not be read."""
    return path in part.settings or part.in_doubt(path)


def _judge_size(program: Program, whole: Merged) -> None:
    model = whole.settings.get("model", {}).get("=")
    unsized = model is not None and model.value == "auto" and not _said(whole, "size")
    if model is not None and unsized and not whole.in_doubt("model"):
        from servec.dsl.checks.srv117_required import auto_lacks_size

        whole.doubt("model", "size")
        program.report(auto_lacks_size(model))


def _judge_load(program: Program, whole: Merged) -> None:
    """A workload states exactly one of `rate` and `concurrency`."""
    said = [whole.settings[path]["="] for path in LOAD if path in whole.settings]
    if any(whole.in_doubt(path) for path in LOAD):
        return
    if len(said) == 2:
        from servec.dsl.checks.srv104_twice import load_twice

        whole.doubt(*LOAD)
        program.report(load_twice(*said))
    elif not said:
        under = [path for path in whole.settings if path.startswith("workload.")]
        if under:
            from servec.dsl.checks.srv117_required import workload_lacks_load

            whole.doubt(*LOAD)
            program.report(workload_lacks_load(whole.settings[under[0]]["="]))
