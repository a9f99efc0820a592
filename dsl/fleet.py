"""A fleet: its pools, and its places with the deployments they name."""

from __future__ import annotations

from servec.dsl.diagnostic import Span
from servec.dsl.document import Fleet, Place, Pool
from servec.dsl.judge import crossed
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.body import Body
    from servec.dsl.program import Program
    from servec.dsl.scope import Scope
    from servec.dsl.spec import Spec
    from servec.dsl.tree import Block

REQUIRED = {"pool": ("hardware", "nodes"), "place": ("pool",)}


def resolve_fleet(program: Program, scope: Scope, block: Block) -> Fleet:
    """The fleet of a block; the deployments it places are resolved with it."""
    body = program.body(scope, block, "fleet")
    pools: list[Pool] = []
    places: list[Place] = []
    settings = _settings(program, body)
    _unsets(program, body)
    for part in body.parts.values():
        if program.full:
            break
        name, span, name_span = _names(part)
        said = _settings(program, part)
        _unsets(program, part)
        _required(program, part)
        if part.block.name == "pool":
            pools.append(Pool(name, span, name_span, said, tuple(sorted(part.doubts))))
        else:
            target = _target(program, part)
            doubts = tuple(sorted(part.doubts))
            places.append(Place(name, span, name_span, said, target, doubts))
    name, span, name_span = _names(body)
    return Fleet(
        name=name,
        file=scope.file.path,
        span=span,
        name_span=name_span,
        pools=tuple(pools),
        places=tuple(places),
        settings=settings,
        asserts=tuple(body.asserts),
        broken=body.broken or any(part.broken for part in body.parts.values()),
        doubts=tuple(sorted(body.doubts)),
    )


def _names(body: Body) -> tuple[str, Span, Span]:
    block, path = body.block, body.scope.file.path
    assert block.label is not None
    label = Span(path, block.label.start, block.label.end)
    return block.label.text, Span(path, block.start, block.end), label


def _settings(program: Program, body: Body) -> dict[str, Setting]:
    for path, said in body.relations.items():
        if len(said) > 1 and crossed(said):
            from servec.dsl.checks.srv108_crossing import bounds_cross

            body.broken = True
            body.doubts.add(path)
            program.report(bounds_cross(path, said, body.scope.file.path))
    return {
        path: Setting(said.get("="), said.get("<="), said.get(">="))
        for path, said in body.relations.items()
        if path not in body.doubts
    }


def _unsets(program: Program, body: Body) -> None:
    """Nothing is inherited in a fleet."""
    for path, node in body.unsets:
        from servec.dsl.checks.srv107_unset import unset_of_nothing

        body.broken = True
        program.report(unset_of_nothing(body, path, node, body, ()))


def _required(program: Program, part: Body) -> None:
    required = REQUIRED[part.block.name]
    missing = [p for p in required if p not in part.relations and not part.in_doubt(p)]
    if missing:
        from servec.dsl.checks.srv117_required import block_lacks

        part.broken = True
        part.doubts.update(missing)
        program.report(block_lacks(part, missing))


def _target(program: Program, part: Body) -> Spec | None:
    """The deployment that a place names, or None (and SRV106)."""
    label = part.block.label
    assert label is not None
    found = part.scope.block("deployments", label.text)
    if found is not None:
        return program.spec(*found)
    part.broken = True
    if not part.scope.block_in_doubt(label.text):
        from servec.dsl.checks.srv106_unknown_name import unknown_deployment

        program.report(unknown_deployment(part.scope, label))
    return None
