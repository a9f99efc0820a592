"""Sends the requests of a test: so many at a time, or so many a second."""

from __future__ import annotations

import queue
import random
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.bench.client import Client, Sample

    Item = tuple[int, str, int, bool]
    """Number, prompt, tokens of the answer, and whether the sample counts."""

MOST = 1024
"""Requests in flight in an open load: what does not keep up is not asked without end."""


def closed(
    clients: Sequence[Client], prompts: Sequence[str], outputs: int, at_once: int,
    done: Callable[[Sample], None], opening: Sequence[str] = (),
) -> list[Sample]:  # fmt: skip
    """Every prompt, `at_once` of them in flight; the clients take turns.

    `opening`: prompts that are asked first and not counted, with answers of lengths from short to
    full: what follows them does not come all at once, as it does not in use.
    """
    todo: queue.SimpleQueue[Item] = queue.SimpleQueue()
    for number, prompt in enumerate(opening):
        todo.put((number, prompt, -(-outputs * (number + 1) // len(opening)), False))
    for number, prompt in enumerate(prompts):
        todo.put((number, prompt, outputs, True))
    return _threads(clients, todo, min(at_once, len(prompts)), done)


def opened(
    clients: Sequence[Client], prompts: Sequence[str], outputs: int, rate: float,
    done: Callable[[Sample], None],
) -> list[Sample]:  # fmt: skip
    """Every prompt, at times of a Poisson process of `rate` a second, always the same times."""
    draw = random.Random(2)
    todo: queue.SimpleQueue[Item] = queue.SimpleQueue()
    found: list[Sample] = []

    def feed() -> None:
        start, due = time.perf_counter(), 0.0
        for number, prompt in enumerate(prompts):
            time.sleep(max(0.0, start + due - time.perf_counter()))
            todo.put((number, prompt, outputs, True))
            due += draw.expovariate(rate)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    found += _threads(clients, todo, min(MOST, len(prompts)), done, len(prompts))
    feeder.join()
    return found


def _threads(
    clients: Sequence[Client], todo: queue.SimpleQueue[Item], count: int,
    done: Callable[[Sample], None], expected: int = 0,
) -> list[Sample]:  # fmt: skip
    """The samples of all that is in `todo`, or comes until `expected` have been taken."""
    lock = threading.Lock()
    found: list[Sample] = []
    taken = [0]

    def take() -> Item | None:
        if not expected:
            try:
                return todo.get_nowait()
            except queue.Empty:
                return None
        with lock:
            if taken[0] >= expected:
                return None
            taken[0] += 1
        return todo.get()

    def work() -> None:
        while (item := take()) is not None:
            number, prompt, outputs, counts = item
            sample = clients[number % len(clients)].ask(prompt, outputs)
            if counts:
                with lock:
                    found.append(sample)
                    done(sample)

    _run([threading.Thread(target=work, daemon=True) for _ in range(count)])
    return sorted(found, key=lambda sample: sample.start)


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)  # so that Ctrl-C is heard
