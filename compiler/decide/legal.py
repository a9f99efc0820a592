"""Which layouts a runtime takes, by the topology rules, and the nearest one it would."""

from __future__ import annotations

from servec.compiler.decide.degrees import divisors, splits_heads
from servec.compiler.plan import Degrees
from servec.compiler.rules.expressible import excluded, inexpressible, uneven_experts
from servec.compiler.rules.heads import columns, refused, words
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from servec.compiler.model import Model
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

NAMES = ("tensor", "pipeline", "data", "context", "expert")


def legal(case: Case, degrees: Degrees) -> bool:
    """Whether the runtime of the case takes this layout."""
    if inexpressible(case, degrees) or excluded(case, degrees) is not None:
        return False
    if refused(case, degrees.tensor) or uneven_experts(case, degrees):
        return False
    if columns(case, degrees)[0] or words(case, degrees.tensor):
        return False
    model = case.model
    if model is None or not (model.quant.block[0] or model.quant.group):
        return True
    from servec.compiler.rules.cuts import cuts

    cut = cuts(case, degrees)
    return cut is None or bool(cut.refined)


def ragged(case: Case, degrees: Degrees) -> bool:
    """Whether a runtime that takes this layout pads experts, or refines their scales, to do so.

    Both run on slower kernels (of 4-bit groups: WNA16 in place of Marlin, vllm 0.33.0 and sglang
    0.5.23 moe_wna16.py), which no measured run had: such a layout is not chosen beside one that
    leaves blocks or groups whole.
    """
    model = case.model
    if model is None or not model.experts or "experts" in model.quant.kept:
        return False
    size = model.quant.block[0] or model.quant.group
    return bool(size) and model.expert_width % (degrees.moe_tensor * size) != 0


def apart_alone(case: Case, degrees: Degrees) -> bool:
    """Whether attention is spread over data ranks, but the experts of a mixture are not.

    Every published launch and every measured run that shares requests out spreads the experts too
    (vllm 0.33.0 docs/serving/expert_parallel_deployment.md): this is not chosen beside others.
    """
    moe = case.model is not None and bool(case.model.experts)
    return moe and degrees.data > 1 and degrees.expert == 1


def serves(case: Case, degrees: Degrees) -> bool:
    """Whether the runtime takes this layout, and it fits, or its memory is not known."""
    if not legal(case, degrees):
        return False
    if case.plan is None or case.model is None:
        return True
    from servec.compiler.memory.estimate import estimate

    return estimate(replace(case, plan=replace(case.plan, degrees=degrees))).fits is not False


def nearest_legal(
    case: Case, names: tuple[str, ...], also: Callable[[Degrees], bool] | None = None
) -> Degrees | None:
    """The legal layout nearest to the case's own that differs only in the degrees `names`.

    Nearest: fewest degrees changed that the spec says, then by the smallest factors. One that does
    not fit is taken only where none does.
    """
    assert case.plan is not None
    own = case.plan.degrees
    found = [
        degrees
        for degrees in _around(own, names, case.model)
        if degrees != own and (also is None or also(degrees)) and legal(case, degrees)
    ]
    found.sort(key=lambda degrees: _distance(case.spec, own, degrees))
    return next((degrees for degrees in found if serves(case, degrees)), next(iter(found), None))


def legal_layouts(case: Case) -> tuple[Degrees, ...]:
    """All layouts over the case's devices that its runtime takes, in a fixed order."""
    assert case.plan is not None
    return tuple(d for d in _around(case.plan.degrees, NAMES, case.model) if legal(case, d))


def _around(own: Degrees, names: tuple[str, ...], model: Model | None) -> Iterator[Degrees]:
    def open_(name: str, number: int) -> tuple[int, ...]:
        return divisors(number) if name in names else (getattr(own, name),)

    gpus = own.gpus // own.context
    for tensor in open_("tensor", gpus):
        if gpus % tensor or (model is not None and not splits_heads(model, tensor)):
            continue
        for pipeline in open_("pipeline", gpus // tensor):
            data, left = divmod(gpus // tensor, pipeline)
            if left or (data != own.data and "data" not in names):
                continue
            if model is not None and pipeline > model.layers:
                continue
            moe = model is None or bool(model.experts)
            for expert in open_("expert", tensor * data) if moe else (1,):
                if tensor * data % expert == 0:
                    yield Degrees(tensor, pipeline, data, own.context, expert)


def _distance(spec: Spec, own: Degrees, other: Degrees) -> tuple[int, float, int, int]:
    changed, far = 0, 0.0
    for name in NAMES:
        one, two = getattr(own, name), getattr(other, name)
        changed += not spec.admits("parallel." + name, two)
        far += max(one, two) / min(one, two) - 1
    return (changed, far, -other.expert, -other.tensor)
