"""Nemotron-H (one block a layer, by pattern) and Nemotron-NAS (blocks of many sizes)."""

from __future__ import annotations

from servec.compiler.catalogue.ingest import ffn as ffns
from servec.compiler.catalogue.ingest import groups
from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.ingest.gqa import gqa
from servec.compiler.catalogue.ingest.shape import MOST_LAYERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Attention, Ffn

LETTERS = {"M": "mamba", "*": "attention", "E": "moe", "-": "mlp"}


def blocks(shape: Shape, letters_key: str, names_key: str) -> tuple[str, ...]:
    """`mamba attention moe mlp`, from a pattern of letters or a list of names."""
    stated: tuple[str, ...]
    if isinstance(shape.text.data.get(letters_key), str):
        stated = tuple(shape.text.word(letters_key))
    else:
        stated = shape.text.words(names_key)
    found = tuple(LETTERS.get(item, item) for item in stated)
    for item in found:
        if item not in LETTERS.values():
            raise BadConfig(f"`{names_key}` holds `{item[:40]}`, which is not known")
    return found


def nemotron_h(shape: Shape) -> tuple[Built, ...]:
    """The layers: each is a mixer or a feed-forward block, with one norm."""
    kinds = blocks(shape, "hybrid_override_pattern", "layers_block_type")
    if not 0 < len(kinds) <= MOST_LAYERS:
        raise BadConfig("`hybrid_override_pattern` is missing or too long")

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        tally.vector("norm", shape.hidden)
        return block(shape, tally, kind)

    return groups.group_layers(kinds, make)


def block(shape: Shape, tally: Tally, kind: str) -> tuple[Attention, Ffn]:
    """Count one block without its norm."""
    if kind == "mamba":
        from servec.compiler.catalogue.ingest.mamba import mamba2

        return mamba2(shape, tally), ffns.NONE
    if kind == "attention":
        return gqa(shape, tally), ffns.NONE
    if kind == "moe":
        return groups.NONE, ffns.moe(shape, tally)
    return groups.NONE, ffns.dense(shape, tally, shape.text.need("intermediate_size"), 2)


def nemotron_nas(shape: Shape) -> tuple[Built, ...]:
    """The layers of a searched Llama: no attention, or fewer KV heads, or a narrower block.

    DeciLM of 2023 states the KV heads of each layer and nothing more.
    """
    each = shape.text.counts("num_key_value_heads_per_layer")
    kinds = [(kv_heads, shape.width) for kv_heads in each]
    for config in shape.text.subs("block_configs"):
        attention, ffn = config.sub("attention"), config.sub("ffn")
        share = 0 if attention.flag("no_op") else attention.need("n_heads_in_group")
        width = 0 if ffn.flag("no_op") else int(2 * ffn.number("ffn_mult") * shape.hidden / 3)
        kinds.append((max(1, shape.heads // share) if share else 0, -(-width // 256) * 256))

    if not 0 < len(kinds) <= MOST_LAYERS:
        raise BadConfig("`block_configs` is missing or too long")

    def make(kind: tuple[int, int], layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        kv_heads, width = kind
        found, ffn = groups.NONE, ffns.NONE
        if kv_heads:
            found = gqa(shape, tally, kv_heads=kv_heads)
            tally.vector("norm", shape.hidden)
        if width:
            ffn = ffns.dense(shape, tally, width)
            tally.vector("norm", shape.hidden)
        return found, ffn

    return groups.group_layers(kinds, make)
