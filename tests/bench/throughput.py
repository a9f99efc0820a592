"""Prints how long many specs take in one call, and whether that grows linearly.

    python tests/bench/throughput.py [SPECS]

The specs are the samples, copied under other names with other figures, so that no cache over
equal texts helps. The aim is 1,000 specs in 5 s, and at most 10.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import servec

ROOT = Path(__file__).parent.parent.parent
SAMPLE = "specs/qwen3-moe.srv"


def made(number: int) -> dict[str, str]:
    """`number` specs by path, each with its own name and load."""
    text = (ROOT / SAMPLE).read_text(encoding="utf-8")
    return {
        f"specs/s{at}.srv": text.replace('"qwen3-moe-agent"', f'"agent-{at}"').replace(
            "concurrency = 64", f"concurrency = {32 + at % 64}"
        )
        for at in range(number)
    }


def seconds(number: int) -> float:
    """The time of one call over `number` specs."""
    files = made(number)
    start = time.perf_counter()
    found = servec.check(files)
    took = time.perf_counter() - start
    assert len(found.documents) == number
    return took


def main() -> int:
    """Print milliseconds for each spec at growing numbers; 1 where it is over the aim."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds(1)
    took = 0.0
    for number in (1, most // 100, most // 10, most // 2, most):
        if number < 1:
            continue
        took = seconds(number)
        sys.stdout.write(f"{number:5} specs  {took:7.3f} s  {took / number * 1000:6.2f} ms each\n")
    return int(took > 10 * most / 1000)


if __name__ == "__main__":
    sys.exit(main())
