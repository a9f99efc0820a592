"""The devices that `--hardware` names."""

from __future__ import annotations

from servec.cli.errors import UsageError

MOST = 999_999


def hardware_of(text: str, judging: bool = False) -> str:
    """A kind, or a kind and a number (`h100 x 8`, `8x H100 80GB`), as a spec writes them; "" for
    nothing. `UsageError` for anything else, and for a kind that there is not.

    `judging`: a name of several parts stands for that with the most memory, on which the least is
    refused.
    """
    from servec.compiler.catalogue.devices import find_device
    from servec.compiler.catalogue.heard import counted, heard

    if not text.strip():
        return ""
    kind, number = counted(text)
    if kind != "any":
        several = heard(kind)
        if not several:
            raise _unheard(text, kind)
        if len(several) > 1 and not judging:
            raise UsageError(f"`{kind}` is one of several parts: {', '.join(several)}")
        sizes = {name: part.memory for name in several if (part := find_device(name))}
        kind = max(sizes, key=lambda name: sizes[name])
    return f"{kind} x {min(number, MOST)}" if number else kind


def roomiest(text: str) -> str:
    """The note on a name of several parts, which a line is judged on the largest of; else ""."""
    from servec.compiler.catalogue.heard import counted, heard

    kind = counted(text)[0]
    several = heard(kind)
    if len(several) < 2:
        return ""
    taken = hardware_of(kind, judging=True)
    others = ", ".join(name for name in several if name != taken)
    return f"note: `{kind}` is judged as {taken}, not as {others}\n"


def _unheard(text: str, kind: str) -> UsageError:
    from servec.compiler.catalogue.devices import device_names
    from servec.dsl.nearest import nearest
    from servec.dsl.wording import code

    near = nearest(kind.lower(), device_names())
    hint = f", nearest: {', '.join(near)}" if near else ""
    told = f"there is no hardware {code(kind)}{hint}"
    return UsageError(f"{told}; `servec hardware list` lists them, --hardware takes `h100 x 8`")
