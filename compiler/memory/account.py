"""Everything about one rank's memory that does not depend on how much of it there is."""

from __future__ import annotations

from servec.compiler.memory.cache import make_cache
from servec.compiler.memory.constants import constants
from servec.compiler.memory.kv import layer_caches
from servec.compiler.memory.overhead import working
from servec.compiler.memory.runner import of_runner
from servec.compiler.memory.stages import stage_counts
from servec.compiler.memory.sums import sums
from servec.compiler.memory.weights import stage_weights, tower_bytes
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.compiler.memory.cache import Cache
    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.kv import LayerCache
    from servec.compiler.memory.offload import Offload
    from servec.compiler.memory.overhead import Load, Working
    from servec.compiler.memory.sums import GroupBytes, Sums
    from servec.compiler.model import Model, Quant
    from servec.compiler.plan import Degrees


@record
class Served:
    """What is served and how it is cut; what a runtime's memory follows from.

    `kv`, `state`: the language's words for the types of cache and recurrent state. `mtp`: the
    checkpoint's draft layers are loaded; `draft`: a draft model beside it; `spec_tokens`: drafted
    tokens of a step. `redundant`: extra expert copies. `adapters`: bytes of LoRA slots on a rank.
    `sequences` of `length` tokens: what one attention rank is meant to hold, which decides the
    fullest pipeline stage. `host`: device memory apart from the host's, which keeps embeddings
    (llama.cpp). `tower`: the image and audio encoders are loaded. `partition`: layers of each
    pipeline stage, with commas, where they are stated. `cached`: prefixes are kept for reuse.
    `offload`: what stays in the host's memory. `overrides`: patterns of tensors that do.
    """

    runtime: str
    version: str
    model: Model
    degrees: Degrees
    load: Load
    quant: Quant | None = None
    kv: str = "bf16"
    arch: str = ""
    state: str = ""
    mtp: bool = False
    draft: Model | None = None
    spec_tokens: int = 0
    redundant: int = 0
    adapters: float = 0.0
    sequences: int = 1
    length: int = 0
    host: bool = True
    tower: bool = True
    partition: str = ""
    cached: bool = False
    offload: Offload | None = None
    overrides: str = ""


@record
class Account:
    """The fullest rank: bytes of weights (drafts and adapters included), working memory, cache.

    `least`: bytes that the pool has to have at the start whatever a sequence holds, and `why`.
    """

    table: Constants
    weights: float
    working: Working
    cache: Cache
    least: float = 0.0
    why: str = ""

    @property
    def rest(self) -> float:
        """All that is neither weights nor cache."""
        return self.working.activation + self.working.graphs + self.working.runtime


def account(served: Served) -> Account:
    """The account of the fullest rank of what is served."""
    table = _table(served)
    model, degrees = served.model, served.degrees
    parts = sums(model, served.quant)
    wide = table.expanded_of(model, (served.quant or model.quant).weights)
    layers = layer_caches(model, served.kv, degrees.tensor, degrees.context, served.state, wide)
    if served.overrides:
        from servec.compiler.memory.overridden import stripped

        parts, layers = stripped(parts, layers, served.overrides)
    if served.offload is not None:
        from servec.compiler.memory.offload import on_devices

        parts, layers = on_devices(parts, layers, served.offload)
    weights = stage_weights(
        parts, degrees, table, served.arch, served.redundant, served.mtp, served.host
    )
    if not served.tower:
        weights[0] -= tower_bytes(parts, degrees, table)
    if served.offload is not None:
        weights = [max(0.0, size - served.offload.weights) for size in weights]
    stages = _stage_layers(served, parts, layers, table)
    extra, drafts = _drafts(served, table, layers)
    stages[-1].extend(drafts)
    weights[-1] += extra
    caches = [make_cache(stage, table, served.load.tokens, served.spec_tokens) for stage in stages]
    place = _fullest(served, weights, caches)
    least, why = _least(served, table, caches[place], zip(parts.groups, layers, strict=True))
    return Account(
        table=table,
        weights=weights[place] + served.adapters,
        working=working(model, degrees, table, served.load),
        cache=caches[place],
        least=least,
        why=why,
    )


def _table(served: Served) -> Constants:
    """The figures of what is served, by its runner, its stages and what it keeps for reuse."""
    table = constants(served.runtime, served.version)
    if table.runner:
        drafted = served.mtp or served.draft is not None or bool(served.spec_tokens)
        table = of_runner(table, served.model, served.quant, drafted, served.arch)
    if served.partition:
        table = replace(table, stages=served.partition)
    if table.in_flight > 1 and served.degrees.pipeline > 1:
        # vLLM 0.33.0 config/vllm.py max_concurrent_batches: one for each stage and one scheduled
        table = replace(table, in_flight=table.in_flight + served.degrees.pipeline - 1)
    if served.cached:
        table = replace(table, state_copies=table.state_copies_cached)
    return table


def _stage_layers(
    served: Served, parts: Sums, layers: tuple[LayerCache, ...], table: Constants
) -> list[list[tuple[int, LayerCache]]]:
    if served.degrees.pipeline == 1:
        counts = [tuple(g.count for g in parts.groups)]
    else:
        stages = stage_counts(parts.order, len(layers), served.degrees.pipeline, table.stages)
        counts = list(stages)
    found = [list(zip(stage, layers, strict=True)) for stage in counts]
    if served.offload is None:
        return found
    return [[(count, layer) for count, layer in stage if count] for stage in found]


def _drafts(
    served: Served, table: Constants, layers: tuple[LayerCache, ...]
) -> tuple[float, list[tuple[int, LayerCache]]]:
    """Weights and cache of what proposes tokens: they lie on the last stage."""
    found: list[tuple[int, LayerCache]] = []
    extra = 0.0
    if served.mtp and served.model.mtp_layers:
        grown = [cache for cache in layers if cache.token]
        found += [(served.model.mtp_layers, grown[-1])] if grown else []
    if served.draft is not None:
        from servec.compiler.plan import Degrees

        cut = Degrees(tensor=served.degrees.tensor)
        extra = stage_weights(sums(served.draft), cut, table, served.arch)[0]
        own = layer_caches(served.draft, served.kv, served.degrees.tensor)
        found += [(g.count, c) for g, c in zip(served.draft.groups, own, strict=True)]
    return extra, found


def _fullest(served: Served, weights: list[float], caches: list[Cache]) -> int:
    """The stage whose weights and cache together are largest."""
    if len(weights) == 1:
        return 0
    needs = [
        size + served.sequences * cache.bytes(max(1, served.length))
        for size, cache in zip(weights, caches, strict=True)
    ]
    return needs.index(max(needs))


def _least(
    served: Served, table: Constants, cache: Cache, held: Iterable[tuple[GroupBytes, LayerCache]]
) -> tuple[float, str]:
    """What the pool of a rank has to hold at the start, and in a few words why.

    Sequences with recurrent states: a block each. A pipeline whose stages are all measured by the
    cache of the whole model: that of one sequence.
    """
    if served.load.slots and cache.stateful:
        each = f"{cache.page / (1 << 20):.1f} MiB of states"
        return served.load.slots * cache.page, f"{served.load.slots} sequences x {each}"
    if table.stages_pooled and served.degrees.pipeline > 1:
        every = make_cache(
            [(g.count, layer) for g, layer in held], table, served.load.tokens, served.spec_tokens
        )
        need = served.sequences * every.bytes(max(1, served.length))
        return need, f"{served.length} tokens of all stages' layers"
    return 0.0, ""
