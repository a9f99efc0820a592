"""The parallel degrees do not fit the devices.

Checks: tensor x pipeline x data x context equals nodes x devices of a node; `expert` divides
    tensor x data; there are no more pipeline stages than layers.
Because: every device of a replica has one place in the grid of degrees. A device without a place
    would idle, a place without a device fails at start.
Wrong: parallel { tensor = 4; data = 1; pipeline = 1 }
Right: parallel { tensor = 4; data = 2; pipeline = 1 }
Source: vllm 0.33.0 vllm/config/parallel.py world_size; sglang 0.5.23 srt/runtime_context.py;
    TensorRT-LLM tensorrt_llm/mapping.py Mapping.__init__
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.dsl.spec import Spec

NAMES = ("tensor", "pipeline", "data", "context")


def judge(spec: Spec, model: Model | None, nodes: int, per_node: int) -> Diagnostic:
    """The finding on a spec that admits no layout over nodes x per_node devices.

    Called where enumeration found nothing, so one of the three conditions is broken.
    """
    stages = spec.lower("parallel.pipeline")
    if model is not None and stages is not None and _whole(stages.value) > model.layers:
        return _stages(spec, model, _whole(stages.value))
    expert = spec.whole("parallel.expert")
    pinned = [n for n in NAMES if spec.pin("parallel." + n)]
    if expert and not _product_fails(spec, nodes * per_node):
        return _expert(spec, expert, nodes * per_node)
    return _product(spec, model, nodes, per_node, pinned)


def _whole(value: object) -> int:
    return int(str(value))


def _product_fails(spec: Spec, gpus: int) -> bool:
    """Whether tensor, pipeline, data and context alone have no product of `gpus`."""
    from servec.compiler.decide.degrees import products

    return next(products(spec, gpus), None) is None


def _stages(spec: Spec, model: Model, stages: int) -> Diagnostic:
    primary = at(spec, "parallel.pipeline", f"more stages than the {model.layers} layers")
    return Diagnostic(
        "SRV404",
        "error",
        f"`pipeline = {stages}` asks for more stages than {called(spec, model)} has layers",
        primary,
        seconds(primary, at(spec, "model", f"{model.layers} layers")),
        (
            Figure("stages", stages, f"{stages} stages"),
            Figure("layers", model.layers, f"{model.layers} layers"),
        ),
        (Fix(f"at most {model.layers} stages"),),
    )


def _expert(spec: Spec, expert: int, gpus: int) -> Diagnostic:
    from servec.compiler.decide.degrees import divisors, products

    widths = sorted({t * d for t, _, d, _ in products(spec, gpus)})
    width = widths[-1]
    primary = at(spec, "parallel.expert", f"does not divide {width}")
    good = [n for n in divisors(width) if n <= expert] or [1]
    return Diagnostic(
        "SRV404",
        "error",
        f"`expert = {expert}` does not divide tensor x data = {width}",
        primary,
        seconds(primary, *_said(spec, ("tensor", "data"))),
        (
            Figure("width", width, f"tensor x data = {width} GPUs share the experts of a layer"),
            Figure("expert", None, f"possible: {', '.join(map(str, divisors(width)))}"),
        ),
        (Fix(f"spread over {good[-1]}", write(spec, {"parallel.expert": str(good[-1])})),),
    )


def _said(spec: Spec, names: tuple[str, ...] | list[str]) -> tuple[Label, ...]:
    return tuple(
        at(spec, "parallel." + name, f"{name} is {setting.first.text}")
        for name in names
        if (setting := spec.setting("parallel." + name))
    )


def _product(
    spec: Spec, model: Model | None, nodes: int, per_node: int, pinned: list[str]
) -> Diagnostic:
    gpus = nodes * per_node
    said = [n for n in NAMES if spec.setting("parallel." + n)] or ["tensor"]
    product = 1
    for name in pinned:
        product *= spec.whole("parallel." + name) or 1
    words = " x ".join(str(spec.whole("parallel." + n)) for n in pinned) or "the degrees"
    first = next((n for n in said if n in pinned), said[0])
    primary = at(spec, "parallel." + first, "no layout fills the devices")
    devices = f"{nodes} x {per_node} = {gpus} devices" if nodes > 1 else f"{gpus} devices"
    open_names = [n for n in NAMES[:3] if n not in pinned]
    equals = f" = {product}" if len(pinned) > 1 else ""
    rest = f", and {', '.join(open_names)} cannot make up for it" if open_names else ""
    title = f"degrees {words}{equals} do not fit {devices}"
    return Diagnostic(
        "SRV404",
        "error",
        title,
        primary,
        seconds(primary, at(spec, "hardware", devices), *_said(spec, said)),
        (
            Figure("product", product, f"{words}{equals}{rest}"),
            Figure("devices", gpus, f"nodes x devices of a node = {devices}"),
        ),
        _fixes(spec, model, gpus),
    )


def _fixes(spec: Spec, model: Model | None, gpus: int) -> tuple[Fix, ...]:
    """The layout nearest to what is said: fewest degrees changed, by the smallest factor."""
    from servec.compiler.decide.degrees import nearest_products

    found = nearest_products(spec, model, gpus)
    if found is None:
        return ()
    values = {
        "parallel." + name: str(value)
        for name, value in zip(NAMES, found, strict=True)
        if not spec.admits("parallel." + name, value)
        or (value > 1 and spec.setting("parallel." + name) is None)
    }
    expert = spec.whole("parallel.expert")
    width = found[0] * found[2]
    if expert and width % expert:
        values["parallel.expert"] = str(width)
    shown = ", ".join(f"{path[9:]} {value}" for path, value in values.items())
    return (Fix(f"fill the {gpus} devices: {shown}", write(spec, values)),) if values else ()
