"""`model = auto`: the recommended models of a size class, the largest first."""

from __future__ import annotations

from servec.compiler.choice.policy import table
from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec


def any_model(spec: Spec) -> list[Model]:
    """The models that `auto` may stand for, most parameters first, ties by name; none is larger
    than the `size` of the spec."""
    sizes = table()["models"]["sizes"]
    most = sizes.get(spec.word("size") or "huge", float("inf"))
    return [model for model in _of_kind(spec) if model.total <= most * 1e9]


def none_so_small(spec: Spec) -> Diagnostic:
    """The finding where the smallest of its kind is larger than the `size` of the spec."""
    from servec.compiler.rules.srv301_unknown_model import none_of_size

    smallest = _of_kind(spec)[-1]
    sizes = table()["models"]["sizes"]
    fits = [word for word, most in sizes.items() if smallest.total <= most * 1e9]
    word = spec.word("size") or ""
    return none_of_size(spec, smallest, sizes[word], fits[0] if fits else "any")


def _of_kind(spec: Spec) -> list[Model]:
    """Text models, unless the spec names other modalities or a task."""
    from servec.compiler.catalogue.models import find_model

    data = table()["models"]
    task = spec.word("features.task") or "generate"
    sight = any(word in ("image", "video") for word in spec.words("features.modalities"))
    group = "embedding" if task == "embed" else "vision" if sight else "text"
    models = [model for name in data[group] if (model := find_model(name)) is not None]
    return sorted(models, key=lambda model: (-model.total, model.name))


def recommended(spec: Spec, device: Device | None) -> Spec:
    """The spec with the weights that are recommended for the class of device, where they are open.

    They are held as if the `model` line said them.
    """
    if spec.setting("precision.weights") is not None or device is None:
        return spec
    words = table()["weights"]
    word = words["apple"] if device.kind == "apple" else words["edge"] if device.edge else ""
    said = spec.pin("model")
    if not word or said is None:
        return spec
    bound = replace(said, value=word, text=word)
    return replace(spec, settings={**spec.settings, "precision.weights": Setting(bound)})
