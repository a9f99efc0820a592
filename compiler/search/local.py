"""Models that a spec names by a path: looked up beside the line that names them.

What is written into artifacts is the path from the project root, where scripts are run.
"""

from __future__ import annotations

from servec.dsl.record import replace
from servec.dsl.sources import normal, parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec


def find_named(spec: Spec, setting: str, name: str, sources: Sources | None) -> Model | None:
    """The model that `spec` calls `name` in `setting`; its `id` is what a launch is given."""
    from servec.compiler.catalogue.models import find_model

    model = find_model(name, sources, parent(said_in(spec, setting)))
    if model is None or not name.startswith("."):
        return model
    return replace(model, id=rooted(spec, setting, name, sources))


def taken_for(spec: Spec, name: str, sources: Sources | None) -> Model | None:
    """The model that `name` is taken for by its looks, where no file of that name is here."""
    from servec.compiler.catalogue.assumed import assumed, type_in
    from servec.compiler.catalogue.models import is_path, why_not

    if is_path(name):
        why = why_not(name, sources, parent(said_in(spec, "model")))
        if not why.endswith(("cannot be read", "can be read here")):
            return None
    word = spec.word("precision.weights") or type_in(spec.word("checkpoint.file") or "")
    model = assumed(name, word, _asked(spec))
    if model is None or not name.startswith("."):
        return model
    return replace(model, id=rooted(spec, "model", name, sources))


def _asked(spec: Spec) -> str:
    """The method of quantisation that the runtime is asked for by its own option."""
    stated = (option for block in spec.on.values() for option in block.options)
    return next((str(o.value) for o in stated if o.name == "quantization"), "")


def said_in(spec: Spec, setting: str) -> str:
    """The file that states `setting`: a profile's paths are relative to the profile's file."""
    bound = spec.pin(setting)
    return bound.value_span.file if bound else spec.file


def rooted(spec: Spec, setting: str, name: str, sources: Sources | None) -> str:
    """`./` and the path from the project root, for a relative path within it; else `name`."""
    if sources is None or not name.startswith(("./", "../")):
        return name
    folder = parent(said_in(spec, setting))
    below = sources.below(normal(f"{folder}/{name}" if folder else name), spec.file)
    return name if below is None else f"./{below}"
