"""The devices that `--hardware` names."""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.stated import Stated

MOST = 999_999


def hardware_of(text: str, judging: bool = False) -> str:
    """A kind, or a kind and a number (`h100 x 8`, `8x H100 80GB`), as a spec writes them; "" for
    nothing. `UsageError` for anything else, and for a kind that there is not.

    `judging`: what several devices may be stands for the one on which the least is refused: the
    newest, of those with the most memory.
    """
    from servec.compiler.catalogue.devices import find_device

    if not text.strip():
        return ""
    said = _read(text)
    if not said.names:
        raise _unheard(text)
    if len(said.names) > 1 and not judging:
        raise UsageError(f"`{_short(text)}` is one of several parts: {', '.join(said.names)}")
    ranks = {}
    for name in said.names:
        device = find_device(name)
        assert device is not None
        ranks[name] = (device.capability if device.memory else 0, device.memory)
    kind = max(ranks, key=lambda name: ranks[name])
    return f"{kind} x {min(said.number, MOST)}" if said.number else kind


def roomiest(text: str) -> str:
    """The note on what a text was read as, where it is not a name of the table; else ""."""
    said = _read(text)
    if not said.names or (said.plain and len(said.names) < 2):
        return ""
    taken = hardware_of(text, judging=True)
    others = ", ".join(name for name in said.names if name != taken.partition(" x ")[0])
    if not others and taken.partition(" x ")[0] == text.partition(" x ")[0].strip():
        return ""
    behind = f", not as {others}" if others else ""
    return f"note: `{_short(text)}` is read as {taken}{behind}\n"


def _read(text: str) -> Stated:
    """What a text says; `any` is no device, but may be said."""
    import re

    from servec.compiler.catalogue.stated import Stated, stated

    found = re.fullmatch(r"\s*any(?:\s*x\s*(\d{1,6}))?\s*", text)
    if found:
        return Stated(("any",), int(found[1] or 0), True)
    return stated(text)


def _short(text: str) -> str:
    from servec.dsl.wording import code

    return code(" ".join(text.split())).strip("`")


def _unheard(text: str) -> UsageError:
    from servec.compiler.catalogue.devices import device_names
    from servec.dsl.nearest import nearest
    from servec.dsl.wording import code

    near = nearest(text.lower(), device_names())
    hint = f", nearest: {', '.join(near)}" if near else ""
    told = f"there is no hardware {code(text)}{hint}"
    ways = "`servec hardware list` lists them, --hardware takes `h100 x 8`, `sm86`, `any`"
    return UsageError(f"{told}; {ways}")
