"""What a runtime takes for a value that a launch line leaves open, where that may refuse it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.targets.shared.importing.read import Wish

FROM_CONFIG = {"vllm": ("max-model-len", "hf-overrides", "hf-config-path", "config")}
"""Runtimes that set aside the whole context of the config, unless one of these says otherwise.

vllm 0.33.0 vllm/v1/core/kv_cache_utils.py _check_enough_kv_cache_memory: one sequence of
`max_model_len`, by default the config's, has to fit.
"""

WHOLE = {"llamacpp": ("ctx-size", "parallel", "kv-unified")}
"""Options of which 0 asks for the whole context, which so many slots share, unless all have it.

llama.cpp b11549 common/arg.cpp --ctx-size: 0 = loaded from model, and then nothing shortens it.
"""


def unstated_context(wish: Wish, words: Sequence[str]) -> int:
    """The context that the runtime takes from the model's config; 0 where a line says another."""
    from servec.cli.sources import DiskSources
    from servec.compiler.catalogue.assumed import assumed
    from servec.compiler.catalogue.models import find_model
    from servec.targets.shared.importing.head import model_literal
    from servec.targets.shared.importing.read import model_of
    from servec.targets.shared.importing.said import said
    from servec.targets.shared.table import load_table

    options = FROM_CONFIG.get(wish.runtime, ())
    found = said(load_table(wish.runtime, wish.version), words)
    parts = 1
    whole, slots, shared = WHOLE.get(wish.runtime, ("", "", ""))
    if whole and found.options.get(whole) == 0:
        stated = found.options.get(slots)
        if isinstance(stated, int) and stated > 0 and found.options.get(shared) is not True:
            parts = stated
    elif not options or any(name in found.options for name in options):
        return 0
    name = model_of(found)
    literal = model_literal(name).strip('"')
    model = find_model(name) or find_model(literal, DiskSources()) or assumed(literal)
    return model.max_context // parts if model is not None else 0
