"""Which block type llama.cpp's quantiser gives each matrix of a file type, without an imatrix.

Source: llama.cpp src/llama-quant.cpp (builds 9713 to 11549), and a published gemma-3-270m Q4_K_M
file, whose 236 tensors these rules give back in shape and type. Layers in the first and last
eighth, and every third between, get a finer type in the `_M` mixes.
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.catalogue.precision import gguf_bits, gguf_block_bits
from servec.compiler.memory.sums import BIG
from servec.compiler.model import Quant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import LayerGroup, Model

FINER = {"q2_k": "q3_k", "q3_k_m": "q4_k", "q3_k_l": "q5_k"}
MIXES = {"iq2_m": "iq2_s", "iq3_xs": "iq3_s", "iq3_m": "iq3_s"}
"""What most matrices of a mix are whose own name is that of no block type (llama_ftype)."""
NARROW = {"q2_k": "q4_0", "q3_k": "q4_0", "q4_k": "q5_0", "q5_k": "q5_1", "q6_k": "q8_0"}
"""What a matrix takes whose rows are no multiple of 256 (llama-quant.cpp, tensor_type_fallback)."""
ROW = 256
"""Rows of the lookup tables of all layers (Gemma 3n, Gemma 4 E) are whole blocks of every type."""
EXACT = 32
"""Bits of norms, biases and routers: they stay F32."""
EIGHT = 8
"""Mixtures with as many experts get finer attention types, since it weighs little there."""


def mixed_quant(model: Model, word: str) -> Quant:
    """How `model` is stored as a GGUF file of type `word` (`q4_k_m`): bits by part, averaged."""
    mix = _Mix(model, word)
    head = mix.bits(mix.output(), model.hidden)
    embed = head if model.tied else mix.bits(mix.plain, model.hidden)
    parts: dict[str, Fraction | int] = {
        "embed": embed,
        "head": head,
        "attention": mix.attention(),
        "router": EXACT,
        "other": mix.bits(mix.plain, ROW) if model.other_params > BIG else EXACT,
    }
    for part in ("dense", "experts", "shared"):
        parts[part] = mix.feed(part)
    parts |= experts_kept(model)
    return Quant(
        method="gguf",
        scheme=word,
        weights=word,
        bits=gguf_bits(word) or Fraction(16),
        part_bits=parts,
    )


def experts_kept(model: Model) -> dict[str, Fraction | int]:
    """The bits of experts that are published in MXFP4: files of every type keep them so.

    Source: the sizes of unsloth/gpt-oss-120b-GGUF, 58.3 GiB as Q2_K, 59.0 as Q8_0 and
    60.9 as F16; bartowski's card of gpt-oss-20b-GGUF says the same of its files.
    """
    own = model.quant
    return {"experts": own.part_bits["experts"]} if own.method == own.scheme == "mxfp4" else {}


class _Mix:
    """The rules for one model and one file type."""

    def __init__(self, model: Model, word: str) -> None:
        self.model, self.word = model, word
        parts = word.split("_")
        k_mix = len(parts) == 3 and parts[1] == "k"
        self.plain = "_".join(parts[:2]) if k_mix else MIXES.get(word, word)
        self.layers = model.layers
        self.grouped = model.heads // max(1, model.kv_heads) if model.heads else 1
        self.eight = model.experts == EIGHT
        self.fixed = word in ("f32", "f16", "bf16", "q8_0")

    def more(self, layer: int) -> bool:
        """Whether a layer is among those that get the finer type of an `_M` mix."""
        eighth = self.layers // 8
        return layer < eighth or layer >= 7 * self.layers // 8 or (layer - eighth) % 3 == 2

    def output(self) -> str:
        """The type of the output matrix."""
        return self.plain if self.fixed else "q6_k"

    def value(self, layer: int) -> str:
        """The type of a layer's value projection."""
        word, found = self.word, self.plain
        if self.fixed:
            return found
        if word == "q2_k":
            found = "q4_k" if self.grouped >= 4 else "q3_k"
        elif word == "q3_k_m":
            found = "q5_k" if layer < 2 else "q4_k"
        elif (word in ("iq4_nl", "iq4_xs") and self.grouped >= 4) or (
            word == "q3_k_l" or (word == "q4_k_s" and layer < 4)
        ):
            found = "q5_k"
        elif word in ("q4_k_m", "q5_k_m") and self.more(layer):
            found = "q6_k"
        if self.layers == 80 and self.grouped > 1 and found in ("q3_k", "q4_k"):
            found = "q5_k" if self.model.model_type in ("llama", "qwen2") else found
        return "q8_0" if self.eight else found

    def down(self, layer: int) -> str:
        """The type of a layer's down projection."""
        word = self.word
        if word == "q3_k_m":
            return "q5_k" if layer < self.layers // 16 else "q4_k"
        if word in ("q2_k", "q3_k_l"):
            return FINER[word]
        if word in ("q4_k_m", "q5_k_m"):
            return "q6_k" if self.more(layer) else self.plain
        early = word == "q4_k_s" or word.startswith("iq4")
        return "q5_k" if early and layer < self.layers // 8 else self.plain

    def out(self) -> str:
        """The type of an attention's output projection."""
        if self.fixed:
            return self.plain
        if self.eight and self.word.startswith(("q2", "q3", "q4", "iq4")):
            return "q5_k"
        return self.plain if self.eight else FINER.get(self.word, self.plain)

    def bits(self, name: str, columns: int) -> Fraction:
        """Bits per weight of a block type for rows of `columns` weights."""
        if columns % 256 and name in NARROW:
            name = NARROW[name]
        if columns % 256 and name == "iq4_xs":
            name = "iq4_nl"
        plain = {"f32": 32, "f16": 16, "bf16": 16}
        if columns % 32 and name not in plain:
            name = "f16"
        return Fraction(plain[name]) if name in plain else gguf_block_bits(name) or Fraction(16)

    def attention(self) -> Fraction:
        """Bits per weight over all attention parts, what is no matrix in 32."""
        bits = weights = Fraction(0)
        for group in self.model.groups:
            whole = group.attention.params + group.attention.whole
            weights += group.count * whole
            for layer in _layers(group):
                bits += self._attention_layer(group, layer)
        return bits / weights if weights else Fraction(EXACT)

    def _attention_layer(self, group: LayerGroup, layer: int) -> Fraction:
        a, hidden = group.attention, self.model.hidden
        if a.kind not in ("full", "window", "chunked"):
            return (a.params + a.whole) * self.bits(self.plain, hidden)
        value_dim = a.v_head_dim or a.head_dim
        sizes = (
            (a.heads * a.head_dim * hidden, self.plain, hidden),
            (a.kv_heads * a.head_dim * hidden, "q8_0" if self._finer() else self.plain, hidden),
            (a.kv_heads * value_dim * hidden, self.value(layer), hidden),
            (a.heads * value_dim * hidden, self.out(), a.heads * value_dim),
        )
        matrices = sum(size for size, _, _ in sizes)
        rest = max(0, a.params + a.whole - matrices)
        return sum((n * self.bits(t, c) for n, t, c in sizes), Fraction(rest * EXACT))

    def _finer(self) -> bool:
        return self.eight and not self.fixed

    def feed(self, part: str) -> Fraction:
        """Bits per weight of a feed-forward part over all layers: one matrix of all is `down`."""
        bits = weights = Fraction(0)
        hidden = self.model.hidden
        for group in self.model.groups:
            ffn = group.ffn
            width = ffn.shared_width if part == "shared" else ffn.width
            here = {
                "dense": ffn.params if ffn.kind == "dense" else 0,
                "experts": ffn.experts * ffn.expert_params,
                "shared": ffn.shared_params,
            }[part]
            if not here or not width:
                continue
            weights += group.count * here
            down = Fraction(here, ffn.matrices)
            other = (here - down) * self.bits(self.plain, hidden)
            for layer in _layers(group):
                bits += other + down * self.bits(self.down(layer), width)
        return bits / weights if weights else self.bits(self.plain, hidden)


def _layers(group: LayerGroup) -> tuple[int, ...]:
    return group.indices or tuple(range(group.count))
