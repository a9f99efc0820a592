"""Which of LMDeploy's two engines serves a case, and why.

TurboMind is the command's own default; it falls to the PyTorch engine where TurboMind does not have
the architecture (lmdeploy 0.18.0 lmdeploy/archs.py autoget_backend). What only the PyTorch engine
does is decided here, so that the command says it.
"""

from __future__ import annotations

from servec.targets.shared.table import load_sets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.model import Model
    from servec.compiler.plan import Plan
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

TURBOMIND, PYTORCH = "turbomind", "pytorch"
FP8_CACHES = ("fp8", "fp8_e5m2")
INTEGER_CACHES = ("q8_0", "q4_0")
HEAD = 128
"""The only width of a head whose cache TurboMind keeps in 8 or 4 bits (lmdeploy docs
supported_models/supported_models.md, note 2)."""
GRAPHS = ("graphs.capture", "graphs.sizes", "graphs.compile")
GROUPS = {"awq": (0, 128), "w4a16": (0, 32, 128)}
"""Inputs of one scale that TurboMind reads (lmdeploy 0.18.0 lmdeploy/turbomind/converter.py)."""


def engine_of(case: Case) -> tuple[str, str]:
    """The engine, and why it is that one."""
    block = case.spec.on.get(case.target.name)
    for option in block.options if block is not None else ():
        if option.name == "backend" and option.value in (TURBOMIND, PYTORCH):
            return str(option.value), "the `on` block names it"
    why = next(_needs(case), "")
    return (PYTORCH, why) if why else (TURBOMIND, "LMDeploy's own default, and it has all of this")


def ranks_apart(case: Case) -> bool:
    """Whether each data rank is a server of its own, behind a proxy: so it is in PyTorch's engine.

    Source: lmdeploy 0.18.0 lmdeploy/cli/serve.py api_server, serve/openai/launch_server.py.
    """
    plan = case.plan
    return plan is not None and plan.degrees.data > 1 and engine_of(case)[0] == PYTORCH


def _needs(case: Case) -> Iterator[str]:
    """What only the PyTorch engine does of what is asked for."""
    spec, model, plan = case.spec, case.model, case.plan
    sets = load_sets(case.target.name, case.capabilities.version)
    if model is not None and model.architecture not in sets["turbomind_architectures"]:
        yield f"TurboMind has no {model.architecture}"
    if case.role:
        yield "TurboMind hands no cache over"
    if spec.adapters:
        yield "TurboMind takes no adapters"
    if spec.word("features.speculative"):
        yield "TurboMind drafts no tokens"
    if plan is not None and plan.load == "at_load":
        yield "TurboMind quantises no weights as it loads them"
    if any(_asked(spec, path) for path in GRAPHS) or spec.word("moe.balance") == "dynamic":
        yield "TurboMind has no such switch"
    if model is not None and plan is not None:
        yield from _stored(model, plan)


def _asked(spec: Spec, path: str) -> bool:
    """Whether a field is said, and not as false."""
    return path in spec.settings and spec.flag(path) is not False


def _stored(model: Model, plan: Plan) -> Iterator[str]:
    """What TurboMind does not read or keep of how weights and cache are stored."""
    if plan.kv in FP8_CACHES:
        yield "TurboMind keeps no FP8 cache"
    if plan.kv in INTEGER_CACHES and model.head_dim != HEAD:
        yield f"TurboMind quantises the cache of heads of {HEAD} alone, not {model.head_dim}"
    group = model.quant.group
    if group not in GROUPS.get(plan.weights, (group,)):
        yield f"TurboMind reads {plan.weights} in no groups of {group}"
    if plan.weights == "gptq" and model.quant.desc_act:
        yield "TurboMind reads no GPTQ weights in the order of their activations"
