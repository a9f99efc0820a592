"""The engines that Ray Serve LLM runs: what differs between them, and which one serves a spec."""

from __future__ import annotations

from functools import lru_cache

from servec.dsl.record import record
from servec.targets.shared.capabilities import claimed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.compiler.target import Target
    from servec.dsl.spec import OnBlock, Spec


@record
class Beneath:
    """One row of `engines.json`, whose first lines say what each field is."""

    name: str
    program: int
    server: str
    lost: Mapping[str, str]
    lacks: Mapping[str, str]
    transfer: frozenset[str]
    front: tuple[str, ...]
    fields: Mapping[str, str]
    own: Mapping[str, str]
    env: Mapping[str, Mapping[str, str]]
    metrics_since: str


@lru_cache
def beneath(name: str) -> Beneath:
    """What is to know of the engine `name`."""
    import json
    import os

    path = os.path.join(os.path.dirname(__file__), "engines.json")
    with open(path, encoding="utf-8") as file:
        row = json.load(file)["engines"][name]
    row.pop("source")
    row.update(name=name, transfer=frozenset(row["transfer"]), front=tuple(row["front"]))
    return Beneath(**row)


def engine_version(runtime: str, version: str, engine: str) -> str:
    """The engine's version that goes with a release: the one it asks for, or is tested with."""
    return str(claimed(runtime, version, "engine", engine))


def engine_of(
    runtime: str, spec: Spec, version: str, engines: Sequence[Target]
) -> tuple[Target, str]:
    """The engine that serves `spec`, and why: what it names, else the first that can say it all."""
    block = spec.on.get(runtime)
    for engine in engines:
        if block is not None and _named(block, beneath(engine.name).server):
            return engine, "`server_cls` names its server"
    stated = [engine for engine in engines if engine.name in spec.on]
    if len(stated) == 1:
        return stated[0], f"the spec has an `on {stated[0].name}` block"
    usual = engines[0]
    missing = _unsaid(runtime, spec, version, usual)
    others = engines[1:] if missing else ()
    able = (engine for engine in others if not _unsaid(runtime, spec, version, engine))
    found = next(able, usual)
    if found is usual:
        return usual, "the engine that this release brings"
    return found, f"{usual.name} cannot say `{missing[0]}`"


def _named(block: OnBlock, server: str) -> bool:
    """Whether `server_cls` is that class, by either of the spellings that Ray takes."""
    given = (o.value for o in block.options if o.name.replace("_", "-") == "server-cls")
    module, _, name = server.partition(":")
    return bool(server) and any(
        str(value).replace(":", ".").startswith(module) and str(value).endswith(name)
        for value in given
    )


def _unsaid(runtime: str, spec: Spec, version: str, engine: Target) -> list[str]:
    """The fields of the spec that an engine has no word for beneath Ray."""
    lacks = {
        **engine.capabilities(engine_version(runtime, version, engine.name)).lacks,
        **beneath(engine.name).lacks,
    }
    return [path for path in spec.settings if path in lacks and spec.flag(path) is not False]
