"""What conditions name of a list of numbers, such as the layers of each stage: `16,16`."""

from __future__ import annotations

from servec.dsl.whole import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.model import Model


def listed(text: object, name: str) -> int | None:
    """The `count` or the `sum` of the numbers with commas between; None where one is none."""
    if text is None:
        return None
    numbers = [whole(part.strip()) for part in str(text).split(",")]
    if None in numbers:
        return None
    return len(numbers) if name == "count" else sum(number or 0 for number in numbers)


def bare_stages(model: Model | None, stages: int, style: str) -> Any:
    """How many of the stages have layers that keep states alone, and none with keys and values.

    `style`: the layers of each stage, or what `stage_sizes` says of even ones.
    """
    from servec.compiler.memory.stages import stage_counts
    from servec.compiler.memory.sums import order

    if model is None or stages < 2:
        return None
    attending = [not group.attention.state_elements for group in model.groups]
    held = stage_counts(order(model), len(model.groups), stages, style)
    return sum(not any(n and keeps for n, keeps in zip(c, attending, strict=True)) for c in held)
