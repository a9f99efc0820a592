"""What a launch line was judged as, said where nothing was found against it.

Silence would leave open which version it was judged for and whether memory was looked at.
"""

from __future__ import annotations

from servec.cli.judged import stated_version
from servec.cli.render.plan import memory_text
from servec.cli.render.shown import shown
from servec.targets.shared.table import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.plan import Memory
    from servec.compiler.result import DeploymentResult
    from servec.targets.shared.importing.compiled import Outcome


def accepted_text(
    outcomes: Sequence[Outcome], deployments: Sequence[DeploymentResult], release: str = ""
) -> str:
    """A line for each launch: the version, and the model, devices and memory of its plan.

    `release`: the version of a line that is older than the tables, "" for any other.
    """
    told: list[str] = []
    for item, each in zip(outcomes, deployments, strict=False):
        parts = [_version(item, each, release), *_planned(each, bool(item.imported.model))]
        told.append(f"nothing found against it: {', '.join(parts)}\n")
    return "".join(told)


def _version(item: Outcome, each: DeploymentResult, release: str) -> str:
    made = item.imported
    stated = release or stated_version(each, made.runtime)
    if stated or made.inferred:
        return f"{made.runtime} {stated or made.version}"
    return f"{made.runtime} {versions(made.runtime)[-1]} (the newest, as none is stated)"


def _planned(each: DeploymentResult, named: bool) -> Iterator[str]:
    """The model, if the line is `named` one, and the plan where there is one."""
    model = each.spec.pin("model")
    if not named:
        yield "no model named"
    elif model is not None:
        yield shown(str(model.value))
    chosen = each.chosen
    case = chosen.cases[0] if chosen and len(chosen.cases) == 1 else None
    if case is None or case.plan is None:
        yield "memory not judged"
        return
    if case.plan.weights_word:
        yield f"weights {case.plan.weights_word}, KV {case.plan.kv}"
    stated = "" if case.hardware.startswith("any") else f" on {case.hardware}"
    yield f"{case.plan.degrees}{stated}"
    yield _room(case.memory, case.plan.gpus)


def _room(memory: Memory | None, gpus: int) -> str:
    """The sum on one device, and how many tokens the cache of the replica holds."""
    if memory is None or memory.budget is None:
        return "memory not judged"
    tokens = f", room for {memory.pool_tokens} tokens" if memory.pool_tokens else ""
    return memory_text(memory) + (" each" if gpus > 1 else "") + tokens
