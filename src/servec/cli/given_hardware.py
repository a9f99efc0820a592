"""The devices that `--hardware` names."""

from __future__ import annotations

from servec.cli.errors import UsageError


def hardware_of(text: str, judging: bool = False) -> str:
    """`KIND` or `KIND x N` with one space, "" for nothing; `UsageError` for anything else, and for
    a kind that there is not.

    `judging`: a name of several parts stands for that with the most memory, on which the least is
    refused.
    """
    import re

    if not text:
        return ""
    found = re.fullmatch(r"\s*([A-Za-z_][A-Za-z0-9_.-]*)(?:\s+x\s+(\d{1,6}))?\s*", text)
    if not found:
        raise UsageError(f"--hardware takes a kind, or `h100 x 8`, not {text!r}")
    kind = _roomiest(found[1]) if judging else found[1]
    _known(kind)
    return f"{kind} x {found[2]}" if found[2] else kind


def _roomiest(kind: str) -> str:
    """The part with the most memory of those that a name stands for; else the name."""
    from servec.compiler.catalogue.devices import find_device, unclear

    sizes = {name: part.memory for name in unclear(kind) if (part := find_device(name))}
    return max(sizes, key=lambda name: sizes[name]) if sizes else kind


def _known(kind: str) -> None:
    """`UsageError` for a kind of hardware that the catalogue does not know."""
    from servec.compiler.catalogue.devices import device_names, find_device, unclear
    from servec.dsl.nearest import nearest

    if find_device(kind) is not None:
        return
    if several := unclear(kind):
        raise UsageError(f"`{kind}` is one of several parts: {', '.join(several)}")
    name, sign, number = kind.rpartition("x")
    if sign and number.isdigit() and find_device(name) is not None:
        raise UsageError(
            f"there is no hardware `{kind}`; a number stands apart: `{name} x {number}`"
        )
    near = nearest(kind, device_names())
    hint = f", nearest: {', '.join(near)}" if near else ""
    raise UsageError(f"there is no hardware `{kind}`{hint}; `servec hardware list` lists them")
