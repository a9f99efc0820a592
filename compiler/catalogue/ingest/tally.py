"""The weights of one layer while a family counts them."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Part = Literal["attention", "dense", "experts", "shared", "router", "norm", "other"]


@record
class Matrix:
    """`count` equal matrices of `rows` outputs and `columns` inputs.

    `name` is the module's, below the layer, in one spelling for all families (`attn.q_proj`,
    `mlp.experts.up_proj`). `whole`: each tensor rank keeps all of it. `plain`: no scheme quantises
    it, whatever a checkpoint's list of exceptions says.
    """

    part: Part
    name: str
    rows: int
    columns: int
    count: int = 1
    whole: bool = False
    plain: bool = False

    @property
    def params(self) -> int:
        """Weights of all `count` of them."""
        return self.rows * self.columns * self.count


class Tally:
    """Matrices by name, and what is not a matrix (norms, biases, sinks) as a number of weights."""

    __slots__ = ("idle", "loose", "matrices", "split")

    def __init__(self) -> None:
        """Begin with nothing."""
        self.matrices: list[Matrix] = []
        self.loose: dict[str, int] = {}
        self.split: dict[str, int] = {}
        self.idle = 0

    def matrix(
        self,
        part: Part,
        name: str,
        rows: int,
        columns: int,
        count: int = 1,
        bias: int = 0,
        whole: bool = False,
        plain: bool = False,
    ) -> None:
        """Add `count` matrices, each with `bias` further weights that are cut as it is."""
        self.matrices.append(Matrix(part, name, rows, columns, count, whole, plain))
        if bias:
            self.vector(part, bias * count)
            if not whole:
                self.split[part] = self.split.get(part, 0) + bias * count

    def vector(self, part: Part, size: int, idle: bool = False) -> None:
        """Add weights that each rank keeps whole; `idle` ones are no work for a token."""
        self.loose[part] = self.loose.get(part, 0) + size
        if idle:
            self.idle += size

    def params(self, part: Part) -> int:
        """All weights of `part`."""
        found = self.loose.get(part, 0)
        for matrix in self.matrices:
            if matrix.part == part:
                found += matrix.rows * matrix.columns * matrix.count
        return found

    def kept_whole(self, part: Part) -> int:
        """Of those, the ones every tensor rank keeps."""
        found = self.loose.get(part, 0) - self.split.get(part, 0)
        for matrix in self.matrices:
            if matrix.part == part and matrix.whole:
                found += matrix.rows * matrix.columns * matrix.count
        return found

    @property
    def total(self) -> int:
        """Every weight counted so far."""
        return sum(self.loose.values()) + sum(m.rows * m.columns * m.count for m in self.matrices)
