"""What servers that a script starts at once on one machine clash in: ports, shares of devices; and
what those of several machines do, see `servec.cli.grouped`.

`targets/<name>/beside.json` says what to look at: `ports`, each by its `flags` or its `variable`,
with its `default`; `needs` is a text that the line has to hold for the port to be opened, `unless`
flags with which it is not. `share` is the part of each device that a server takes, `counted` the
releases in which that is with all that others have taken before, unless the variable `elder` says
so; `ranks` is how many devices, `host` the address.
"""

from __future__ import annotations

import re
from fractions import Fraction

from servec.cli.grouped import grouped, has, said
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label, Span
from servec.dsl.whole import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.programs.program import Command

VISIBLE = re.compile(
    r"\w+_VISIBLE_(?:DEVICES|MODULES|CORES|CHIPS)|\w+_AFFINITY_MASK|\w*DEVICE_SELECTOR"
)
"""Variables that say which devices a process sees, of any vendor."""
STARTS = re.compile(r"vllm serve|launch_server|sglang serve|api_server")


def together(
    commands: Sequence[Command], path: str, data: bytes, version: str
) -> tuple[Diagnostic, ...]:
    """The findings on the servers of the script at `path`, whose text is `data`; `version`: the one
    that is stated, "" for none."""
    found: list[Diagnostic] = []
    batches: dict[int, list[tuple[int, Command]]] = {}
    ranks: dict[str, list[tuple[int, Command]]] = {}
    for place, item in enumerate(commands):
        if item.batch and _table(item):
            batches.setdefault(item.batch, []).append((place, item))
        if "groups" in _table(item):
            ranks.setdefault(item.runtime, []).append((place, item))
    places = _places(data, path, len(commands))
    for members in ranks.values():
        found += grouped(members, _table(members[0][1])["groups"], places, version)
    for members in batches.values():
        found += _ports(members, places)
        found += _shares(members, places, version)
    return tuple(found)


def _table(item: Command) -> Mapping[str, Any]:
    """The runtime's `beside.json`, empty where it has none."""
    from os.path import exists, join

    from servec.dsl.json_file import load_json
    from servec.targets.shared.table import FOLDER

    folder = join(FOLDER, item.runtime)
    found: dict[str, Any] = {}
    if item.runtime and exists(join(folder, "beside.json")):
        found = load_json(folder, "beside.json")
    return found


def _ports(members: Sequence[tuple[int, Command]], places: Sequence[Span]) -> Iterator[Diagnostic]:
    held: dict[tuple[str, str], tuple[int, str]] = {}
    for place, item in members:
        host = said(item, _table(item).get("host", ())) or ""
        for port, what in _opened(item):
            key = (host, port)
            if key in held and held[key][0] != place:
                yield _clash(what, port, places[place], places[held[key][0]])
                break
            held.setdefault(key, (place, what))


def _opened(item: Command) -> Iterator[tuple[str, str]]:
    """The ports that a server opens, as far as they are known, and what says each."""
    for row in _table(item).get("ports", ()):
        if row.get("needs", "") not in " ".join(item.words) or has(item, row.get("unless", ())):
            continue
        variable = row.get("variable", "")
        text = item.env.get(variable) if variable else said(item, row["flags"])
        port = str(row["default"]) if text is None else text
        if whole(port) is not None:
            yield port, row["what"]


def _shares(
    members: Sequence[tuple[int, Command]], places: Sequence[Span], version: str
) -> Iterator[Diagnostic]:
    taken: dict[str, list[tuple[int, float]]] = {}
    counted: set[int] = set()
    for place, item in members:
        share = _share(item)
        counted.update((place,) if _counted(item, version) else ())
        for device in _devices(item) if share is not None else ():
            taken.setdefault(device, []).append((place, share or 0.0))
    told: set[int] = set()
    for device, parts in sorted(taken.items()):
        last, share = parts[-1]
        before = sum(part for _, part in parts[:-1])
        over = before + share > 1.001 or (last in counted and share < before + 0.001)
        if before and over and last not in told:
            told.add(last)
            yield _crowded(device, parts, places)


def _counted(item: Command, version: str) -> bool:
    """Whether a server takes what others hold for a part of its own share."""
    from servec.compiler.options.versions import is_exact, order

    row = _table(item).get("share", {})
    stated = version or item.version
    name, value = row.get("elder", ("", ""))
    if not stated or not is_exact(stated) or item.env.get(name) == value:
        return False
    return any(order(low) <= order(stated) <= order(high) for low, high in row.get("counted", ()))


def _share(item: Command) -> float | None:
    """The part of a device that a server sets aside; None where that is not known."""
    row = _table(item).get("share")
    if row is None or has(item, row["unless"]) or any(name in item.env for name in row["off"]):
        return None
    text = said(item, row["flags"])
    if text is None:
        return float(row["default"])
    return float(text) if re.fullmatch(r"[01]?\.\d{1,4}|1", text) else None


def _devices(item: Command) -> tuple[str, ...]:
    """The devices that a server runs on, none where they are not known."""
    count = 1
    for flags in _table(item).get("ranks", ()):
        text = said(item, flags) or "1"
        if not (text.isdecimal() and len(text) < 4):
            return ()
        count *= int(text)
    seen = next((value for name, value in item.env.items() if VISIBLE.fullmatch(name)), None)
    if seen is None:
        return tuple(str(number) for number in range(min(count, 64)))
    names = [name.strip() for name in seen.split(",")]
    return tuple(names[:count]) if all(name.isdecimal() for name in names) else ()


def _places(data: bytes, path: str, count: int) -> tuple[Span, ...]:
    """Where each server is started in the script: the last place for those of a loop."""
    text = data.decode("utf-8", "replace")
    found = [
        Span(path, len(text[: match.start()].encode()), len(text[: match.end()].encode()))
        for match in STARTS.finditer(text)
    ] or [Span(path, 0, 0)]
    return tuple(found[min(place, len(found) - 1)] for place in range(count))


def _clash(what: str, port: str, span: Span, other: Span) -> Diagnostic:
    return Diagnostic(
        "SRV506",
        "error",
        f"two servers of the script take {what} {port}"[:100],
        Label(span, f"finds {port} taken"[:60]),
        (Label(other, f"opens {port}"[:60]),) if other != span else (),
        (Figure("port", int(port), "both are started at once on one machine"),),
        (Fix(f"give each its own {what}"),),
    )


def _crowded(device: str, parts: Sequence[tuple[int, float]], places: Sequence[Span]) -> Diagnostic:
    total = sum(part for _, part in parts)
    shown = " + ".join(f"{part:g}" for _, part in parts)
    first, last = places[parts[0][0]], places[parts[-1][0]]
    title = f"servers of the script take {total:.0%} of device {device}"
    figure = f"{shown} = {total:g} of one device"
    fix = "lower the shares to 1 in all, or give each its own devices"
    if total <= 1:
        title = f"{parts[-1][1]:.0%} of device {device} is less than others have taken"
        figure = f"{shown}: this release counts what others hold as its own"
        fix = f"give the last one {min(total, 0.95):.0%}, or start it on a device of its own"
    return Diagnostic(
        "SRV505",
        "error",
        title[:100],
        Label(last, "finds too little memory free"),
        (Label(first, f"takes {parts[0][1]:.0%} of it"),) if first != last else (),
        (Figure("taken", Fraction(round(total * 1000), 1000), figure),),
        (Fix(fix),),
    )
