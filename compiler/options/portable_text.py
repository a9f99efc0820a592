"""A value of a portable field as a spec writes it, with its unit."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.compiler.options.values import written
from servec.dsl.wording import in_quotes

TOKENS = ("limits.context", "limits.batched_tokens", "limits.chunk", "cache.block")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")
COUNTS = ("limits.batch", "limits.threads")
STRINGS = ("api.host", "api.name", "api.template", "api.prefix", "observe.traces")
STRINGS_ALSO = (
    "comm.devices",
    *("checkpoint.repo", "checkpoint.revision", "checkpoint.tokenizer", "checkpoint.file"),
    *("checkpoint.projector", "features.tools_plugin", "features.reasoning_plugin", "media.path"),
)
SHARES = ("limits.memory", "limits.static_memory", "limits.cache_memory", "media.pruning")
BYTES = ("offload.weights", "media.cache")


def portable_text(path: str, value: object) -> str:
    """How a spec writes `value` at `path`; "" where the unit or the kind is in doubt."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        return _number(path, Fraction(value))
    if not isinstance(value, str):
        return ""
    if path in STRINGS or path in STRINGS_ALSO:
        return in_quotes(value) if value.isprintable() else ""
    return value if _WORD.fullmatch(value) else ""


def _number(path: str, value: Fraction) -> str:
    if path in SHARES:
        return f"{written(value * 100)}%" if 0 < value <= 1 else ""
    if path in BYTES:
        return ""
    if path in TOKENS:
        return f"{value} tokens" if value.denominator == 1 and value > 0 else ""
    if path.startswith(("limits.", "slo.", "workload.", "lifecycle.")) and path not in COUNTS:
        return ""
    return written(value) if value >= 0 else ""
