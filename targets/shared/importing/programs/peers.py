"""Lines of programs that start a runtime by a call or a line of their own: `swift deploy`,
`llamafactory-cli api`, `xinference launch`, `lm_eval --model vllm` and their like.

`peers.json`, by peer, each with its `source`: `programs`, the words that start it; `reads`, how its
line is read (peer_line.py), with `short` flags, what the `first` word alone is, and of `extras` its
own `options`, `switches`, and flags with `pairs`; `engine`, the option that says which runtime,
`always` by program where none does, `default` where it may be left out, `also` other words for one;
`needs`, options one of which a line has that starts an engine;
`engines`, by that word: the `call` that is made, `names`, which option is which keyword of it
("" for one that is the peer's alone), `rest`, whether every other is one too, of which the peer
`drops` what no parser knows, `inner`, the option
that holds a dict of them, `beneath`, how the names of such begin; `means`, keywords that an option
stands for, and `adds`, those that are said unasked: a value, one by releases of the runtime, or
`devices`, or what there is in `pairs` of them, and `sums`: of what is said of several, with what
each is unasked, and `bounds`, keywords that it does not take below others; or in place of a call
the `line` of the runtime with its `flag` for the `model`; options that go `unheard`; and what the
peer itself `refuses` there. `values`: words for values of a keyword; `never`: programs of
the peer that refuse to start a runtime. What is in none of these is set aside and told.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.dsl.record import record, replace
from servec.targets.shared.importing.programs.peer_line import FILES, Page, options
from servec.targets.shared.importing.programs.program import VARIABLE, head_of
from servec.targets.shared.importing.python.written import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.programs.peer_line import Said
    from servec.targets.shared.importing.programs.program import Command

VISIBLE = "CUDA_VISIBLE_DEVICES"


@record
class Peer:
    """A peer's line: the `row` of its table, the program's `name`, the words behind it."""

    row: Mapping[str, Any]
    name: str
    words: tuple[str, ...]

    def engine(self, said: Sequence[Said]) -> tuple[str, Mapping[str, Any] | None]:
        """The runtime that a line says, and its row, None where none is known here."""
        flag, row = self.row.get("engine", ""), self.row
        stated = [item.value for item in said if flag and item.name == flag]
        always = row.get("always", {}).get(self.name, row.get("default", ""))
        word = str(stated[-1] if stated else always).lower()
        word = row.get("also", {}).get(word, word)
        needed = row.get("needs", ())
        there = not needed or any(item.name in needed for item in said)
        return word, row["engines"].get(word) if there else None


@lru_cache(maxsize=1)
def peers() -> dict[str, Any]:
    """The rows of all peers, by the words that start each program."""
    held: dict[str, Any] = load_json(os.path.dirname(__file__), "peers.json")["peers"]
    return {name: row for row in held.values() for name in row["programs"]}


def peer_of(words: Sequence[str]) -> Peer | None:
    """What a line starts, None for one that starts no peer."""
    name, rest = head_of(words)
    name, rest = (rest[0], rest[1:]) if name == "-m" and rest else (name, rest)
    for count in (2, 1, 0):
        title = " ".join([name, *rest[:count]])
        if title in peers():
            return Peer(peers()[title], title, tuple(rest[count:]))
    return None


def peer_command(
    words: Sequence[str],
    env: Mapping[str, str],
    files: Mapping[str, str] = {},
    devices: int = 0,
    version: str = "",
) -> Command | None:
    """The launch that a peer's line makes, None for a line that makes none of a known runtime.

    `files`: what the line may name, by path; `devices`: how many there are, 0 for unknown;
    `version`: the runtime's, where it is stated.
    """
    peer = peer_of(words)
    if peer is None:
        return None
    page = Page(peer.name)
    said = list(options(peer.words, peer.row, page, files))
    runtime, engine = peer.engine(said)
    if engine is None:
        return None
    seen = {**env, **_variables(words)}
    if "line" in engine:
        from servec.targets.shared.importing.programs.peer_words import runtime_line

        return runtime_line(peer, runtime, engine, said, page, seen)
    from servec.targets.shared.importing.programs.peer_call import call_made

    shown = seen.get(VISIBLE, "")
    count = len(shown.split(",")) if shown and "$" not in shown else devices
    made = call_made(peer, runtime, engine, said, page, seen, count, version)
    if made is None or made.written is None:
        return None
    source = Source(0, "", peer.name, dict(seen), tuple(words), count, version)
    return replace(made, written=replace(made.written, source=source, files=dict(files)))


def again(item: Command, version: str, devices: int) -> Command:
    """A peer's launch as a release of the runtime is told it, on so many devices."""
    written = item.written
    if written is None or written.source is None:
        return item
    source = written.source
    made = peer_command(source.words, source.env, written.files or {}, devices, version)
    return made or item


def peer_troubles(words: Sequence[str]) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
    """A program of a peer that starts no runtime, with code, word and reason of what it refuses of
    a line that asks for one (`never`); None for any other line."""
    from servec.targets.shared.importing.programs.peer_call import refused

    name, rest = head_of(words)
    title = " ".join([name, *rest[:1]])
    held = load_json(os.path.dirname(__file__), "peers.json")["peers"]
    for row in held.values():
        never = row.get("never", {})
        if title in never.get("programs", ()):
            said = list(options(rest[1:], row, Page(title), {}))
            told = tuple(("SRV205", word, why) for word, why in refused([never], said))
            return (title, told) if told else None
    return None


def peer_told(words: Sequence[str]) -> str:
    """What is to be said of a peer's line that starts no runtime which is known here."""
    peer = peer_of(words)
    if peer is None:
        return ""
    path = next((word for word in peer.words if word.lower().endswith(FILES)), "")
    if path:
        return f"{path} is not here to be read, which says what `{peer.name}` starts"
    names, flag = ", ".join(peer.row["engines"]), peer.row.get("engine", "")
    if not flag:
        needed = ", ".join(f"`{name}`" for name in peer.row.get("needs", ()))
        return f"`{peer.name}` starts {names} where the line says its {needed or 'model'}"
    return f"`{peer.name}` starts a runtime that is judged here where `{flag}` is one of: {names}"


def _variables(words: Sequence[str]) -> dict[str, str]:
    """The variables that stand before a program."""
    held: dict[str, str] = {}
    for word in words:
        found = VARIABLE.fullmatch(word)
        if found is None:
            break
        held[found[1]] = found[2]
    return held
