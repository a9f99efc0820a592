"""The line of the runtime that a peer starts it by."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.targets.shared.importing.programs.peer_line import Open
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.python.refused import DROPS
from servec.targets.shared.importing.python.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.programs.peer_line import Page, Said
    from servec.targets.shared.importing.programs.peers import Peer
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.python.written import Argument


def runtime_line(
    peer: Peer,
    runtime: str,
    engine: Mapping[str, Any],
    said: Sequence[Said],
    page: Page,
    env: Mapping[str, str],
) -> Command | None:
    """The launch, with the words that the line hands on behind a sign of its own."""
    words: list[str] = list(engine["line"])
    places: dict[str, Argument] = {}
    strange: list[tuple[str, str]] = []
    aside: list[str] = []
    for item in said:
        value = f"${{{item.value.text}}}" if isinstance(item.value, Open) else str(item.value)
        typed = item.argument.typed.rstrip(" =:")
        flag = engine["names"].get(item.name, "")
        if item.name in engine["model"]:
            words += [engine["flag"], value] if engine.get("flag") else [value]
            places["model"] = item.argument
        elif flag:
            words += [flag, value]
            places[flag.lstrip("-")] = item.argument
        elif item.name in engine.get("unheard", ()):
            strange.append((typed, f"{peer.name} takes any option {DROPS} for {runtime}"))
            places[typed.lstrip("-")] = item.argument
        elif item.name != peer.row.get("engine"):
            aside.append(typed)
    behind = peer.row.get("behind", "")
    if behind in peer.words:
        handed = peer.words[peer.words.index(behind) :]
        words += handed[1:]
        page.write(f" \\\n  {' '.join(handed)}")
    made = command(["python", *words] if words[0] == "-m" else words, env)
    if not made.runtime:
        return None
    written = Written(peer.name, page.text + "\n", peer.name, 0, page.head, places)
    written = replace(written, strange=tuple(strange), files={})
    return replace(made, aside=(*made.aside, *aside), written=written)
