"""What a call of `import` probably means that names no launch where one is looked for."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OTHERS = {
    "--hardware": ("--gpu", "--gpus", "--device", "--devices", "--accelerator", "--hw", "--on"),
    "--script": ("--file", "--from", "--input", "-f"),
    "--env": ("-e", "--environment"),
}
"""What other tools call the options of `import`."""


def meant(words: Sequence[str]) -> str:
    """What is to be written where words of a call are none of its arguments; "" if that is open."""
    first = words[0] if words else ""
    flag = first.partition("=")[0]
    for name, called in OTHERS.items():
        if flag in called:
            return f"did you mean `{name}`?"
    if re.fullmatch(r"v?b?\d[\w.]*", first):
        return f"a version stands behind its runtime, as in `vllm@{first}`"
    if first and not first.startswith("-"):
        return "the command stands behind `--`, as in `servec import --check -- vllm serve ...`"
    return ""


def not_started(words: Sequence[str]) -> str:
    """Why a command starts no server, by the runtime that its first words are of."""
    from servec.targets.shared.called import called
    from servec.targets.shared.importing.programs.listed import starts

    known = starts()
    for word in words[:4]:
        name = word.rpartition("/")[2]
        runtime = next(
            (n for n in (called(name), called(name.partition(".")[0])) if n in known), ""
        )
        if runtime and known[runtime]:
            start = " ".join(_short(known[runtime]))
            return (
                f"the command starts no server of {runtime}: `{start}` does; if yours is another "
                f"way to it, name the runtime: `servec import {runtime} -- OPTIONS`"
            )
    return (
        "the command names no runtime that servec knows; say which it is, as in "
        "`servec import vllm -- OPTIONS`"
    )


def _short(forms: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The form that people write: the first that is no module."""
    return next((form for form in forms if form[0] != "-m"), ("python", *forms[0]))
