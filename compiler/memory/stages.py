"""Which layers each pipeline stage holds, as the runtimes place them."""

from __future__ import annotations

from functools import lru_cache

from servec.dsl.whole import whole


@lru_cache(maxsize=512)
def stage_sizes(layers: int, stages: int, style: str) -> tuple[int, ...]:
    """Layers of each stage, first stage first; they add up to `layers`.

    `middle` (vLLM 0.33.0 distributed/utils.py get_pp_indices): what is left over goes to the last
    stages but one, backwards. `last` (SGLang 0.5.23 distributed/utils.py): to the last stages.
    `first` (TensorRT-LLM mapping.py): to the first ones. Numbers with commas: as
    stated. `even` (llama.cpp llama-model.cpp, equal devices): the output counts as one more layer
    and all are laid out in proportion.
    """
    if style[:1].isdigit():
        return _stated(layers, stages, style)
    if style == "even":
        return _proportional(layers, stages)
    base, left = divmod(layers, stages)
    sizes = [base] * stages
    if style == "middle":
        for place in range(2, left + 2):
            sizes[-place] += 1
    else:
        extra = range(stages - left, stages) if style == "last" else range(left)
        for place in extra:
            sizes[place] += 1
    return tuple(sizes)


def _stated(layers: int, stages: int, style: str) -> tuple[int, ...]:
    """The sizes of a list; spread evenly where it does not add up."""
    sizes = tuple(size for part in style.split(",") if (size := whole(part.strip())) is not None)
    if len(sizes) == stages and sum(sizes) == layers:
        return sizes
    return stage_sizes(layers, stages, "middle")


def _proportional(layers: int, stages: int) -> tuple[int, ...]:
    sizes = [0] * stages
    for layer in range(layers):
        sizes[layer * stages // (layers + 1)] += 1
    return tuple(sizes)


@lru_cache(maxsize=512)
def stage_counts(
    order: tuple[int, ...], groups: int, stages: int, style: str
) -> tuple[tuple[int, ...], ...]:
    """For each stage, how many of its layers belong to each of `groups` groups.

    `order`: the group of each layer.
    """
    found = []
    start = 0
    for size in stage_sizes(len(order), stages, style):
        counts = [0] * groups
        for group in order[start : start + size]:
            counts[group] += 1
        found.append(tuple(counts))
        start += size
    return tuple(found)
