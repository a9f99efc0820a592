"""A positive definite system of a few hundred unknowns, without a library."""

from __future__ import annotations

import math
from operator import mul


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of `matrix` x = `right`; `matrix` is symmetric, its lower half is read.

    `ArithmeticError` where it is not positive definite.
    """
    lower = _cholesky(matrix)
    size = len(right)
    forward: list[float] = []
    for i in range(size):
        row = lower[i]
        forward.append((right[i] - sum(map(mul, row, forward))) / row[i])
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        rest = forward[i]
        for j in range(i + 1, size):
            rest -= lower[j][i] * found[j]
        found[i] = rest / lower[i][i]
    return found


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    """The lower triangle L with L L^T = matrix, row by row."""
    lower: list[list[float]] = []
    for i, source in enumerate(matrix):
        row: list[float] = []
        for j in range(i):
            other = lower[j]
            row.append((source[j] - sum(map(mul, row, other))) / other[j])
        rest = source[i] - sum(map(mul, row, row))
        if rest <= 0:
            raise ArithmeticError("not positive definite")
        row.append(math.sqrt(rest))
        lower.append(row)
    return lower
