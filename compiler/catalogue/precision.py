"""Bits per weight and per cache element, by scheme, GGUF type and word of the language."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from servec.compiler.catalogue.store import fact
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@record
class Scheme:
    """How one scheme stores a matrix.

    `word`: what the language calls it. `weight_bits`: of the weight alone. `scale`: what shares one
    scale; `scale_bits` of it, `zero_bits` of a zero point or bias stored with it. `block`: rows and
    columns of one scale, `group`: inputs of one scale, as the scheme has them by default.
    """

    name: str
    word: str
    weight_bits: int
    scale: Literal["none", "tensor", "channel", "block", "group"]
    scale_bits: int
    zero_bits: int
    block: tuple[int, int]
    group: int
    source: str

    def bits(self, group: int = 0) -> Fraction:
        """Bits per weight, scales included; those of a row or a tensor are taken as nothing."""
        extra, over = self.scale_bits + self.zero_bits, 0
        if self.scale == "group":
            over = group or self.group
        elif self.scale == "block":
            over = self.block[0] * self.block[1]
        return self.weight_bits + (Fraction(extra, over) if over else Fraction(0))

    def stored(
        self, rows: int, columns: int, group: int = 0, block: tuple[int, int] = (0, 0)
    ) -> int:
        """Bits that a matrix of `rows` outputs and `columns` inputs takes, scales included."""
        if self.scale == "none":
            scales = 0
        elif self.scale == "tensor":
            scales = 1
        elif self.scale == "channel":
            scales = rows
        elif self.scale == "block":
            high, wide = block if block[0] and block[1] else self.block
            scales = -(-rows // high) * -(-columns // wide)
        else:
            scales = rows * -(-columns // (group or self.group))
        return rows * columns * self.weight_bits + scales * (self.scale_bits + self.zero_bits)


@lru_cache(maxsize=64)
def scheme(name: str) -> Scheme | None:
    """The scheme of that name (`fp8_block128`, `nvfp4`, …), or None."""
    row = fact("precision")["schemes"].get(name)
    if row is None:
        return None
    high, wide = row.get("block", (0, 0))
    return Scheme(
        name=name,
        word=row["word"],
        weight_bits=row["weight_bits"],
        scale=row["scale"],
        scale_bits=row.get("scale_bits", 0),
        zero_bits=row.get("zero_bits", 0),
        block=(high, wide),
        group=row.get("group", 0),
        source=row["source"],
    )


def scheme_names() -> tuple[str, ...]:
    """Every scheme of the table, in its order; GGUF types are apart."""
    return tuple(fact("precision")["schemes"])


def schemes_of(word: str) -> tuple[str, ...]:
    """The schemes that a word of the language may stand for, the plainest first."""
    rows = fact("precision")["schemes"]
    return tuple(name for name, row in rows.items() if row["word"] == word)


def word_of(name: str) -> str:
    """The word of the language for a scheme; a GGUF type is its own word, in small letters."""
    row = fact("precision")["schemes"].get(name)
    return str(row["word"]) if row else name.lower()


def bits_per_weight(name: str) -> Fraction | None:
    """Bits per weight of a scheme or GGUF file type, scales included; None where not known."""
    found = scheme(name)
    return found.bits() if found else gguf_bits(name)


def gguf_types() -> tuple[str, ...]:
    """Every GGUF type, in small letters as the language writes it."""
    table = fact("precision")
    names = {**table["gguf_blocks"]["types"], **table["gguf_files"]["bits"]}
    return tuple(sorted(name.lower() for name in names))


def gguf_bits(name: str) -> Fraction | None:
    """Bits per weight of a GGUF file of that type; None where not known.

    Measured on Llama-3.1-8B where the table has it (a file mixes block types), else those of the
    block type; `q3_k_m` and `q4_0` are not in the measured table.
    """
    table = fact("precision")
    measured = table["gguf_files"]["bits"].get(name.upper())
    if measured is not None:
        return Fraction(measured)
    block = table["gguf_blocks"]["types"].get(name.upper())
    return Fraction(block[1] * 8, block[0]) if block else None


def gguf_block_bits(name: str) -> Fraction | None:
    """Bits per weight of a GGUF block type, exact; None where not known."""
    block = fact("precision")["gguf_blocks"]["types"].get(name.upper())
    return Fraction(block[1] * 8, block[0]) if block else None


def kv_bits(name: str, head_dim: int = 0) -> Fraction | None:
    """Bits per cache element of a KV dtype; None where not known.

    Types with a scale for each token and head need `head_dim` to spread it over.
    """
    row = fact("precision")["kv"].get(name)
    if row is None:
        return None
    extra = row.get("head_bits", 0)
    return Fraction(row["bits"]) + (Fraction(extra, head_dim) if extra and head_dim else 0)
