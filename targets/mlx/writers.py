"""The fields of the portable table that take more than a row in mlx-lm."""

from __future__ import annotations

from servec.compiler.target import Step
from servec.targets.shared.effective import planned
from servec.targets.shared.hub_files import FOLDER, pinned, slug
from servec.targets.shared.left_open import leaves_open
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

MB = 10**6
PROMPTS = 8
"""Prompts that are read at a time unasked (mlx-lm 0.32.2 option table, prompt-concurrency)."""


def model_path(case: Case) -> tuple[str, tuple[Step, ...]]:
    """What the server is given as its model, and the steps that make it.

    `mlx_lm.convert` quantises from the hub by itself, but takes no revision; neither does the
    server (mlx-lm 0.32.2 convert.py, server.py). Both are given a folder then.
    """
    plan = planned(case)
    path, steps = pinned(case)
    if plan.load != "convert":
        return path, steps
    makes = f"{FOLDER}/{slug(path)}-{plan.weights_word}"
    bits = plan.weights_word.removeprefix("mlx")
    words = ("mlx_lm.convert", "--hf-path", path, "--mlx-path", makes, "-q", "--q-bits", bits)
    needs = (path,) if steps else ()
    name = f"quantize-{slug(plan.checkpoint)}"
    return makes, (*steps, Step(name, "quantize", words, makes=(makes,), needs=needs))


def model(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The model by repository or by folder."""
    settings.set("model", model_path(case)[0])


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Over several ranks the model is cut, unless it is spread by layers."""
    if planned(case).degrees.pipeline > 1:
        settings.set("pipeline", True)


def batch(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Answers under way, and prompts read at a time, which need no more."""
    sequences = planned(case).max_seqs
    if sequences:
        settings.set("decode-concurrency", sequences)
        settings.set("prompt-concurrency", min(PROMPTS, sequences))


def memory(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """What the plan leaves after one context: old prompts beyond that would push it out."""
    found = case.memory
    if found is None or found.budget is None or leaves_open(case.spec):
        return
    spare = found.kv_pool - found.needed_kv - found.band
    settings.set("prompt-cache-bytes", f"{max(0, spare) // MB}MB")


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """The draft model and how many tokens it proposes."""
    draft = drafting(case, values)
    if draft is not None:
        settings.set("draft-model", draft.model)
        settings.set("num-draft-tokens", draft.tokens)


WRITERS: dict[str, Writer] = {
    "model": model,
    "parallel": parallel,
    "batch": batch,
    "memory": memory,
    "speculative": speculative,
}
