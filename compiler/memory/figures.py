"""What is known of the memory of one runtime at one version, apart from formulas."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.model import Model


@record
class Constants:
    """What is known of one runtime at one version. Bytes unless said otherwise.

    Knob and cache: `share` (default of the runtime's memory option), `knob` (what that option is a
    share of: `device`; `static` = the device, weights and cache together; `free` = what weights and
    working memory leave; `total` = the device, for the cache alone; `entries` = a number of
    sequences of full length; `none` = no such option), `block` (tokens of a cache page), `windows`
    (how layers with a window are charged: `grouped capped cells full ratio`, or `alone`, capped
    where a model has no others), `chunked_whole` (nor those whose windows do not slide),
    `window_ratio`,
    `in_flight` (passes whose tokens such a layer holds besides its window), `state_copies` and
    `state_copies_cached` (recurrent states of one sequence, and with a prefix cache),
    `state_blocks` (a block of the pool for each sequence that runs, before whole steps are captured
    as graphs), `stages_pooled` (each pipeline stage has to hold the cache of all layers),
    `hybrid_cached` (models with such states have one by default), `latent_block` (multiple of a
    page of latents beside states), `state_ratio` (bytes of all states over those of the cache,
    where the pool is cut so), `reports_length` (the log gives the tokens that sequences of full
    length would hold).

    Placement: over which ranks embedding, output head, dense layers, shared experts and the vision
    tower are cut (`tensor`, `world` = tensor x data, `none`, or `host` memory), `loads_wide` (what
    is quantised at load lies there whole before, but for schemes `loads_packed`), `stages` (where
    the layers left over go, see `stage_sizes`), `pad_vocab`, `pad_ffn`, `absorb` (share of MLA's
    up-projection that is kept a second time, in 16 bit), `expanded` (size of the heads that MLA's
    cache holds instead of latents, but with weights of `expanded_but`), `expands` (model types
    whose class keeps heads and never latents), `pad_expert` (scheme, then device arch, "" any
    other, to the multiples that hidden size and expert width are rounded up to), `tower_always`
    (encoders are loaded although only text is accepted), `tower_unasked` (also where the launch
    says nothing of them), but those of model types that start as in `tower_asked`, `unasked` (what
    becomes of layers where nothing is said of them: all on the `device`, on the `host`, or as many
    as `fit`; `unasked_apple` on Metal), `wide` (model types that are served in 32 bit on devices
    without BF16).

    SGLang: `static` (what the share is unasked: by `static_ranks`, pairs of a least width and a
    share, `static_large` on cards beyond 80 GiB; by the card's `size` and `static_sizes`, see
    there; by the `formula` of its releases), `data_whole` (the option that makes every rank of the
    tensor width an attention replica).

    Rest: `context` and `context_share` of the device (process and libraries), `per_peer` (buffers
    for each other rank), `forward` (live tensors of a layer, as a multiple of those counted),
    `compute_buffer` (which is all that llama.cpp has of such), `scores` (attention scores are
    stored unless flash attention is asked for), `logit_bytes` (per sequence and vocabulary entry
    while sampling), `pass_logits` (per token of a pass, where it gives the logits of all),
    `graph_layer`, `graph_seq` (graphs: for each layer where batches of
    all sizes are captured, each captured sequence), `graph_most` (sequences captured),
    `graph_outside` and `graph_least` (graphs of a layer that come on top of the runtime's share, at
    most and at least, `graph_sized`: of all sizes, `graph_said`: options that say otherwise),
    `beside_most` and `beside_least` (what is taken of a device before its share is), `beside_pass`
    (a pass works with what the cache's share of the free memory leaves), `beside_shared` (parts, at
    least and at most, that the system holds of memory which it shares), `vision` and `vision_large`
    (profile of the largest image, the latter for models that take images at their own size),
    `vision_frame` (for each image or pair of frames of that size, where they are counted: up to
    `video_most` tokens of a video, `video_beside` an image in the context, or `media_together` both
    in one pass), `vision_each` (GiB for an image of each sequence, by model type, where all are
    profiled at once), `workspace` (fixed buffers), `attention_workspace` (GiB more, by the
    attention asked for, where graphs are profiled), `request_table` (sequences in a table of four
    bytes for each token of the context, unless a number is said), `index_contexts` and
    `index_scores` (a sparse index gathers the keys of so many contexts, and keeps scores).

    Error of the sum, one sided: `band` bytes, `band_share` of the weights, `band_vision` more for
    vision models, `band_unified` of the memory where the system shares it; `paged` is the part of
    that in which a launch runs slowly, beyond what the system lends for good.

    The runtime's own defaults for tokens of a pass and sequences are `tokens` and `seqs`, pairs
    (device memory from, value) from the largest; the last pair holds on the devices and archs
    `small`, and on all but the devices `large` where there are any. `pass_most`: tokens of one pass
    whatever is asked for, 0 = as asked. `whole_prompt`: contexts up to it are profiled as one pass,
    longer ones in pieces whose sampling is not; 0 = never. `lean_bytes`: `logit_bytes` where an
    optional library samples, of which it is not known whether it is there, or with `lean_asked`
    where it is asked for; 0 = there is none. `item_tokens`: tokens that a pass is raised to for one
    image or video, by how a model's name starts. Options of the runtime's own block: `media_said`
    (what is profiled is no image or video of the model's largest size), `method_said` (a method by
    which weights are quantised as they load), `placed_said` (where tensors lie, by patterns of
    their names), `whole_said` (with these windows are charged as by the figures of `whole`).
    `runner`: `figures` of a second model runner, and what it `serves` unasked:
    `plain` (16-bit models of `classes`), `listed` (those of any weights), `dense` (and all without
    experts and states) or `all`; `amd_but` are classes that it does not serve on AMD.
    """

    runtime: str
    share: float = 0.9
    knob: str = "device"
    block: int = 16
    windows: str = "capped"
    chunked_whole: bool = False
    window_ratio: float = 1.0
    in_flight: int = 1
    state_copies: int = 1
    state_copies_cached: int = 1
    state_blocks: bool = False
    stages_pooled: bool = False
    hybrid_cached: bool = False
    latent_block: int = 0
    state_ratio: float = 0.0
    reports_length: bool = False
    embed: str = "tensor"
    head: str = "tensor"
    dense: str = "tensor"
    shared: str = "tensor"
    vision_over: str = "tensor"
    stages: str = "middle"
    pad_vocab: int = 64
    pad_ffn: int = 0
    tower_always: bool = False
    tower_unasked: bool = False
    tower_asked: tuple[str, ...] = ()
    loads_wide: bool = False
    loads_packed: tuple[str, ...] = ()
    unasked: str = "fit"
    unasked_apple: str = ""
    compute_buffer: bool = False
    scores: bool = False
    absorb: float = 0.0
    expanded: int = 0
    expanded_but: tuple[str, ...] = ()
    expands: tuple[str, ...] = ()
    pad_expert: Mapping[str, Mapping[str, tuple[int, int]]] = {}
    context: int = 0
    context_share: float = 0.0
    per_peer: int = 0
    forward: float = 1.0
    logit_bytes: float = 0.0
    pass_logits: float = 0.0
    graph_layer: int = 0
    graph_seq: int = 0
    graph_most: int = 0
    graph_outside: int = 0
    graph_least: int = 0
    graph_sized: bool = False
    graph_said: tuple[str, ...] = ()
    media_said: tuple[str, ...] = ()
    method_said: tuple[str, ...] = ()
    placed_said: tuple[str, ...] = ()
    whole_said: tuple[str, ...] = ()
    beside_least: int = 0
    beside_most: int = 0
    beside_pass: bool = False
    beside_shared: tuple[float, ...] = ()
    vision: int = 0
    vision_large: int = 0
    vision_frame: int = 0
    video_most: int = 0
    video_beside: bool = False
    media_together: bool = False
    vision_each: Mapping[str, float] = {}
    workspace: int = 0
    attention_workspace: Mapping[str, float] = {}
    request_table: int = 0
    wide: tuple[str, ...] = ()
    data_whole: str = ""
    static: str = ""
    static_ranks: tuple[tuple[int, float], ...] = ()
    static_large: float = 0.0
    static_sizes: tuple[tuple[int, float, float], ...] = ()
    index_contexts: int = 0
    index_scores: int = 0
    band: int = 0
    band_share: float = 0.0
    band_vision: int = 0
    band_unified: float = 0.0
    paged: float = 0.0
    tokens: tuple[tuple[int, int], ...] = ((0, 2048),)
    seqs: tuple[tuple[int, int], ...] = ((0, 256),)
    small: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    pass_most: int = 0
    whole_prompt: int = 0
    lean_bytes: float = 0.0
    lean_asked: bool = False
    item_tokens: tuple[tuple[str, int], ...] = ()
    runner: Mapping[str, Any] = {}

    def default_tokens(self, memory: int, device: str, arch: str = "", images: str = "") -> int:
        """Tokens of one pass where the command names none; `images`: the model, if it takes any."""
        least = next((size for start, size in self.item_tokens if images.startswith(start)), 0)
        return max(least, self._by_memory(self.tokens, memory, device, arch))

    def one_pass(
        self, tokens: int, seqs: int, length: int, images: bool, cut: bool | None = None
    ) -> tuple[int, int]:
        """Tokens and sequences of the profiled pass where the command names no tokens: a prompt of
        the whole context, unless it is long and may be `cut` into pieces (None: nothing is said).
        """
        if not self.whole_prompt:
            return tokens, seqs
        whole = not cut if cut is not None else length <= self.whole_prompt or images
        return (max(tokens, length), seqs) if whole else (tokens, 0)

    def expanded_of(self, model: Model, weights: str) -> int:
        """Size of the heads that MLA's cache holds with weights of that word; 0: latents."""
        if model.model_type in self.expands:
            return model.head_dim
        return 0 if weights in self.expanded_but else self.expanded

    def default_seqs(self, memory: int, device: str, arch: str = "") -> int:
        """Sequences of one attention rank where the command names none."""
        return self._by_memory(self.seqs, memory, device, arch)

    def _by_memory(
        self, pairs: tuple[tuple[int, int], ...], memory: int, device: str, arch: str
    ) -> int:
        named = not self.large or device.startswith(self.large)
        if not named or arch in self.small or (device and device.startswith(self.small)):
            return pairs[-1][1]
        return next((value for low, value in pairs if memory >= low), pairs[-1][1])
