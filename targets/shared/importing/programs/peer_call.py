"""The call that a peer's line makes, as the words of the runtime: `peers.json` says which option is
which keyword."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.targets.shared.importing.programs.peer_line import Open
from servec.targets.shared.importing.python.refused import DROPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.programs.peer_line import Page, Said
    from servec.targets.shared.importing.programs.peers import Peer
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.python.written import Argument

DEVICES, PAIRS = "devices", "pairs"
"""As many ranks as there are devices, or as there are in pairs of them."""
DROPPED = "dropped "
"""Before the name of an option that is."""
CLIENT = "client"
"""What an object of the peer is called whose method is the call."""


def call_made(
    peer: Peer,
    runtime: str,
    engine: Mapping[str, Any],
    said: Sequence[Said],
    page: Page,
    env: Mapping[str, str],
    devices: int,
    version: str,
) -> Command | None:
    """The launch; what is said unasked is written on the page, beneath the line. `devices`: how
    many the peer sees, 0 for unknown."""
    told: dict[str, Any] = {}
    spots: dict[str, Argument] = {}
    said, dropped = _sifted(peer, engine, said, version)
    for key, value, place in _keywords(peer, engine, said):
        told[key], spots[key] = value, place
    unasked = (*_summed(engine, said), *_added(engine, version, devices))
    added = [(k, v) for k, v in unasked if told.get(k) is None]
    page.write(f"\n# what it says to {runtime} unasked:" if added else "")
    for key, value in added:
        page.write(" ")
        spots[key] = page.option(f"{key}=", _python(value))
    made = _read(_text(engine["call"], runtime, {**told, **dict(added)}), runtime, env, version)
    if made is None or made.written is None:
        return None
    strange = [(_named(key, spots), why) for key, why in made.written.strange]
    aside = tuple(_typed(item.argument) for item in said if _is_aside(item, peer, engine))
    written = replace(
        made.written,
        file=peer.name,
        text=page.text + "\n",
        name=peer.name,
        start=0,
        end=page.head,
        arguments={
            key: spots[each.typed]
            for key, each in made.written.arguments.items()
            if each.typed in spots
        }
        | {
            _typed(item.argument).lstrip("-"): item.argument
            for item in said
            if item.name in engine.get("unheard", ())
        },
        strange=(
            *strange,
            *refused(engine.get("refuses", ()), said),
            *_bounded(engine, said, {**told, **dict(added)}, spots, version),
            *_unheard(peer, runtime, engine, (*said, *dropped)),
        ),
    )
    return replace(made, aside=aside, written=written)


def refused(rows: Sequence[Mapping[str, Any]], said: Sequence[Said]) -> Iterator[tuple[str, str]]:
    """What the peer itself refuses of a line, with the reason. A row: the `option`, and where it
    matters what it has (`of`), what it has not (`but`), or that it has several (`many`)."""
    for row in rows:
        for item in said:
            listed = item.value if isinstance(item.value, list) else [item.value]
            wrong = row["option"] == item.name and (
                item.value in row["of"]
                if "of" in row
                else item.value not in row["but"]
                if "but" in row
                else len(listed) > 1
                if row.get("many")
                else True
            )
            if wrong and not isinstance(item.value, Open):
                yield _typed(item.argument), str(row["why"])


def _sifted(
    peer: Peer, engine: Mapping[str, Any], said: Sequence[Said], version: str
) -> tuple[list[Said], list[Said]]:
    """What a peer hands on of a line, and what it `drops` since neither its own parser nor that of
    vLLM's server knows it; what the server alone knows is the peer's."""
    if not engine.get("drops"):
        return list(said), []
    from servec.targets.shared.importing.manifests.by_variables import is_option, takes

    kept: list[Said] = []
    dropped: list[Said] = []
    for item in said:
        if (
            item.name in engine["names"]
            or item.name == peer.row["engine"]
            or takes(item.name, version)
        ):
            kept.append(item)
        elif not is_option(item.name):
            dropped.append(replace(item, name=f"{DROPPED}{item.name}"))
    return kept, dropped


def _unheard(
    peer: Peer, runtime: str, engine: Mapping[str, Any], said: Sequence[Said]
) -> Iterator[tuple[str, str]]:
    """Options that are for another engine of the peer, or that no parser knows where the peer's own
    `drops` them."""
    for item in said:
        if item.name in engine.get("unheard", ()) or item.name.startswith(DROPPED):
            yield _typed(item.argument), f"{peer.name} takes it {DROPS} for {runtime}"


def _bounded(
    engine: Mapping[str, Any],
    said: Sequence[Said],
    given: Mapping[str, Any],
    spots: Mapping[str, Argument],
    version: str,
) -> Iterator[tuple[str, str]]:
    """What the peer itself refuses because one keyword is `below` another, where an option is not
    turned `off` and in some releases of the runtime alone. `usual`: what is not said."""
    from servec.compiler.options.versions import is_exact
    from servec.targets.shared.past.spans import holds

    for row in engine.get("bounds", ()):
        low = given.get(row["low"], row["usual"])
        high = given.get(row["below"])
        off = any(item.name == row.get("off") and item.value is False for item in said)
        span = row.get("releases", "")
        within = not span or (is_exact(version) and holds(span, version))
        if type(low) is int and type(high) is int and low < high and within and not off:
            yield _named(row["low"] if row["low"] in spots else row["below"], spots), row["why"]


def _named(key: str, spots: Mapping[str, Argument]) -> str:
    """A keyword as the line has it."""
    return _typed(spots[key]) if key in spots else key


def _typed(found: Argument) -> str:
    return found.typed.rstrip(" =:")


def _keywords(
    peer: Peer, engine: Mapping[str, Any], said: Sequence[Said]
) -> Iterator[tuple[str, Any, Argument]]:
    """The keywords of the call that the line says, with their places."""
    names, values = engine["names"], peer.row.get("values", {})
    beneath, beside = engine.get("beneath", ""), _beside(peer)
    for item in said:
        for key, value in engine.get("means", {}).get(item.name, {}).items():
            yield key, value, item.argument
        if item.name == engine.get("inner") and isinstance(item.value, dict):
            for key, value in item.value.items():
                yield str(key), value, _beneath(item.argument, str(key), value)
        elif beneath and item.name.startswith(beneath):
            yield item.name[len(beneath) :], item.value, item.argument
        elif names.get(item.name):
            key = names[item.name]
            yield key, values.get(key, {}).get(str(item.value), item.value), item.argument
        elif engine.get("rest") and item.name not in {*beside, *names, peer.row.get("engine")}:
            yield item.name, item.value, item.argument


def _beneath(found: Argument, key: str, value: Any) -> Argument:
    """A key of a dict, which is not mended where the dict stands."""
    return replace(found, typed=f"{key}=", value=str(value), value_start=found.end)


def _is_aside(item: Said, peer: Peer, engine: Mapping[str, Any]) -> bool:
    """Whether an option is the peer's alone."""
    names, beneath = engine["names"], engine.get("beneath", "")
    if item.name in engine.get("unheard", ()):
        return False
    if any(item.name in parts for parts in engine.get("sums", {}).values()):
        return False
    if names.get(item.name) or item.name in (engine.get("inner"), peer.row.get("engine")):
        return False
    if item.name in engine.get("means", {}) or (beneath and item.name.startswith(beneath)):
        return False
    return not engine.get("rest") or item.name in {*_beside(peer), *names}


def _beside(peer: Peer) -> frozenset[str]:
    """The options beside that whose pairs go to the engine."""
    if peer.row["reads"] != "pairs":
        return frozenset()
    flags = (word.partition("=")[0] for word in peer.words if word.startswith("-"))
    short = peer.row.get("short", {})
    return frozenset(short.get(flag, flag.lstrip("-").replace("-", "_")) for flag in flags)


def _summed(engine: Mapping[str, Any], said: Sequence[Said]) -> Iterator[tuple[str, Any]]:
    """Keywords that are the sum of what the line says of several things, or would say unasked."""
    held = {item.name: item.value for item in said}
    for key, parts in engine.get("sums", {}).items():
        values = [held.get(name, usual) for name, usual in parts.items()]
        unset = next((value for value in values if not isinstance(value, int)), None)
        yield key, sum(values) if unset is None else Open(" + ".join(parts))


def _added(engine: Mapping[str, Any], version: str, devices: int) -> Iterator[tuple[str, Any]]:
    """What the peer says unasked."""
    from servec.compiler.options.versions import is_exact, order

    exact = is_exact(version)
    for key, value in engine.get("adds", {}).items():
        if value in (DEVICES, PAIRS):
            count = devices // 2 * 2 or devices if value == PAIRS else devices
            yield from [(key, count)] if count else ()
        elif isinstance(value, list):
            below = [
                v for first, v in value if not (exact and first) or order(first) <= order(version)
            ]
            yield key, below[-1]
        else:
            yield key, value


def _text(path: str, runtime: str, told: Mapping[str, Any]) -> str:
    """The call as a program: a value that is not known is a name that nothing sets."""
    module = path.partition(".")[0]
    head = f"import {module}\n" if module != CLIENT else ""
    told = {**told, "model_engine": runtime} if module == CLIENT else told
    parts = (
        f"{key}={_python(value)}" if key.isidentifier() else f"**{{{key!r}: {_python(value)}}}"
        for key, value in told.items()
    )
    return f"{head}{path}({', '.join(parts)})\n"


def _python(value: Any) -> str:
    if isinstance(value, Open):
        return value.text if value.text.isidentifier() else f"unset({value.text!r})"
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    return repr(value)


def _read(text: str, runtime: str, env: Mapping[str, str], version: str) -> Command | None:
    from servec.targets.shared.importing.python.launches import python_commands

    try:
        found = python_commands(text, "<call>", env, (runtime, version))
    except ValueError:
        return None
    return found[0] if found else None
