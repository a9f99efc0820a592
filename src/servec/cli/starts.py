"""What is wrong with a spec and yet does not keep a launch line from starting: it is warned of."""

from __future__ import annotations

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic

IGNORES = ("sglang",)
"""Runtimes that say nothing of a variable with their prefix that they do not know.

sglang 0.5.12.post1 and 0.5.23 srt/environ.py reads each by its name; vLLM looks through all.
"""
SHORT = {"sglang": "the cache takes what is left, and longer requests are refused one by one"}
"""Runtimes that start with a cache of less than one context.

sglang 0.5.12.post1 and 0.5.23 srt/model_executor/pool_configurator.py: only a pool of no tokens is
refused; srt/managers/scheduler.py: max_req_len is the least of the context and the pool.
"""


def started(item: Diagnostic, runtime: str) -> Diagnostic:
    """The finding as it stands for a launch line of the runtime."""
    if item.severity != "error":
        return item
    if item.code == "SRV201" and runtime in IGNORES and " reads no variable " in item.title:
        return replace(item, severity="warning")
    if item.code == "SRV307" and runtime in SHORT and _cache_alone(item):
        from servec.dsl.diagnostic import Figure

        figures = (*item.figures, Figure("why", None, SHORT[runtime]))
        title = item.title.replace("does not fit", "does not hold the context")
        return replace(item, severity="warning", title=title[:100], figures=figures)
    return item


def _cache_alone(item: Diagnostic) -> bool:
    """Whether all but the cache fits."""
    sums = {figure.name: figure.value for figure in item.figures}
    kv, needed, usable = (sums.get(name) for name in ("kv", "needed", "usable"))
    if not isinstance(kv, int) or not isinstance(needed, int) or not isinstance(usable, int):
        return False
    return needed - kv < usable
