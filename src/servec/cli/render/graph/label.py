"""What a drawing says of a step."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.steps.node import Node

KINDS = {"quantize": "quantise", "probe": "one real request", "bench": "load test"}


def label(node: Node) -> tuple[str, str]:
    """The name, and what it is and makes."""
    what = KINDS.get(node.kind, node.kind)
    if node.serves and node.role not in ("", node.kind):
        what = node.role
    if node.node_rank:
        what += f", node {node.node_rank}"
    made = ", ".join(node.makes if node.works else [m.rpartition("/")[2] for m in node.makes])
    return node.name, f"{what}: {made}" if made else what
