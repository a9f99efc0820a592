"""Which part of a model a GGUF tensor belongs to, and what the parts take."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.store import fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.gguf.header import Header, Tensor

BLOCK = re.compile(r"blk\.(\d{1,4})\.(.+)")
TOP = {"token_embd": "embed", "output": "head", "cls": "head", "cls.output": "head"}


class Parts:
    """Weights by part and block, and the bits of each part."""

    def __init__(self, header: Header, blocks: int) -> None:
        """Sort the tensors; those of blocks from `blocks` on are drafts."""
        self.blocks: list[dict[str, int]] = [{} for _ in range(blocks)]
        self.names: list[set[str]] = [set() for _ in range(blocks)]
        self.outside: dict[str, int] = {}
        self.params: dict[str, int] = {}
        self.bits: dict[str, Fraction] = {}
        self.bytes = Fraction(0)
        for tensor in header.tensors:
            self._add(tensor, blocks)

    def _add(self, tensor: Tensor, blocks: int) -> None:
        part, block, name = _place(tensor.name, blocks)
        count, bits = tensor.elements, _bits(tensor)
        self.params[part] = self.params.get(part, 0) + count
        self.bits[part] = self.bits.get(part, Fraction(0)) + bits
        self.bytes += bits / 8
        if block < 0:
            self.outside[part] = self.outside.get(part, 0) + count
            return
        held = self.blocks[block]
        held[part] = held.get(part, 0) + count
        self.names[block].add(name)

    def part_bits(self) -> dict[str, Fraction | int]:
        """Bits per weight of each part."""
        found: dict[str, Fraction | int] = {}
        for part, count in self.params.items():
            if count:
                bits = self.bits[part] / count
                found[part] = int(bits) if bits == int(bits) else bits
        return found


def _place(name: str, blocks: int) -> tuple[str, int, str]:
    """Part, block (-1 outside of all) and the name below the block."""
    found = BLOCK.fullmatch(name)
    if found is None:
        stem = name.removesuffix(".weight").removesuffix(".bias")
        if stem.startswith(("v.", "mm.", "a.")):
            return "vision", -1, stem
        return TOP.get(stem, "other"), -1, stem
    block, inner = int(found.group(1)), found.group(2)
    stem = inner.removesuffix(".weight").removesuffix(".bias")
    if block >= blocks or stem.startswith("nextn"):
        return "mtp", -1, stem
    return _part(stem), block, stem


def _part(stem: str) -> str:
    if "norm" in stem:
        return "norm"
    if stem.endswith("_shexp") or stem.startswith("ffn_gate_inp_shexp"):
        return "shared"
    if stem.startswith(("ffn_gate_inp", "exp_probs")):
        return "router"
    if stem.startswith("ffn_") and "_exps" in stem:
        return "experts"
    if stem.startswith(("ffn_latent", "ffn_up_latent", "ffn_down_latent")):
        return "shared"
    return "dense" if stem.startswith("ffn_") else "attention"


def _bits(tensor: Tensor) -> Fraction:
    table = fact("precision")
    name = table["gguf_ids"]["tensors"].get(str(tensor.type))
    if name is None:
        raise BadConfig(f"tensor type {tensor.type} of `{tensor.name[:60]}` is not known")
    weights, size = table["gguf_blocks"]["types"][name]
    return Fraction(tensor.elements * size * 8, weights)
