"""The fields of the portable table that take more than a row in TGI."""

from __future__ import annotations

from servec.targets.shared.api import key_variable
from servec.targets.shared.effective import planned
from servec.targets.shared.left_open import stated
from servec.targets.shared.lora import local_path
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

KEY = "API_KEY"
DTYPES = {"bf16": "bfloat16", "fp16": "float16"}
WAITING = 128
"""Requests that are taken in before others are turned away (TGI 3.3.7 launcher/src/main.rs)."""
ROOM = 0.9
"""The part of its share that TGI sizes the cache by (TGI 3.3.7 TGI_WIGGLE_ROOM of
server/text_generation_server/models/globals.py)."""


def weights(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Name a quantisation only where TGI makes it while it loads; a checkpoint says its own.

    Of what is not quantised the type is said: TGI takes 16-bit floats of its own choice, which is
    float16 for most models (TGI 3.3.7 server/text_generation_server/models/flash_causal_lm.py).
    """
    plan = planned(case)
    said = any(stated(case.spec, path) for path in ("precision.compute", "precision.weights"))
    if plan.weights in DTYPES and said:
        settings.set("dtype", DTYPES[str(values.get("precision.compute") or plan.weights)])
    support = case.capabilities.precisions.get(plan.weights)
    if plan.load == "at_load" and support is not None and support.flag:
        settings.set("quantize", support.flag)


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The shards: one a device; unasked it would take every device it sees."""
    settings.set("num-shard", planned(case).degrees.tensor)


def batch(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Requests of one batch, and room for those that wait where more arrive than are taken in."""
    sequences = planned(case).max_seqs
    if sequences:
        settings.set("max-batch-size", sequences)
    waiting = max(sequences, case.spec.whole("workload.concurrency") or 0)
    if waiting > WAITING:
        settings.set("max-concurrent-requests", waiting)


def memory(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The plan's share of the device: TGI takes nine tenths of what it is told for itself."""
    if case.spec.upper("limits.memory") is None and case.spec.word("defaults") == "runtime":
        return
    share = float(planned(case).memory_fraction)
    settings.set("cuda-memory-fraction", min(1.0, int(share / ROOM * 1000 + 0.5) / 1000))
    if share > ROOM:
        settings.env["TGI_WIGGLE_ROOM"] = f"{min(share, 0.999):.3f}".rstrip("0")


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Tokens looked up in what was said before."""
    draft = drafting(case, values)
    if draft is not None:
        settings.set("speculate", draft.tokens)


def captured(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Sizes of captured batches with commas; 0 for none."""
    sizes = values.get("graphs.sizes")
    if values.get("graphs.capture") == "off":
        settings.set("cuda-graphs", "0")
    elif sizes:
        settings.set("cuda-graphs", ",".join(str(size) for size in sizes))


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """All adapters in one word, by name and folder."""
    words = [f"{adapter.name}={local_path(adapter)}" for adapter in case.spec.adapters]
    if words:
        settings.set("lora-adapters", ",".join(words))


def key(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The key goes by its variable, so that no command line shows it."""
    name = key_variable(case)
    if name and name != KEY:
        settings.env[KEY] = f"${{{name}}}"


WRITERS: dict[str, Writer] = {
    "weights": weights,
    "parallel": parallel,
    "batch": batch,
    "memory": memory,
    "speculative": speculative,
    "captured": captured,
    "lora": lora,
    "key": key,
}
