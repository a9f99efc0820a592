"""The catalogue does not know this model.

Checks: `model` is a short name or repository of the catalogue, or a path to a config.json, a
    checkpoint folder or a GGUF file that can be read as a model.
Because: without a model's shape nothing can be said of memory, topology or speed, so that no
    runtime can be chosen. With a named target a repository id is let through (SRV316).
Wrong: model = qwen3-235b-a22
Right: model = qwen3-235b-a22b
Source: catalogue of models; config.json of the checkpoint where a path is given
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Bound, Spec


WAYS = Fix(
    'get its config.json and name the folder, `model = "./folder"`, or keep it in the catalogue: '
    "`servec models add ./folder`"
)
READABLE = Fix("name a config.json, a folder that holds one, or a GGUF file, relative to the spec")


def diagnose(spec: Spec, name: str, sources: Sources | None = None) -> Diagnostic:
    """The finding on a model that `find_model` does not find."""
    from servec.compiler.catalogue import models
    from servec.compiler.catalogue.alike import alike
    from servec.dsl.sources import parent

    if models.is_path(name):
        why = models.why_not(name, sources, parent(spec.file))
        title = f"`{_short(name)}` is no model that can be read"
        return _finding(spec, title, why, "not read", READABLE)
    known = models.known().get(name)
    if known is not None:
        return _without_config(spec, name, known.get("total", 0))
    if "/" in name and not alike(name):
        text = "a repository says nothing of itself here: no network is read"
        return _finding(spec, f"`{_short(name)}` is not in the catalogue", text, "not known")
    return _misspelt(spec, name)


def none_of_size(spec: Spec, smallest: Model, most: float, word: str) -> Diagnostic:
    """The finding on `model = auto` with a `size`, in G parameters, that no model of its kind has.

    `word`: the least size class that `smallest` is in.
    """
    from servec.compiler.rules.labels import at, seconds, write

    primary = at(spec, "size", f"at most {most:g} G parameters")
    why = f"the smallest is {smallest.name} with {smallest.total / 1e9:.2f} G"
    return Diagnostic(
        "SRV301",
        "error",
        f"no model that `auto` stands for here has at most {most:g} G parameters",
        primary,
        seconds(primary, at(spec, "model", "which one is left open")),
        (Figure("smallest", smallest.total, why),),
        (Fix(f"take `size = {word}`", write(spec, {"size": word})),),
    )


def _misspelt(spec: Spec, name: str) -> Diagnostic:
    from servec.compiler.catalogue.alike import alike
    from servec.dsl.slip import slip

    near = alike(name)
    text = f"nearest: {', '.join(near)}" if near else "no name is like it; see `servec models list`"
    edits = _edits(spec, name, near[0]) if near else ()
    fixes = (Fix(f"take {near[0]}", edits, safe=bool(edits) and slip(name, near)),) if near else ()
    return Diagnostic(
        "SRV301",
        "error",
        f"there is no model `{_short(name)}`",
        Label(_bound(spec).value_span, "not in the catalogue"),
        (),
        (Figure("nearest", None, text),),
        fixes or (WAYS,),
    )


def _without_config(spec: Spec, name: str, total: int) -> Diagnostic:
    size = f" ({total / 1e9:.1f} G parameters)" if total else ""
    why = f"its name is known{size}, its config.json is not: its layers cannot be counted"
    return _finding(spec, f"`{_short(name)}` is known by name only", why, "no config")


def _finding(spec: Spec, title: str, why: str, label: str, fix: Fix = WAYS) -> Diagnostic:
    figures = (Figure("why", None, why),) if why else ()
    place = Label(_bound(spec).value_span, label)
    return Diagnostic("SRV301", "error", title, place, (), figures, (fix,))


def _bound(spec: Spec) -> Bound:
    found = spec.setting("model")
    assert found is not None
    return found.first


def _edits(spec: Spec, name: str, near: str) -> tuple[Edit, ...]:
    """Write the near name in its place; none where the model is one of a list."""
    bound = _bound(spec)
    if bound.value != name:
        return ()
    quoted = f'"{near}"' if "/" in near or not near[0].isalpha() else near
    return (Edit(bound.value_span, quoted),)


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}..."
