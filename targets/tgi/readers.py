"""The fields that `writers` writes for TGI, read back from a command line and its variables."""

from __future__ import annotations

from servec.dsl.whole import whole
from servec.targets.shared.capabilities import load_capabilities
from servec.targets.shared.importing.key import read_key
from servec.targets.tgi.writers import KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.targets.shared.importing.sheet import Reader, Sheet


EDGE, LEAST = 50, 4096
"""Tokens beside the longest prompt, and those of a pass in older releases: launcher/src/main.rs."""


def weights(sheet: Sheet) -> None:
    """A quantisation at load as the precision that is served; a checkpoint says its own.

    Source: text-generation-inference v3.3.7 launcher/src/main.rs args.quantize.or(quantize).
    """
    name, model = sheet.get("quantize"), sheet.model
    if not isinstance(name, str) or model is None:
        return
    if model.quant.method == name:
        sheet.field("precision.weights", model.quant.weights, "quantize")
    if model.quant.method != "none":
        return
    able = load_capabilities(sheet.table.runtime, sheet.table.version)
    for word, scheme in able.quantize_at_load.items():
        support = able.precisions.get(scheme)
        if support is not None and support.flag == name:
            sheet.field("precision.weights", word, "quantize")


def parallel(sheet: Sheet) -> None:
    """The shards are the tensor split; a line that names none takes the devices it may see."""
    seen = _visible(sheet.env)
    if seen and sheet.get("num-shard") is None and sheet.get("sharded") is not False:
        sheet.devices = seen
        sheet.field("parallel.tensor", seen, "sharded")
        return
    shards = sheet.whole("num-shard", 1)
    sheet.devices = shards
    if sheet.get("num-shard") is not None and not sheet.odd("num-shard"):
        sheet.field("parallel.tensor", shards, "num-shard")
    elif sheet.get("num-shard") is None and sheet.get("sharded") is False:
        sheet.field("parallel.tensor", 1, "sharded")


def _visible(env: Mapping[str, str]) -> int:
    """How many devices the launcher counts in its variables, 0 where they name none.

    As `find_num_shards` and `num_cuda_devices` of launcher/src/main.rs; with `all` it asks
    nvidia-smi, which is not on the line.
    """
    names = env.get("CUDA_VISIBLE_DEVICES", env.get("NVIDIA_VISIBLE_DEVICES", ""))
    return 0 if names.strip() in ("", "all", "void") else len(names.split(","))


def batch(sheet: Sheet) -> None:
    """Requests of one batch."""
    number = sheet.whole("max-batch-size", 0)
    if number:
        sheet.field("limits.batch", number, "max-batch-size")


def memory(sheet: Sheet) -> None:
    """The share of the device, which a line that is only judged has as it is said."""
    share = sheet.get("cuda-memory-fraction")
    if sheet.judged and isinstance(share, float) and 0 < share < 1:
        sheet.field("limits.memory", share, "cuda-memory-fraction")


def passes(sheet: Sheet) -> None:
    """Tokens of the warm-up of a line that is judged: the longest prompt and a few (`Some(value) =
    max_input_tokens + 50` of launcher/src/main.rs), where it names no number itself.
    """
    longest = max(sheet.whole("max-input-tokens", 0), sheet.whole("max-input-length", 0)) + EDGE
    if sheet.judged and longest > LEAST and sheet.get("max-batch-prefill-tokens") is None:
        sheet.field("limits.batched_tokens", longest)


def speculative(sheet: Sheet) -> None:
    """Tokens looked up; heads of Medusa come with the checkpoint and are no field."""
    tokens = sheet.whole("speculate", 0)
    if tokens:
        sheet.field("features.speculative", "ngram")
        sheet.field("features.draft_tokens", tokens, "speculate")


def captured(sheet: Sheet) -> None:
    """Sizes of captured batches."""
    said = sheet.get("cuda-graphs")
    sizes = str(said).split(",") if said is not None else []
    if sizes == ["0"]:
        sheet.field("graphs.capture", "off", "cuda-graphs")
    elif sizes and all(map(whole, sizes)):
        sheet.field("graphs.sizes", [int(size) for size in sizes], "cuda-graphs")


def key(sheet: Sheet) -> None:
    """A key is named by its variable, never written."""
    read_key(sheet, KEY)


READERS: dict[str, Reader] = {
    "weights": weights,
    "parallel": parallel,
    "batch": batch,
    "memory": memory,
    "passes": passes,
    "speculative": speculative,
    "captured": captured,
    "key": key,
}
