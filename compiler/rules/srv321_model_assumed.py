"""A name is taken for a model of the catalogue that it looks like.

Checks: a repository, or a path that cannot be read here, has the name of one model of the
    catalogue: under another publisher, in a folder, or with an ending such as `-AWQ`. A name that
    goes on differently behind a model's size is taken for a tune of it, whose length is not judged.
    Or it is in the catalogue by what it is made of, and no file of its own was read.
Because: copies and quantisations of a model have its shape. How the weights are stored is told by
    the name alone, by what the exporter of that name writes unless told otherwise: group sizes
    and what stays in 16 bit may differ.
Wrong: target = vllm; model = "someone/Qwen3-14B-AWQ"
Right: target = vllm; model = "Qwen/Qwen3-14B"
Source: catalogue of models; defaults of the exporters
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, stated
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def diagnose(spec: Spec, name: str, taken: str) -> Diagnostic:
    """The one note on a model that is judged as `taken`."""
    text = "assumed from its name: the shape, and how the weights are kept"
    return _finding(spec, f"`{name[:60]}` is judged as {taken}"[:160], text)


def unread(spec: Spec, name: str) -> Diagnostic:
    """The note on a model of the catalogue whose entry rests on a sibling alone."""
    text = "assumed: the shape of a sibling, or of its class; no file of its own was read"
    return _finding(spec, f"`{name[:60]}` is judged by the models it is made of", text)


def _finding(spec: Spec, title: str, text: str) -> Diagnostic:
    primary = at(spec, "model", "known by its looks only")
    return Diagnostic(
        "SRV321",
        "note",
        title,
        primary,
        seconds(primary, stated(spec, "target", "asked for by name")),
        (Figure("assumed", None, text),),
        (Fix("to be sure, put it into the catalogue: `servec models add ./folder`"),),
    )
