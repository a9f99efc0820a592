"""`model = auto`: the recommended models of a size class, the largest first."""

from __future__ import annotations

from servec.compiler.choice.policy import table
from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.spec import Spec


def any_model(spec: Spec) -> list[Model]:
    """The models that `auto` may stand for, most parameters first, ties by name.

    Text models unless the spec names other modalities or a task; none larger than its `size`.
    """
    from servec.compiler.catalogue.models import find_model

    data = table()["models"]
    task = spec.word("features.task") or "generate"
    sight = any(word in ("image", "video") for word in spec.words("features.modalities"))
    group = "embedding" if task == "embed" else "vision" if sight else "text"
    most = data["sizes"].get(spec.word("size") or "huge", float("inf"))
    models = [model for name in data[group] if (model := find_model(name)) is not None]
    kept = [model for model in models if model.total <= most * 1e9]
    return sorted(kept, key=lambda model: (-model.total, model.name))


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
