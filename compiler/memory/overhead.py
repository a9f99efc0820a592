"""Working memory beside weights and cache: activations, graphs, buffers, the process itself.

forward = tokens of one pass x live bytes of a token, where live = 2 x hidden and the larger of the
attention's projections and the feed-forward's intermediate values, in 16 bit, on one rank; a
mixture holds them once for each expert a token uses. sampling = sequences x vocabulary x
`logit_bytes`. Both are not live at once, so the peak is the larger. Graphs grow with layers and
captured sequences, communication buffers with peers. Each constant and its measurement is in
`constants.json`.
"""

from __future__ import annotations

from servec.compiler.memory.stages import stage_sizes
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.figures import Constants
    from servec.compiler.model import LayerGroup, Model
    from servec.compiler.plan import Degrees


LARGE_IMAGES = ("qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_5", "kimi_k25", "glm4v")
"""Model types whose towers take images at their own size, up to 16384 tokens (Qwen2-VL and its
heirs: `max_pixels` of their preprocessor_config.json)."""


GIB = 1 << 30
SLOT = 4
"""Bytes of a token's place in a table of requests."""
INDEX_KEY = 132
"""Bytes of an index key: 128 in FP8 and an FP32 scale."""


@record
class Load:
    """What drives the working memory of one rank.

    `tokens` of one pass and `seqs` sequences on one attention rank, `graphs`: whether any are
    captured, `images`: whether the vision tower is served, `device`: bytes of the device, of which
    the driver keeps `unseen`, and of that the part `charged` counts, `length`: the context, which
    some buffers grow with, `flash`: whether attention scores are never stored, `rows` of a table
    with a place for each token of the context,
    `slots`: sequences that each have to find a block of the pool before graphs are captured,
    `videos`: whether a video of the whole context is profiled, `lean`: FlashInfer is asked to
    sample, `attention`: what is asked to attend.
    """

    tokens: int
    seqs: int
    graphs: bool = True
    images: bool = False
    device: int = 0
    unseen: int = 0
    charged: float = 1.0
    length: int = 0
    flash: bool = True
    rows: int = 0
    slots: int = 0
    videos: bool = False
    lean: bool = False
    attention: str = ""


@record
class Working:
    """Bytes: activations at their peak; graphs, and tables that are made after the cache; buffers,
    process and what the driver keeps, of which `outside` is gone before anything is loaded."""

    activation: float
    graphs: float
    runtime: float
    outside: float = 0.0


def working(model: Model, degrees: Degrees, table: Constants, load: Load) -> Working:
    """The working memory of the fullest rank."""
    if table.compute_buffer:
        from servec.compiler.memory.llamacpp import compute_buffer

        fixed = table.context + table.context_share * load.device
        return Working(compute_buffer(model, degrees, load), 0.0, fixed)
    live = max(_attention_live(model, degrees), _ffn_live(model, degrees))
    forward = load.tokens * live * table.forward
    sampled = load.seqs * model.vocab if model.task == "generate" else 0
    each = table.lean_bytes if load.lean and table.lean_bytes else table.logit_bytes
    sampling = load.tokens * 2.0 * model.hidden + sampled * each
    activation = max(forward, sampling)
    if table.pass_logits and sampled:
        each = table.pass_logits + (2.0 / degrees.tensor if degrees.tensor > 1 else 0.0)
        activation = forward + load.tokens * model.vocab * each
    framed = media(model, table, load)
    if framed and table.media_together:
        activation = max(forward, framed)
    elif load.images:
        activation += images(model, table, load)
    layers = max(stage_sizes(model.layers, degrees.pipeline, table.stages))
    graphs = 0.0
    if load.graphs:
        captured = min(load.seqs, table.graph_most) if table.graph_most else load.seqs
        graphs = layers * table.graph_layer * sizes(load.seqs) + captured * table.graph_seq
    graphs += load.rows * load.length * SLOT
    peers = degrees.tensor * (degrees.data if model.experts else 1) - 1
    outside = table.context + min(peers, 15) * table.per_peer + load.unseen * load.charged
    runtime = outside + table.workspace + _index(model, table, load)
    if load.graphs:
        runtime += table.attention_workspace.get(load.attention, 0.0) * GIB
    return Working(activation, graphs, runtime, outside)


IMAGE_TOKENS = 16384
"""Tokens of the largest image of `FRAMED`: 12845056 pixels of `max_pixels`, 28 x 28 a token."""
FRAMED = ("qwen2_vl", "qwen2_5_vl")
"""Model types whose profile is a video of frames of that size, two to as many tokens as one image:
as many as the context holds (vllm 0.8.5 and 0.11.0 model_executor/models/qwen2_vl.py
get_num_frames_with_most_features)."""


def media(model: Model, table: Constants, load: Load) -> float:
    """Bytes that the profile of images and videos takes where their frames are known, else 0."""
    if not (load.images and load.videos and table.vision_frame and table.video_most):
        return 0.0
    if model.model_type not in FRAMED:
        return 0.0
    left = load.length - (IMAGE_TOKENS if table.video_beside else 0)
    video = max(1, min(left, table.video_most) // IMAGE_TOKENS)
    return (video + 1 if table.media_together else video) * float(table.vision_frame)


def images(model: Model, table: Constants, load: Load) -> float:
    """Bytes that the profile of images, or of the frames of a video, takes."""
    large = model.model_type.startswith(LARGE_IMAGES) and table.vision_large
    each = load.seqs * table.vision_each.get(model.model_type, 0.0) * GIB
    return float(each or media(model, table, load) or large or table.vision)


MOST_SIZES = 51


def sizes(seqs: int) -> float:
    """The share of all sizes of a batch that are captured: 1, 2, 4, every 8 to 256, every 16 to
    512, up to twice the sequences (vllm 0.22.1 config/vllm.py _set_cudagraph_sizes)."""
    most = min(2 * seqs, 512)
    small = sum(size <= most for size in (1, 2, 4))
    return (small + min(most, 255) // 8 + max(0, most - 240) // 16) / MOST_SIZES


def lean(model: Model, table: Constants, load: Load, working: Working) -> float:
    """Bytes of the activations that a library for sampling, if it is there, does without."""
    if not table.lean_bytes or table.lean_asked or load.lean or model.task != "generate":
        return 0.0
    spared = load.seqs * model.vocab * (table.logit_bytes - table.lean_bytes)
    return min(spared, working.activation)


def _index(model: Model, table: Constants, load: Load) -> float:
    """Buffers of a sparse-attention index: gathered keys of several contexts, and its scores."""
    if not table.index_contexts:
        return 0.0
    for g in model.groups:
        a = g.attention
        if a.topk:
            ratio = a.head_dim / max(1.0, float(a.kv_elements - a.index_elements))
            ratio = ratio if a.side_elements else 1.0
            return table.index_contexts * load.length * INDEX_KEY / ratio + table.index_scores
    return 0.0


def _attention_live(model: Model, degrees: Degrees) -> float:
    """Bytes of one token while it is in attention."""
    most = max((_projections(g) for g in model.groups), default=0)
    return 2.0 * (2 * model.hidden + most / degrees.tensor)


def _projections(g: LayerGroup) -> int:
    """Elements of queries, keys, values and the output before its projection."""
    a = g.attention
    if a.kind == "mla":
        expanded = a.heads * (a.nope_dim + a.v_head_dim)
        return a.heads * (a.head_dim + a.v_head_dim) + expanded
    value = a.v_head_dim or a.head_dim
    return a.heads * (a.head_dim + value) + a.kv_heads * (a.head_dim + value)


UNEVEN = 1.5
"""Tokens that the busiest rank of an expert exchange receives, over the mean: room for routing that
is not even (the load factor of expert balancers' guides; no log separates it)."""


def _ffn_live(model: Model, degrees: Degrees) -> float:
    """Bytes of one token while it is in the feed-forward part.

    With attention data parallel the ranks exchange tokens: one receives those of all ranks that
    chose its experts.
    """
    most = 0.0
    exchange = 1.0
    if degrees.data > 1:
        exchange = UNEVEN * degrees.data / degrees.expert
    for g in model.groups:
        ffn = g.ffn
        if ffn.experts:
            each = ffn.matrices * ffn.width / degrees.moe_tensor + model.hidden
            size = ffn.used * each * exchange
        else:
            size = ffn.matrices * ffn.width / degrees.tensor
        most = max(most, size)
    return 2.0 * (2 * model.hidden + most)
