"""Bytes of weights on each pipeline stage's fullest rank.

Per rank: attention and dense layers / tensor, key and value projections / min(tensor, KV heads),
norms and latent projections whole, ceil(experts / expert) experts each / (tensor x data / expert),
embedding and head / tensor with the vocabulary rounded up to 64 rows (vLLM 0.33.0
vocab_parallel_embedding.py), the embedding on the first stage, the head on the last. What differs
between runtimes is in `constants.json`.
"""

from __future__ import annotations

from servec.compiler.memory.constants import constants
from servec.compiler.memory.stages import stage_counts
from servec.compiler.memory.sums import sums
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.sums import GroupBytes, Sums
    from servec.compiler.model import Model, Quant
    from servec.compiler.plan import Degrees


def weights_per_device(
    model: Model,
    degrees: Degrees,
    runtime: str = "vllm",
    version: str = "",
    quant: Quant | None = None,
    arch: str = "",
    redundant: int = 0,
    mtp: bool = False,
) -> int:
    """Bytes of weights on the fullest rank of `model` cut by `degrees`.

    `quant`: the precision served where it is not the checkpoint's. `arch`: the device's key in the
    precision tables; kernels pad experts differently. `redundant`: extra expert copies. `mtp`:
    draft layers of the checkpoint are loaded too.
    """
    table = constants(runtime, version)
    found = stage_weights(sums(model, quant), degrees, table, arch, redundant, mtp)
    return round(max(found))


def stage_weights(
    parts: Sums,
    degrees: Degrees,
    table: Constants,
    arch: str = "",
    redundant: int = 0,
    mtp: bool = False,
    host: bool = True,
) -> list[float]:
    """Bytes of weights on one rank of each pipeline stage.

    `host`: the host has memory of its own, where some runtimes leave the embedding. A context split
    re-uses the ranks that split the layers (vllm 0.33.0 config/parallel.py, sglang 0.5.23
    parallel_hook.py, lmdeploy 0.18.0 parallel_config.py), so all of them share the weights.
    """
    if degrees.context > 1:
        degrees = replace(degrees, tensor=degrees.tensor * degrees.context, context=1)
    layer = [_layer(g, degrees, table, parts, arch, redundant) for g in parts.groups]
    if degrees.pipeline == 1:
        found = [sum(g.count * size for g, size in zip(parts.groups, layer, strict=True))]
    else:
        counts = stage_counts(parts.order, len(layer), degrees.pipeline, table.stages)
        found = [
            sum(count * size for count, size in zip(stage, layer, strict=True)) for stage in counts
        ]
    _ends(found, parts, degrees, table, host)
    if mtp:
        ranks = degrees.tensor * (degrees.data if parts.groups[-1].experts else 1)
        found[-1] += parts.mtp / ranks
    return found


def _ends(found: list[float], parts: Sums, degrees: Degrees, table: Constants, host: bool) -> None:
    """Add what only the first or the last stage holds."""
    rows = 1.0
    if table.pad_vocab and parts.vocab:
        rows = -(-parts.vocab // table.pad_vocab) * table.pad_vocab / parts.vocab
    embed = rows * parts.embed / _over(table.embed, degrees, parts)
    head = rows * parts.head / _over(table.head, degrees, parts)
    apart = table.embed == "host" and host
    if not apart:
        found[0] += embed + parts.other_big / degrees.tensor
    found[0] += tower_bytes(parts, degrees, table)
    found[-1] += head + parts.other
    if parts.tied and (apart or len(found) > 1):
        found[-1] += embed


ATTENTION = 1 / 3
"""Attention's share of a tower whose feed-forward part is four times as wide as it: 4 of 12."""


def tower_bytes(parts: Sums, degrees: Degrees, table: Constants) -> float:
    """Bytes of image and audio encoders on a rank of the first stage; attention of heads that do
    not split is whole on each (vllm 0.8.4 model_executor/models/intern_vit.py _init_attn)."""
    ranks = _over(table.vision_over, degrees, parts)
    whole = ATTENTION * parts.vision if parts.vision_heads % ranks else 0.0
    return whole + (parts.vision - whole) / ranks


def _layer(
    g: GroupBytes,
    degrees: Degrees,
    table: Constants,
    parts: Sums,
    arch: str,
    redundant: int,
) -> float:
    """Bytes of one layer of a group on one rank."""
    tensor = degrees.tensor
    found = g.split / tensor + g.whole + g.router
    if g.kv:
        found += g.kv / min(tensor, g.kv_heads)
    if g.dense:
        ranks = _over(table.dense, degrees, parts)
        wide = 1.0
        if table.pad_ffn and g.dense_width % (table.pad_ffn * ranks):
            unit = table.pad_ffn * ranks
            wide = -(-g.dense_width // unit) * unit / g.dense_width
        found += g.dense * wide / ranks
    if g.shared:
        found += g.shared / _over(table.shared, degrees, parts)
    if g.experts:
        cut = degrees.moe_tensor
        held = -(-(g.experts + redundant) // degrees.expert)
        found += held * g.expert / cut * _padding(g, cut, table, parts, arch)
    if table.absorb:
        found += g.absorbed * table.absorb / tensor
    return found


def _padding(g: GroupBytes, cut: int, table: Constants, parts: Sums, arch: str) -> float:
    """How much larger one cut expert is in memory than its share of the checkpoint."""
    by_arch = table.pad_expert.get(parts.expert_scheme)
    if by_arch is None or not g.expert_width:
        return 1.0
    multiples = by_arch.get(arch) or by_arch[""]
    factor = 1.0
    for size, multiple in zip((parts.hidden, g.expert_width / cut), multiples, strict=True):
        if multiple:
            factor *= -(-size // multiple) * multiple / size
    return factor


def _over(word: str, degrees: Degrees, parts: Sums) -> int:
    """Ranks that share a part; `data` of a dense model is whole copies, which share nothing."""
    if word == "tensor":
        return degrees.tensor
    if word != "world":
        return 1
    return degrees.tensor * (degrees.data if any(g.experts for g in parts.groups) else 1)
