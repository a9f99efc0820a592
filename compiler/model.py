"""What the compiler knows of a model: shapes by layer group, parameters by part, quantisation.

All counts are exact integers. Parameters are numbers of weights, not bytes; `Quant` says how many
bits each part is stored with. A `LayerGroup` stands for `count` equal layers.
"""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from typing import Literal

    AttentionKind = Literal["full", "window", "chunked", "mla", "linear", "mamba", "cross", "none"]
    FfnKind = Literal["dense", "moe", "none"]

UNREAD = "its own config was not read: its shape is that of a sibling, or of its class"
"""The note of a model of which no file was seen; a check tells it (SRV321)."""


@record
class Attention:
    """The mixer of one layer.

    `params`: weights that tensor parallelism splits; `whole`: weights each rank keeps whole (norms,
    MLA down-projections, indexers). `kv_elements`: cache elements one token adds in this layer on
    one rank at tensor = 1 (K and V together; MLA: kv_lora_rank + rope). `index_elements`: of these,
    elements of a sparse-attention index. `state_elements`: recurrent or convolution state of one
    sequence. `window`: tokens kept at most, 0 = all. `side_elements`: elements of a token in a
    second cache that keeps only the last `side_window` tokens (DeepSeek-V4: raw keys beside
    compressed ones). `topk`: tokens a sparse-attention index selects, 0 = all.
    `groups`: of a Mamba 2 mixer, whose heads share B and C.
    """

    kind: AttentionKind
    heads: int = 0
    kv_heads: int = 0
    head_dim: int = 0
    v_head_dim: int = 0
    q_rank: int = 0
    kv_rank: int = 0
    rope_dim: int = 0
    nope_dim: int = 0
    window: int = 0
    params: int = 0
    whole: int = 0
    kv_elements: Fraction | int = 0
    index_elements: Fraction | int = 0
    state_elements: int = 0
    conv_elements: int = 0
    topk: int = 0
    side_elements: int = 0
    side_window: int = 0
    groups: int = 0


@record
class Ffn:
    """The feed-forward part of one layer.

    dense: `params` is all of it, `width` its intermediate size. moe: `expert_params` is one expert,
    `shared_params` the shared experts, `router_params` the gate; `width` is one expert's width.
    """

    kind: FfnKind
    width: int = 0
    params: int = 0
    experts: int = 0
    used: int = 0
    expert_params: int = 0
    shared_params: int = 0
    shared_width: int = 0
    router_params: int = 0
    matrices: int = 3


@record
class LayerGroup:
    """`count` equal layers, `first` the index of the first; groups are in order of layers."""

    count: int
    attention: Attention
    ffn: Ffn
    norm_params: int = 0
    indices: tuple[int, ...] = ()


@record
class Quant:
    """How a checkpoint stores its weights.

    `scheme` is the key of the precision tables (`bf16`, `fp16`, `fp8_block128`, `fp8_block32`,
    `fp8_per_tensor`, `fp8_per_channel`, `nvfp4`, `mxfp4`, `mxfp8`, `awq`, `gptq`, `int8_w8a8`,
    `w4a16`, `w4a8`, `mixed`, `mlx4`, `mlx8`, `gguf`, …); `weights` the word of the language that it
    answers to. `block`: rows and columns of one scale, (0, 0) where scales are not blocks;
    `group`: inputs per scale in group schemes, 0 = none. `kept`: parts left in 16 bit: any of
    `embed head router attention dense shared experts vision mtp`. `expert_scheme`: where experts
    are stored otherwise than the rest (DeepSeek-V4). `bits` are per weight of the quantised parts,
    scales included; `expert_bits` those of the experts. `part_bits`: stored bits per weight of each
    part, averaged over all that is in it (16-bit remainders and scales included); a checkpoint of
    the catalogue has it, a precision made up by a plan need not: ask `bits_of`. `schemes`: every
    scheme in the checkpoint where it mixes several, else just `scheme`. `native_method`: the
    algorithm or format as the checkpoint spells it (`NVFP4`, `pack-quantized`). `asymmetric`: GPTQ
    with zero points.
    """

    method: str
    scheme: str
    weights: str
    bits: Fraction | int
    block: tuple[int, int] = (0, 0)
    group: int = 0
    kept: frozenset[str] = frozenset()
    expert_scheme: str = ""
    expert_bits: Fraction | int = 0
    kv: str = ""
    desc_act: bool = False
    asymmetric: bool = False
    native_method: str = ""
    part_bits: Mapping[str, Fraction | int] = {}
    schemes: tuple[str, ...] = ()

    def bits_of(self, part: str) -> Fraction | int:
        """Stored bits per weight of `part`: a key of `kept`, or `other` for norms and the like."""
        if part in self.part_bits:
            return self.part_bits[part]
        if part == "other":
            return self.bits if self.method == "none" else 16
        if part in self.kept:
            return 16
        return self.expert_bits if part == "experts" and self.expert_bits else self.bits


@record
class Model:
    """A model as one checkpoint publishes it.

    `id`: the repository id, or the path as the spec wrote it. `name`: the short name, else the id.
    `bits16`: the 16-bit type of what is not quantised (`bf16`, `fp16`). `family`: the group the
    predictor calibrates by: `dense gqa_moe mla_moe hybrid_moe gptoss`. `task`: `generate embed
    rerank classify`. `mtp_layers`: multi-token-prediction layers stored in the checkpoint,
    `mtp_params` their weights and `mtp_copies` the second embedding and head stored with them,
    which are never loaded. `other_params`: weights outside layers, embedding, head, vision, MTP.
    `total` = embedding, head, layers, other and vision, without MTP; `active`: weights one token
    uses, its input embedding included. `base`: id of the checkpoint this one is a quantisation of,
    "" for an original. `file`: a GGUF file's name where the model is one file. `remote_code`: the
    config names code of the repository. `window_said`: it switches a window on, whichever layers
    have one. `assumed`: where a name is only taken for a model, which one and how it is taken to
    be stored.
    """

    id: str
    name: str
    architecture: str
    model_type: str
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    width: int
    vocab: int
    max_context: int
    groups: tuple[LayerGroup, ...]
    quant: Quant
    bits16: str = "bf16"
    experts: int = 0
    experts_used: int = 0
    expert_width: int = 0
    shared_experts: int = 0
    mla: bool = False
    family: str = "dense"
    task: str = "generate"
    modalities: tuple[str, ...] = ("text",)
    embed_params: int = 0
    head_params: int = 0
    tied: bool = False
    other_params: int = 0
    vision_params: int = 0
    mtp_layers: int = 0
    mtp_params: int = 0
    total: int = 0
    active: int = 0
    published_total: int = 0
    published_active: int = 0
    checkpoint_bytes: int = 0
    generation: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    vision_heads: int = 0
    context_scaling: str = ""
    has_window: bool = False
    file: str = ""
    pooling: str = ""
    base: str = ""
    mtp_copies: int = 0
    remote_code: bool = False
    window_said: bool = False
    assumed: str = ""

    @property
    def moe_layers(self) -> int:
        """Layers with routed experts."""
        return sum(g.count for g in self.groups if g.ffn.kind == "moe")

    @property
    def hybrid(self) -> bool:
        """Whether some layers keep a recurrent state, instead of a cache or beside it."""
        return any(g.attention.state_elements for g in self.groups)
