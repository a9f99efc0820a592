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

MOST = 1024
"""Requests in flight in an open load: what does not keep up is not asked without end."""


def closed(
    clients: Sequence[Client], prompts: Sequence[str], outputs: int, at_once: int,
    done: Callable[[Sample], None],
) -> list[Sample]:  # fmt: skip
    """Every prompt, `at_once` of them in flight; the clients take turns."""
    todo: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    for item in enumerate(prompts):
        todo.put(item)
    return _threads(clients, todo, outputs, min(at_once, len(prompts)), done)


def opened(
    clients: Sequence[Client], prompts: Sequence[str], outputs: int, rate: float,
    done: Callable[[Sample], None],
) -> list[Sample]:  # fmt: skip
    """Every prompt, at times of a Poisson process of `rate` a second, always the same times."""
    draw = random.Random(2)
    todo: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
    found: list[Sample] = []

    def feed() -> None:
        start, due = time.perf_counter(), 0.0
        for item in enumerate(prompts):
            time.sleep(max(0.0, start + due - time.perf_counter()))
            todo.put(item)
            due += draw.expovariate(rate)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    found += _threads(clients, todo, outputs, min(MOST, len(prompts)), done, len(prompts))
    feeder.join()
    return found


def _threads(
    clients: Sequence[Client], todo: queue.SimpleQueue[tuple[int, str]], outputs: int,
    count: int, done: Callable[[Sample], None], expected: int = 0,
) -> list[Sample]:  # fmt: skip
    """The samples of all that is in `todo`, or comes until `expected` have been taken."""
    lock = threading.Lock()
    found: list[Sample] = []
    taken = [0]

    def take() -> tuple[int, str] | None:
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
            number, prompt = item
            sample = clients[number % len(clients)].ask(prompt, outputs)
            with lock:
                found.append(sample)
                done(sample)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)  # so that Ctrl-C is heard
    return sorted(found, key=lambda sample: sample.start)
