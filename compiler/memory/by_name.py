"""The least that the weights of a repository take of which only its name is known.

A name that tells how many billions of weights there are tells of no storage for certain: a copy in
few bits need not say so. Four bits a weight are the least that uploads without a word of fewer use.
"""

from __future__ import annotations

import re

LEAST = 0.45
"""Bytes of a weight: 4 bits less what the count in a name is rounded up by (`70B` of 68.7)."""
SIZE = re.compile(r"(?<![A-Za-z0-9.])(?:(\d{1,2})x)?(\d{1,3}(?:\.\d{1,2})?)b(?![a-z0-9])", re.I)
"""`70B` and `8x7B`; not `A3B`, the part of a mixture that a token uses."""
SHARED = 0.8
"""Of `8x7B` what is left, as attention is there once: Mixtral-8x7B has 46.7 G of 56."""
FEWER = re.compile(
    r"[123][-_ ]?bit|bpw|iq[123]|q[123]_|int[123]|1\.58|lora|adapter|draft|eagle", re.I
)
"""Words for fewer bits, and for what lies beside a model."""


def least_bytes(name: str) -> float:
    """Bytes that the weights of a repository of this name take at least; 0 where none is told."""
    last = name.rstrip("/").rpartition("/")[2]
    if FEWER.search(last):
        return 0.0
    sizes = [
        float(each) * (int(times) * SHARED if times else 1) for times, each in SIZE.findall(last)
    ]
    return min(sizes, default=0.0) * 1e9 * LEAST
