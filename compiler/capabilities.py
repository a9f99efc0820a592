"""What one version of one runtime can do, as data with a source for each claim."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from servec.compiler.device import Device
    from servec.dsl.diagnostic import Diagnostic


@record
class Support:
    """How a precision scheme runs, by device arch (`sm90`, `gfx942`, …).

    An arch in neither set is not supported. `flag`: the runtime's own name where it must be told,
    `spelt` other names that it takes for the same.
    """

    native: frozenset[str]
    emulated: frozenset[str]
    flag: str = ""
    how: str = ""
    source: str = ""
    spelt: tuple[str, ...] = ()


@record
class Topology:
    """How degrees can be expressed and what splits legally.

    `expert`: `world` (all of tensor x data or 1), `free` (any divisor) or `none`.
    `experts_divide`: experts % expert must be 0. `data_dense`: data parallel on dense models;
    `data_moe`: attention data parallel on MoE models, `attention_one`: then tensor must be 1.
    `pipeline`, `context`: whether those degrees exist. `kv_copies`: KV heads may be copied,
    of model types in `kv_copies_for` they are all the same.
    `block_split`: `exact` (shards are whole blocks), `refine` (down to `refine_floor`) or `pad`.
    `vocab_step`: the vocabulary is padded to a multiple of this, and split evenly; 0 where it is
    padded for any split. `merged_blocks`: Q, K and V, which are one matrix, may be cut within a
    block.
    `nodes`: several nodes.
    `batch_per_rank`: the command's number of sequences counts for one data rank (vLLM), not for the
    whole replica (SGLang); `tokens_per_rank`: its tokens of one pass likewise. `copies_apart`:
    copies of a dense model (`data`) take both limits each. `dense_nodes`: such copies may lie on
    several nodes. `one_split`: tensor and pipeline exclude each other. `tensor_for`,
    `pipeline_for`: the model classes or model types that can be cut so (None: all), `tensor_archs`
    the device archs and `tensor_kv` the cache types that a tensor split takes. `tensor_named`: a
    tensor split is experimental, so only what the spec names is split so. `shares_blocks_for`:
    model types whose experts are shared out by whole blocks, the last rank getting fewer.
    `pads_on`: kinds of device on which heads, columns, words and blocks are padded to the ranks.
    `pads_experts_on`: device archs whose kernels pad experts to whole blocks. `loose_kv_for`: model
    types whose K and V may be cut within a block.
    `pads_shared_for`: model classes whose shared experts are padded to whole blocks.
    `sees_whole`: engines of the runtime that do not split what reads images; `sees_even`: model
    types of which it is split evenly whenever it is loaded, `apart` the option and its value,
    behind a space, that leave it whole.
    """

    expert: str = "none"
    experts_divide: bool = True
    data_dense: bool = False
    data_moe: bool = False
    attention_one: bool = False
    pipeline: bool = False
    context: bool = False
    kv_copies: bool = True
    kv_copies_for: frozenset[str] = frozenset()
    block_split: str = "exact"
    vocab_step: int = 0
    merged_blocks: bool = False
    refine_floor: int = 0
    nodes: bool = False
    no_pipeline_for: frozenset[str] = frozenset()
    batch_per_rank: bool = False
    tokens_per_rank: bool = False
    copies_apart: bool = False
    dense_nodes: bool = True
    one_split: bool = False
    tensor_for: Set[str] | None = None
    tensor_archs: frozenset[str] | None = None
    tensor_kv: frozenset[str] | None = None
    tensor_named: bool = False
    shares_blocks_for: frozenset[str] = frozenset()
    pads_on: frozenset[str] = frozenset()
    pads_experts_on: frozenset[str] = frozenset()
    loose_kv_for: frozenset[str] = frozenset()
    pads_shared_for: frozenset[str] = frozenset()
    pipeline_for: Set[str] | None = None
    sees_whole: frozenset[str] = frozenset()
    sees_even: frozenset[str] = frozenset()
    apart: str = ""
    sources: Mapping[str, str] = {}


def _nowhere(_name: str) -> tuple[str, ...]:
    return ()


@record
class Capabilities:
    """One runtime at one version. Absence means "not supported", never "unknown".

    `reach`: device arch to `yes`, `special` (special build or experimental: legal, never first) or
    `apart` (likewise, with kernels that are not in the tables: a plug-in, a build of one's own),
    with the reason; an arch that is absent is refused with `refused[arch]` if there.
    `features`: portable feature (`structured_output`, `lora`, `images`, `video`, `audio`, `embed`,
    `rerank`, `classify`, `tools`, `reasoning`, `prefix_cache`, `chunked_prefill`, `roles`, `nodes`,
    `speculative.mtp`, `speculative.eagle3`, `speculative.ngram`, `speculative.draft`, …) to a note
    with its source. `values`: portable enum field (`features.tools`, `schedule.policy`, …) to a map
    from the portable word to the runtime's own. `lacks`: portable field to the reason why this
    version cannot express it at all; a word that is missing in `values` is lacking likewise.
    `spares`: fields that a launch goes without, with a warning, where they cannot be expressed, and
    why that is, "" where it depends on the word. `otherwise`: fields whose option means something
    else, and what, for who reads the command.
    `quantize_at_load`: the language's word for the weights to the scheme that the runtime makes of
    a 16-bit checkpoint as it loads (`fp8` to `fp8_per_tensor`); `converts` likewise to what the
    runtime's own tool makes of one in a step before the launch. `excludes`: pairs of features (or
    degrees, `pipeline`) that do not go together, with the source. `architectures` holds model
    classes or, where a runtime goes by those, model types. `converts_from`: words of the weights,
    beside the 16-bit ones, of which that tool makes the same. `files`: the format that it reads,
    `gguf`, `mlx` or `hub`; checkpoints of another are converted before the launch. `kv_default`:
    the cache type it has unasked, "" for that of the arithmetic. `slots`: sequences it runs at
    a time unasked, 0 for the usual number. `reserves`: it sets the whole context aside for each of
    them at the start. `tokens`: its tokens of a pass unasked, 0 for the usual number.
    `moves`: options without which it leaves on the host what the devices have no room for, none if
    it never does. `beneath`: runtime and version whose engine runs inside, of a layer around one.
    `release`: the release whose figures of memory hold, where it has no table of its own.
    `refusals`: what the spec says that cannot be said here, of a target that looks at the spec.
    `holders`: the versions, oldest first, whose registry has a class.
    """

    runtime: str
    version: str
    architectures: Set[str]
    reach: Mapping[str, str]
    refused: Mapping[str, str]
    precisions: Mapping[str, Support]
    kv: Mapping[str, Support]
    features: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    topology: Topology
    transfer: frozenset[str] = frozenset()
    quantize_at_load: Mapping[str, str] = {}
    converts: Mapping[str, str] = {}
    converts_from: frozenset[str] = frozenset()
    lacks: Mapping[str, str] = {}
    spares: Mapping[str, str] = {}
    otherwise: Mapping[str, str] = {}
    excludes: tuple[tuple[str, str, str], ...] = ()
    default_port: int = 8000
    image: str = ""
    table: str = ""
    files: str = "hub"
    kv_default: str = ""
    slots: int = 0
    reserves: bool = False
    tokens: int = 0
    moves: frozenset[str] = frozenset()
    beneath: tuple[str, ...] = ()
    release: str = ""
    refusals: tuple[Diagnostic, ...] = ()
    holders: Callable[[str], tuple[str, ...]] = _nowhere

    def unread(self, device: Device | None) -> bool:
        """Whether the tables do not say what runs on a device: one that is not stated, or one that
        is reached by kernels of a plug-in."""
        if device is None or device.any:
            return True
        return self.reach.get(device.arch, "").startswith("apart")
