"""A spec as it reads for the engine beneath."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def pinned(spec: Spec, engine: str, version: str) -> Spec:
    """`spec` with the engine's version stated: its own where it states one, else `version`."""
    from servec.dsl.record import replace
    from servec.dsl.spec import Bound, OnBlock

    block = spec.on.get(engine)
    if block is not None and block.version is not None:
        return spec
    span = spec.name_span
    stated = Bound("=", version, f'"{version}"', span, span, span)
    block = OnBlock(engine, span) if block is None else block
    return replace(spec, on={**spec.on, engine: replace(block, version=stated)})
