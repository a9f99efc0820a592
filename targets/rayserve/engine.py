"""Which engine a release of Ray runs, and a spec as it reads for that engine."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def engine_version(runtime: str, version: str) -> str:
    """The engine's version that a release asks for, as its package's metadata says."""
    from servec.targets.shared.capabilities import claimed

    return str(claimed(runtime, version, "engine"))


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
