"""Processes of one role that differ in their rank alone, as one body of `launch.sh`.

A word or value is the same for all, or a whole number that grows by as much from rank to rank.
"""

from __future__ import annotations

from servec.dsl.record import record
from servec.targets.shared.artifacts.words import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.compiler.target import Process

FEWEST = 3
"""Fewer bodies are read more easily each by itself."""


@record
class Ranks:
    """Processes that share a body: `argv` and `env` hold bash for what depends on the rank."""

    processes: tuple[Process, ...]
    argv: Mapping[int, str] = {}
    env: Mapping[str, str] = {}

    @property
    def first(self) -> Process:
        """The process whose words stand for all."""
        return self.processes[0]


def shared(processes: Sequence[Process]) -> tuple[Ranks, ...]:
    """The processes of a launch in their order, those of one role and one body together."""
    made: list[Ranks] = []
    at = 0
    while at < len(processes):
        end = _end(processes, at)
        found = _together(processes[at:end]) if end - at >= FEWEST else None
        made.append(found or Ranks((processes[at],)))
        at += len(made[-1].processes)
    return tuple(made)


def _end(processes: Sequence[Process], at: int) -> int:
    """Where the run of ranks of one role, each one more than the last, ends."""
    first, end = processes[at], at + 1
    while end < len(processes) and (
        processes[end].role == first.role and processes[end].node_rank == first.node_rank + end - at
    ):
        end += 1
    return end


def _together(processes: Sequence[Process]) -> Ranks | None:
    """The processes as one, None where more than the rank tells them apart."""
    first = processes[0]
    if any(
        len(p.argv) != len(first.argv)
        or p.env.keys() != first.env.keys()
        or (p.files, p.secrets) != (first.files, first.secrets)
        for p in processes
    ):
        return None
    argv: dict[int, str] = {}
    env: dict[str, str] = {}
    for number, word in enumerate(first.argv):
        text = _by_rank([p.argv[number] for p in processes], first.node_rank)
        if text is None:
            return None
        if text != quote(word):
            argv[number] = text
    for name, value in first.env.items():
        text = _by_rank([p.env[name] for p in processes], first.node_rank)
        if text is None:
            return None
        if text != quote(value):
            env[name] = text
    return Ranks(tuple(processes), argv, env)


def _by_rank(values: list[str], rank: int) -> str | None:
    """The bash for a value of every rank, None where it grows by no fixed number."""
    if len(set(values)) == 1:
        return quote(values[0])
    if not all(value.isdigit() and str(int(value)) == value for value in values):
        return None
    numbers = [int(value) for value in values]
    step = numbers[1] - numbers[0]
    if any(number != numbers[0] + step * at for at, number in enumerate(numbers)):
        return None
    base = numbers[0] - step * rank
    grown = "rank" if step == 1 else f"{step} * rank"
    shift = f" + {base}" if base > 0 else f" - {-base}" if base < 0 else ""
    return '"$rank"' if grown + shift == "rank" else f'"$(({grown}{shift}))"'
