"""A JSON object where a value stands, as options of runtimes take it (part of SRV009)."""

from __future__ import annotations

from servec.dsl.checks.srv009_unexpected import finding
from servec.dsl.diagnostic import Edit, Fix, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.unexpected import Unexpected

LONGEST = 2000
"""Characters of an object that is rewritten: a longer one is no slip."""


def json_object(here: Unexpected) -> Diagnostic:
    """`compilation-config = {"cudagraph_mode": "FULL"}`."""
    gap = Span(here.parser.path, here.span(-2).end, here.span(0, closing(here)).end)
    block = _block(here.tokens.text[here.span().start : gap.end])
    fixes = (Fix("write it as a block", (Edit(gap, f" {block}"),)),) if block else ()
    title = "an object of JSON is written as a block, with `=` for each `:`"
    return finding(title, here.span(-1), "no relation stands before a block", fixes)


def closing(here: Unexpected) -> int:
    """How many tokens on the brace closes that opens here; 0 where none does."""
    kinds, depth, step = here.tokens.kinds, 0, 0
    while here.at + step < len(kinds) - 1:
        depth += (here.kind(step) == "{") - (here.kind(step) == "}")
        if not depth:
            return step
        step += 1
    return 0


def _block(text: str) -> str:
    """The object as a block; "" where it is none, or holds what no block says."""
    import json

    if len(text) > LONGEST:
        return ""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    return _written(value) if isinstance(value, dict) else ""


def _written(value: dict[str, Any]) -> str:
    import json

    parts = []
    for name, item in value.items():
        if not name.replace("_", "").replace("-", "").isalnum() or item is None:
            return ""
        inside = _written(item) if isinstance(item, dict) else f"= {json.dumps(item)}"
        if not inside:
            return ""
        parts.append(f"{name} {inside}")
    return "{ " + "; ".join(parts) + " }" if parts else ""
